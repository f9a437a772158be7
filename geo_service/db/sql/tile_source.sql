-- The rows of one table that touch the tile: the largest ones first, as many as a tile takes.
--
-- Placeholders
--   columns       attributes of the layers, and tile_key: the feature id
--   shape, point  columns in the CRS whose index is read
--   size          what is large; key_column breaks ties
--   touches       comparison with the index
--   conditions    what the client asked for
-- Parameters
--   max_features  int
{name} AS MATERIALIZED (
    SELECT
        {columns}, {shape} AS shape, {point} AS point, {size} AS size
    FROM publication.{table}
    WHERE {touches}{conditions}
    ORDER BY size DESC NULLS LAST, {key_column}
    LIMIT %(max_features)s
)
