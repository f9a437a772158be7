-- Which areas a plan touches, and how much of each.
--
-- Parameters
--   plan          bytea    WKB of a valid MultiPolygon in EPSG:25832
--   sliver_width  float8   metres: a piece that is narrower on average (twice its area by its perimeter) is a sliver
--   with_pieces   boolean  whether the outlines of the pieces are wanted
-- Returns one row; areas in square metres on the ellipsoid (GRS80)
--   plan_m2      of the plan
--   shared_m2    of everything that areas and plan share, each spot once, without slivers
--   official_m2  the same of areas with an official boundary
--   sliver_m2    of all slivers, each spot once
--   areas        json, facts of each area with its area_m2, shared_m2, sliver_m2 and the numbers of pieces and
--                slivers (none of either: only the line is shared), the largest share first
--   pieces       json, {area_id, name, geom_basis, sliver, m2, geometry (GeoJSON in CRS84)}; null where not wanted
WITH plan AS MATERIALIZED (
    SELECT ST_GeomFromWKB(:plan, 25832) AS geom
), touched AS MATERIALIZED (
    SELECT area.*, ST_CollectionExtract(ST_Intersection(area.geom, plan.geom), 3) AS shared
    FROM plan JOIN publication.programme_area AS area ON ST_Intersects(area.geom, plan.geom)
), piece AS MATERIALIZED (
    SELECT touched.area_no, touched.area_id, touched.name, touched.geom_basis, part.geom,
        ST_Area(ST_Transform(part.geom, 4258)::geography) AS m2,
        2 * ST_Area(part.geom) < :sliver_width * ST_Perimeter(part.geom) AS sliver
    FROM touched CROSS JOIN LATERAL ST_Dump(touched.shared) AS part
    WHERE ST_Area(part.geom) > 0
), measured AS (
    SELECT touched.area_id, touched.name, touched.area_no, jsonb_build_object(
        'area_id', touched.area_id, 'name', touched.name, 'municipality', touched.municipality, 'ags', touched.ags,
        'status', touched.status, 'status_de', touched.status_de, 'status_en', touched.status_en,
        'geom_basis', touched.geom_basis, 'attr_basis', touched.attr_basis,
        'area_m2', ST_Area(ST_Transform(touched.geom, 4258)::geography),
        'shared_m2', coalesce(sum(piece.m2) FILTER (WHERE NOT piece.sliver), 0),
        'sliver_m2', coalesce(sum(piece.m2) FILTER (WHERE piece.sliver), 0),
        'pieces', count(*) FILTER (WHERE NOT piece.sliver), 'slivers', count(*) FILTER (WHERE piece.sliver)
    ) AS facts, coalesce(sum(piece.m2) FILTER (WHERE NOT piece.sliver), 0) AS shared_m2
    FROM touched LEFT JOIN piece USING (area_no)
    GROUP BY touched.area_no, touched.area_id, touched.name, touched.municipality, touched.ags, touched.status,
        touched.status_de, touched.status_en, touched.geom_basis, touched.attr_basis, touched.geom
)
SELECT
    (SELECT ST_Area(ST_Transform(geom, 4258)::geography) FROM plan) AS plan_m2,
    coalesce(ST_Area(ST_Transform((SELECT ST_Union(geom) FROM piece WHERE NOT sliver), 4258)::geography), 0)
        AS shared_m2,
    coalesce(ST_Area(ST_Transform(
        (SELECT ST_Union(geom) FROM piece WHERE NOT sliver AND geom_basis = 'official'), 4258)::geography), 0)
        AS official_m2,
    coalesce(ST_Area(ST_Transform((SELECT ST_Union(geom) FROM piece WHERE sliver), 4258)::geography), 0)
        AS sliver_m2,
    (SELECT coalesce(json_agg(facts ORDER BY shared_m2 DESC, name COLLATE "de-x-icu", area_no), '[]') FROM measured)
        AS areas,
    CASE WHEN :with_pieces THEN (
        SELECT coalesce(json_agg(json_build_object(
            'area_id', area_id, 'name', name, 'geom_basis', geom_basis, 'sliver', sliver, 'm2', m2,
            'geometry', ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(geom, 4326)), 7, 0)::json
        ) ORDER BY sliver, area_id, m2 DESC), '[]') FROM piece
    ) END AS pieces
