-- One layer of a tile, encoded.
--
-- Placeholders
--   source     rows of tile_source.sql
--   columns    attributes and tile_key
--   geom       the geometry in the tile's own units, null where nothing of it is in the tile
--   layer      name of the layer
--   condition  which of the rows the layer takes
-- Parameters
--   extent  int  units of the tile's grid along one side (4096)
(SELECT ST_AsMVT(feature, '{layer}', %(extent)s, 'geom', 'tile_key')
   FROM (
       SELECT {columns}, {geom} AS geom
       FROM {source} CROSS JOIN tile
       WHERE {condition}
       ORDER BY size DESC NULLS LAST, tile_key
   ) AS feature
  WHERE geom IS NOT NULL)
