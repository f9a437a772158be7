-- One vector tile: its layers one after the other, which is how the format joins them.
--
-- Placeholders {…} are filled by db/tiles.py, with names of its own and never with what a client wrote.
--   sources   what is in the tile: for each table a run of tile_source.sql
--   layers    for each layer the name of its rows, joined by ||: a run of tile_layer.sql
-- Parameters
--   west, south, east, north                   float8  tile, in units of the grid's CRS
--   search_west, search_south, search_east, search_north
--                                              float8  tile with its buffer, in the CRS whose index is read
-- Returns one row
--   mvt      bytea   Mapbox Vector Tile 2.1; empty: no feature
--   version  bigint  dataset version
WITH tile AS MATERIALIZED (
    SELECT
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {srid}) AS envelope,
        ST_MakeEnvelope(
            %(search_west)s, %(search_south)s, %(search_east)s, %(search_north)s, {index_srid}
        ) AS search
),
{sources}
SELECT
    {layers} AS mvt,
    (SELECT version FROM publication.dataset) AS version
