-- One vector tile of the programme areas: polygons and label points.
--
-- Parameters
--   z, x, y       int   tile of WebMercatorQuad; row y counts from the north
--   extent        int   units of the tile's grid along one side (4096)
--   buffer        int   margin around the tile in units of the grid, for strokes and labels
--   max_features  int   largest areas first, the rest is left out
-- Returns one row
--   mvt      bytea   layers programme-areas and programme-area-points (feature id: area_no); empty: no feature
--   version  bigint  dataset version
--
-- ST_AsMVTGeom drops a polygon that is smaller than a unit of the grid. Such an area is kept as a square of
-- two units around its label point, so that it is still there at low zooms.
WITH tile AS MATERIALIZED (
    SELECT
        ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS envelope,
        ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => %(buffer)s::float8 / %(extent)s) AS search,
        40075016.685578488 / (2.0 ^ %(z)s) / %(extent)s AS unit
),
area AS MATERIALIZED (
    SELECT
        area_no, area_id, name, municipality, ags, status, status_de, status_en, stage, programme,
        start_year, end_year, geom_basis, attr_basis, sections, geom_3857, label_3857,
        ST_Area(geom_3857) AS size
    FROM publication.programme_area
    WHERE geom_3857 && (SELECT search FROM tile)
    ORDER BY size DESC, area_no
    LIMIT %(max_features)s
),
polygon AS (
    SELECT
        area_no, area_id, name, municipality, ags, status, status_de, status_en, stage, programme,
        start_year, end_year, geom_basis, attr_basis, sections,
        coalesce(
            ST_AsMVTGeom(geom_3857, tile.envelope, %(extent)s, %(buffer)s, true),
            ST_AsMVTGeom(ST_Expand(label_3857, tile.unit), tile.envelope, %(extent)s, %(buffer)s, true)
        ) AS geom
    FROM area CROSS JOIN tile
    ORDER BY size DESC, area_no
),
label AS (
    SELECT
        area_no, area_id, name, municipality, ags, status, status_de, status_en, stage, programme,
        start_year, end_year, geom_basis, attr_basis, sections,
        ST_AsMVTGeom(label_3857, tile.envelope, %(extent)s, %(buffer)s, true) AS geom
    FROM area CROSS JOIN tile
    WHERE label_3857 && tile.search
    ORDER BY size DESC, area_no
)
SELECT
    (SELECT ST_AsMVT(polygon, 'programme-areas', %(extent)s, 'geom', 'area_no')
       FROM polygon WHERE geom IS NOT NULL)
    || (SELECT ST_AsMVT(label, 'programme-area-points', %(extent)s, 'geom', 'area_no')
          FROM label WHERE geom IS NOT NULL) AS mvt,
    (SELECT version FROM publication.dataset) AS version
