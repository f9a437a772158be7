-- A plan and the areas around it as SVG path data.
--
-- Parameters
--   plan   bytea   WKB of a polygon in EPSG:25832
--   reach  float8  metres that are in view to each side at least
-- Returns one row; lengths in metres of EPSG:25832 from the middle of the view, y downwards
--   half      half of the view's width (the view is 2 to 1), with a margin of about a quarter
--   plan      the plan's outline
--   areas     json, [area_id, name, status, geom_basis, path] of the areas in view, largest first
--   shared    what areas and plan share
--   places    json, [name, x, y] of municipality points in view
WITH plan AS MATERIALIZED (
    SELECT geom, (ST_XMin(geom) + ST_XMax(geom)) / 2 AS cx, (ST_YMin(geom) + ST_YMax(geom)) / 2 AS cy,
        greatest((ST_XMax(geom) - ST_XMin(geom)) * 0.62, (ST_YMax(geom) - ST_YMin(geom)) * 1.24, :reach) AS half
    FROM ST_GeomFromWKB(:plan, 25832) AS geom
), frame AS MATERIALIZED (
    SELECT *, half / 1600 AS pixel,
        ST_MakeEnvelope(cx - half, cy - half * 0.5, cx + half, cy + half * 0.5, 25832) AS box
    FROM plan
), around AS MATERIALIZED (
    SELECT area.area_id, area.name, area.status, area.geom_basis, area.geom, ST_Area(area.geom) AS m2
    FROM frame JOIN publication.programme_area AS area ON area.geom && frame.box
    ORDER BY m2 DESC LIMIT 100
)
SELECT frame.half,
    ST_AsSVG(ST_Translate(ST_SimplifyPreserveTopology(frame.geom, frame.pixel), -cx, -cy), 0, 1) AS plan,
    (SELECT coalesce(json_agg(json_build_array(area_id, name, status, geom_basis, path)), '[]') FROM (
        SELECT area_id, name, status, geom_basis, ST_AsSVG(ST_Translate(ST_ClipByBox2D(
            ST_SimplifyPreserveTopology(around.geom, frame.pixel), ST_Expand(frame.box, frame.half * 0.1)),
            -cx, -cy), 0, 1) AS path
        FROM around ORDER BY m2 DESC) AS drawn WHERE path <> '') AS areas,
    (SELECT coalesce(ST_AsSVG(ST_Translate(ST_SimplifyPreserveTopology(ST_CollectionExtract(ST_Intersection(
        ST_Union(around.geom), frame.geom), 3), frame.pixel), -cx, -cy), 0, 1), '') FROM around) AS shared,
    (SELECT coalesce(json_agg(json_build_array(name, round(x), round(y))), '[]') FROM (
        SELECT town.name, (ST_X(place) - cx)::numeric AS x, (cy - ST_Y(place))::numeric AS y
        FROM publication.municipality AS town, ST_Transform(town.point_3857, 25832) AS place
        WHERE place && frame.box ORDER BY town.ags LIMIT 25) AS towns) AS places
FROM frame
