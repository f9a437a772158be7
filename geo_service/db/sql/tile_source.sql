-- The rows of one table that touch the tile: the largest ones first, as many as a tile takes. Keys alone, since
-- sorting rows with their shapes would go by way of the disk.
--
-- Placeholders
--   size          what is large; key_column breaks ties
--   touches       comparison with the index
--   conditions    what the client asked for
-- Parameters
--   max_features  int
{name} AS MATERIALIZED (
    SELECT {key_column}, {size} AS size
    FROM publication.{table}
    WHERE {touches}{conditions}
    ORDER BY size DESC NULLS LAST, {key_column}
    LIMIT %(max_features)s
)
