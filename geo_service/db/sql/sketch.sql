-- A small map of what a frame is about and of what lies around it, as SVG path data; a page draws it without a script.
--
-- The frame is sketch_of_area.sql or sketch_of_town.sql: own (area_ids), cx, cy (the middle), half (of the view's width)
-- Returns one row, or none; lengths in metres of EPSG:25832 from the middle of the view, y downwards
--   half        half of the view's width; the view is 4 to 3 and leaves a margin
--   own, neighbours  json, [area_id, name, status, geom_basis, path, x, y, size] of the areas that the map is about, and
--               of others in view, largest first; simplified to a quarter of a pixel of a drawing 800 pixels wide; x, y
--               of the label point, size of the longer side
--   places      json, [name, x, y] of the municipality points in view that are next to the middle
--   outlines    municipal outlines in view, empty where none are imported
--   locator     a dot per municipality in whole kilometres (the region's silhouette) with its west, north, east, south
--   place_source    where the municipalities come from, at most three sources
--   here_x, here_y  the middle of the view in the same kilometres
WITH frame AS MATERIALIZED (
    SELECT *, half / 1600 AS pixel,
           ST_MakeEnvelope(cx - half, cy - half * 0.75, cx + half, cy + half * 0.75, 25832) AS box
    FROM ({{frame}}) AS subject
), area AS MATERIALIZED (
    SELECT true AS is_own, area_id, name, status, geom_basis, geom, label_point
    FROM frame JOIN publication.programme_area ON area_id = ANY (own)
    UNION ALL
    (SELECT false, area_id, name, status, geom_basis, geom, label_point
     FROM frame JOIN publication.programme_area ON geom && box AND area_id <> ALL (own)
     ORDER BY ST_Area(geom) DESC LIMIT 60)
), drawn AS MATERIALIZED (
    SELECT is_own, ST_Area(geom) AS m2, path, json_build_array(area_id, name, status, geom_basis, path,
        round((ST_X(label_point) - cx)::numeric), round((cy - ST_Y(label_point))::numeric),
        round(greatest(ST_XMax(geom) - ST_XMin(geom), ST_YMax(geom) - ST_YMin(geom))::numeric)) AS facts
    FROM frame, area, ST_SimplifyPreserveTopology(geom, pixel) AS simple,
        ST_AsSVG(ST_Translate(
            CASE WHEN is_own THEN simple ELSE ST_ClipByBox2D(simple, ST_Expand(box, half * 0.01)) END,
            -cx, -cy), 0, 0) AS path
)
SELECT frame.half,
    (SELECT coalesce(json_agg(facts ORDER BY m2 DESC), '[]') FROM drawn WHERE is_own) AS own,
    (SELECT coalesce(json_agg(facts ORDER BY m2 DESC), '[]') FROM drawn WHERE NOT is_own AND path <> '') AS neighbours,
    (SELECT coalesce(json_agg(json_build_array(name, round(x), round(y))), '[]') FROM (
        SELECT town.name, (ST_X(place) - cx)::numeric AS x, (cy - ST_Y(place))::numeric AS y
        FROM publication.municipality AS town, ST_Transform(town.point_3857, 25832) AS place
        WHERE place && frame.box ORDER BY place <-> ST_Centroid(frame.box), town.ags LIMIT 12) AS towns) AS places,
    (SELECT coalesce(string_agg(path, ' '), '') FROM (
        SELECT ST_AsSVG(ST_Translate(ST_ClipByBox2D(ST_Boundary(town.geom),
            ST_Expand(frame.box, frame.half * 0.1)), -cx, -cy), 0, 0) AS path
        FROM publication.municipality AS town
        WHERE town.geom && frame.box AND ST_Dimension(town.geom) = 2 LIMIT 40) AS borders) AS outlines,
    (SELECT coalesce(string_agg(source, '; '), '') FROM (
        SELECT split_part(source, ';', 1) AS source FROM publication.municipality
        WHERE source IS NOT NULL AND attr_basis <> 'fictional'
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 3) AS named) AS place_source,
    silhouette.*, frame.cx / 1000 AS here_x, -frame.cy / 1000 AS here_y
FROM frame, (
    SELECT coalesce(string_agg(format('M%s %sh0', round(x), round(y)), ''), '') AS locator,
           min(x) AS west, min(y) AS north, max(x) AS east, max(y) AS south
    FROM (
        SELECT (ST_X(place) / 1000)::numeric AS x, (-ST_Y(place) / 1000)::numeric AS y
        FROM publication.municipality AS town, ST_Transform(town.point_3857, 25832) AS place
        WHERE town.attr_basis <> 'fictional' AND place IS NOT NULL ORDER BY town.ags LIMIT 2000) AS dots
) AS silhouette
