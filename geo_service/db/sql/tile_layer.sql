-- One layer of a tile, encoded.
--
-- Placeholders
--   rows      rows of tile_rows.sql
--   columns   names of the attributes, and tile_key
--   geometry  name of the layer's geometry
--   layer     name of the layer
--   extent    units of the tile's grid along one side (4096)
(SELECT ST_AsMVT(feature, '{layer}', {extent}, '{geometry}', 'tile_key')
   FROM (SELECT {columns}, {geometry} FROM {rows} WHERE {geometry} IS NOT NULL) AS feature)
