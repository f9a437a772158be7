-- A small map of one area and what lies around it, as SVG path data; everything a page draws without a script.
--
-- Parameters
--   area_id  text  a published area
-- Returns one row, or none; lengths in metres of EPSG:25832 from the middle of the view, y downwards
--   half        half of the view's width: at least 1500, so that a small area is seen among its neighbours; the
--               view is 4 to 3 and leaves a margin of about a fifth
--   path        the boundary, simplified to a quarter of a pixel of a drawing 800 pixels wide
--   neighbours  json, [area_id, name, status, path] of other areas in view, largest first
--   places      json, [name, x, y] of municipality points in view
--   outlines    municipal outlines in view, empty where none are imported
--   locator     a dot per municipality in whole kilometres (the region's silhouette) with its west, north, east, south
--   place_source    where the municipalities come from, at most three sources
--   here_x, here_y  the middle of the view in the same kilometres
WITH area AS (
    SELECT area_id, geom, (ST_XMin(geom) + ST_XMax(geom)) / 2 AS cx, (ST_YMin(geom) + ST_YMax(geom)) / 2 AS cy,
           greatest((ST_XMax(geom) - ST_XMin(geom)) * 0.62,
                    (ST_YMax(geom) - ST_YMin(geom)) * 0.62 / 0.75, 1500) AS half
    FROM publication.programme_area WHERE area_id = :area_id
), frame AS (
    SELECT *, half / 1600 AS pixel,
           ST_MakeEnvelope(cx - half, cy - half * 0.75, cx + half, cy + half * 0.75, 25832) AS box
    FROM area
)
SELECT frame.half,
    ST_AsSVG(ST_Translate(ST_SimplifyPreserveTopology(frame.geom, frame.pixel), -cx, -cy), 0, 0) AS path,
    (SELECT coalesce(json_agg(json_build_array(area_id, name, status, path)), '[]') FROM (
        SELECT other.area_id, other.name, other.status, ST_AsSVG(ST_Translate(ST_ClipByBox2D(
            ST_SimplifyPreserveTopology(other.geom, frame.pixel), ST_Expand(frame.box, frame.half * 0.01)),
            -cx, -cy), 0, 0) AS path
        FROM publication.programme_area AS other
        WHERE other.geom && frame.box AND other.area_id <> frame.area_id
        ORDER BY ST_Area(other.geom) DESC LIMIT 60) AS near WHERE path <> '') AS neighbours,
    (SELECT coalesce(json_agg(json_build_array(name, round(x), round(y))), '[]') FROM (
        SELECT town.name, (ST_X(place) - cx)::numeric AS x, (cy - ST_Y(place))::numeric AS y
        FROM publication.municipality AS town, ST_Transform(town.point_3857, 25832) AS place
        WHERE place && frame.box ORDER BY town.ags LIMIT 40) AS towns) AS places,
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
