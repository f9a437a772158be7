-- What a sketch map of a municipality is about: its outline or point and its areas, those that it shares included.
-- No row where nothing of it has a place. A town without areas is shown among its neighbours.
-- Parameter  ags  text
SELECT own, (ST_XMin(box) + ST_XMax(box)) / 2 AS cx, (ST_YMin(box) + ST_YMax(box)) / 2 AS cy,
       greatest((ST_XMax(box) - ST_XMin(box)) * 0.56, (ST_YMax(box) - ST_YMin(box)) * 0.56 / 0.75,
                CASE WHEN own = '{}' THEN 8000 ELSE 1500 END) AS half
FROM (
    SELECT coalesce(array_agg(area_id) FILTER (WHERE area_id IS NOT NULL), '{}') AS own,
           ST_Extent(geom) AS box
    FROM (
        SELECT area_id, geom FROM publication.programme_area WHERE ags_all @> ARRAY[CAST(:ags AS text)]
        UNION ALL
        SELECT NULL, geom FROM publication.municipality WHERE ags = :ags
    ) AS parts
) AS town
WHERE box IS NOT NULL
