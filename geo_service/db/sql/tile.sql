-- One vector tile: its layers one after the other, which is how the format joins them.
--
-- Placeholders {…} are filled by db/tiles.py, with names of its own and never with what a client wrote.
--   rows      what is in the tile: for each table a run of tile_rows.sql
--   layers    for each layer the name of its rows, joined by ||: a run of tile_layer.sql
-- Parameters; boxes are texts, BOX(west south,east north)
--   search         box2d   tile with its buffer, in the CRS whose index is read
--   to_x, to_y     float8  what brings the tile's north-western corner to 0 0, in units of the grid's CRS
--   units          float8  units of the tile's grid in one unit of the grid's CRS
--   profiles_url   text    address of the profiles
-- where there are finished shapes (registry.tile_shapes)
--   element        int     the one for the tile's level
--   left, top      float8  what brings the tile's north-western corner to 0 0, in units of the tile's grid
-- where it is known which cuts are valid (registry.valid_cuts)
--   level_bit      int     the one of the tile's level; 0: nothing is known of such tiles
-- and where there are no finished shapes
--   envelope       box2d   tile, in the grid's CRS
--   step           float8  distance of the lines that outlines keep to, and longer side of the smallest outline that is
--                          drawn as such, in units of the grid's CRS
--   lines          int     the same distance, in units of the tile
-- Returns one row
--   mvt      bytea   Mapbox Vector Tile 2.1; empty: no feature
--   version  bigint  dataset version
WITH {rows}
SELECT
    {layers} AS mvt,
    (SELECT version FROM publication.dataset) AS version
