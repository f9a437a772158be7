-- The rows of one table that touch the tile: the largest ones first, as many as a tile takes. Geometries are made
-- behind the limit, since they cost much: so they are for those rows only.
--
-- Placeholders
--   columns       names of the attributes, and tile_key: the feature id
--   geometries    geometries in the tile's own units, null where nothing of them is in the tile
--   cut           the outline in the tile
--   found         the attributes, tile_key, and what the geometries are made of
--   touches       comparison with the index
--   conditions    what the client asked for
--   size          what is large; key_column breaks ties
--   max_features  how many rows
{name} AS (
    SELECT {columns}, {geometries}
    FROM (
        SELECT {columns}, tile_point, is_drawn, {cut} AS tile_shape
        FROM (
            SELECT {found}
            FROM publication.{table}
            WHERE {touches}{conditions}
            ORDER BY {size} DESC NULLS LAST, {key_column}
            LIMIT {max_features}
        ) AS found
        OFFSET 0 -- it is cut once, and not each time that it is named
    ) AS made
)
