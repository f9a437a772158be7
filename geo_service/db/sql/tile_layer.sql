-- One layer of a tile, encoded.
--
-- Placeholders
--   source     rows of tile_source.sql
--   columns    attributes, and tile_key: the feature id
--   geom       the geometry in the tile's own units, null where nothing of it is in the tile
--   layer      name of the layer
--   condition  which of the rows the layer takes
-- Parameters
--   extent  int  units of the tile's grid along one side (4096)
-- OFFSET 0 keeps the comparison with null outside, where it does not make the geometry a second time.
(SELECT ST_AsMVT(feature, '{layer}', %(extent)s, 'geom', 'tile_key')
   FROM (
       SELECT {columns}, {geom} AS geom
       FROM {source} JOIN publication.{table} USING ({key_column}) CROSS JOIN tile
       WHERE {condition}
       ORDER BY size DESC NULLS LAST, {key_column}
       OFFSET 0
   ) AS feature
  WHERE geom IS NOT NULL)
