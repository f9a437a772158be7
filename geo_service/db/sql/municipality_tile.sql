-- One vector tile of the municipalities: outlines, where they were imported, and points.
--
-- Parameters
--   z, x, y       int   tile of WebMercatorQuad; row y counts from the north
--   extent        int   units of the tile's grid along one side (4096)
--   buffer        int   margin around the tile in units of the grid, for strokes and labels
--   max_features  int   of each layer; largest outlines first, then by key
-- Returns one row
--   mvt      bytea   layers municipalities and municipality-points (feature id: ags as integer); empty: no feature
--   version  bigint  dataset version
WITH tile AS MATERIALIZED (
    SELECT
        ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS envelope,
        ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => %(buffer)s::float8 / %(extent)s) AS search,
        40075016.685578488 / (2.0 ^ %(z)s) / %(extent)s AS unit
),
outline AS MATERIALIZED (
    SELECT
        ags::int AS ags_no, ags, name, district, government_region, outline_3857,
        ST_Area(outline_3857) AS size
    FROM publication.municipality
    WHERE outline_3857 && (SELECT search FROM tile)
    ORDER BY size DESC, ags
    LIMIT %(max_features)s
),
polygon AS (
    SELECT
        ags_no, ags, name, district, government_region,
        coalesce(
            ST_AsMVTGeom(outline_3857, tile.envelope, %(extent)s, %(buffer)s, true),
            ST_AsMVTGeom(
                ST_Expand(ST_PointOnSurface(outline_3857), tile.unit), tile.envelope, %(extent)s, %(buffer)s, true
            )
        ) AS geom
    FROM outline CROSS JOIN tile
    ORDER BY size DESC, ags
),
point AS (
    SELECT
        ags::int AS ags_no, ags, name, district, government_region,
        ST_AsMVTGeom(
            point_3857, (SELECT envelope FROM tile), %(extent)s, %(buffer)s, true
        ) AS geom
    FROM publication.municipality
    WHERE point_3857 && (SELECT search FROM tile)
    ORDER BY ags
    LIMIT %(max_features)s
)
SELECT
    (SELECT ST_AsMVT(polygon, 'municipalities', %(extent)s, 'geom', 'ags_no')
       FROM polygon WHERE geom IS NOT NULL)
    || (SELECT ST_AsMVT(point, 'municipality-points', %(extent)s, 'geom', 'ags_no')
          FROM point WHERE geom IS NOT NULL) AS mvt,
    (SELECT version FROM publication.dataset) AS version
