-- What a sketch map of one area is about: no row unless the area is published.
-- Parameter  area_id  text
SELECT ARRAY[area_id] AS own, (ST_XMin(geom) + ST_XMax(geom)) / 2 AS cx, (ST_YMin(geom) + ST_YMax(geom)) / 2 AS cy,
       greatest((ST_XMax(geom) - ST_XMin(geom)) * 0.62, (ST_YMax(geom) - ST_YMin(geom)) * 0.62 / 0.75, 1500) AS half
FROM publication.programme_area WHERE area_id = :area_id
