-- One vector tile: its layers one after the other, which is how the format joins them.
--
-- Placeholders {…} are filled by db/tiles.py, with names of its own and never with what a client wrote.
--   rows      what is in the tile: for each table a run of tile_rows.sql
--   layers    for each layer the name of its rows, joined by ||: a run of tile_layer.sql
-- Parameters
--   west, south, east, north                   float8  tile, in units of the grid's CRS
--   unit, step                                 float8  unit of the tile's grid, and distance of the lines that
--                                                      outlines keep to, in units of the grid's CRS
--   least                                      float8  longer side of the smallest outline that is drawn as such,
--                                                      in units of the CRS whose index is read
--   extent, buffer                             int     units along one side (4096), and of the margin for strokes
--   search_west, search_south, search_east, search_north
--                                              float8  tile with its buffer, in the CRS whose index is read
-- Returns one row
--   mvt      bytea   Mapbox Vector Tile 2.1; empty: no feature
--   version  bigint  dataset version
WITH {rows}
SELECT
    {layers} AS mvt,
    (SELECT version FROM publication.dataset) AS version
