-- Which areas hold each of many places, and which are the nearest.
--
-- Parameters
--   xs, ys   float8[]  eastings and northings in EPSG:25832, one pair per place
--   nearest  integer   how many areas to name where none surely holds the place
-- Returns one row per place, in the order asked
--   n      from 1
--   lon, lat  of the place, degrees (ETRS89)
--   town, in_town  the municipality whose outline holds the place, else the one whose point is next to it
--   holding  json, facts of the areas with an official boundary that holds the place (its line included)
--   near   json, the same facts with distance_m on the ellipsoid (GRS80), nearest first: where none holds the
--          place the next areas, else only schematic ones that it may lie in as well
-- The index gives candidates by distance in the plane. Its scale varies by less than a thousandth over North
-- Rhine-Westphalia: only what may be among the nearest on the ellipsoid is measured there, since that costs most.
WITH asked AS MATERIALIZED (
    SELECT n, place, ST_Transform(place, 4258)::geography AS spot
    FROM unnest(CAST(:xs AS float8[]), CAST(:ys AS float8[])) WITH ORDINALITY AS pair (x, y, n),
        ST_SetSRID(ST_MakePoint(x, y), 25832) AS place
), holding AS MATERIALIZED (
    SELECT asked.n, area.area_no
    FROM asked JOIN publication.programme_area AS area ON ST_Intersects(area.geom, asked.place)
    WHERE area.geom_basis = 'official'
), near AS MATERIALIZED (
    SELECT asked.n, close.area_no, close.distance_m
    FROM asked CROSS JOIN LATERAL (
        SELECT area_no, ST_Distance(asked.spot, ST_Transform(geom, 4258)::geography) AS distance_m
        FROM (
            SELECT area_no, geom, away, nth_value(away, :nearest) OVER (
                ORDER BY away, area_no ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS limit_
            FROM (
                SELECT area_no, geom, geom <-> asked.place AS away FROM publication.programme_area
                ORDER BY geom <-> asked.place LIMIT :nearest + 9
            ) AS candidate
        ) AS candidate
        WHERE limit_ IS NULL OR away <= limit_ * 1.002
        ORDER BY distance_m, area_no LIMIT :nearest
    ) AS close
    WHERE NOT EXISTS (SELECT FROM holding WHERE holding.n = asked.n)
    UNION ALL
    SELECT asked.n, area.area_no, ST_Distance(asked.spot, ST_Transform(area.geom, 4258)::geography)
    FROM asked JOIN publication.programme_area AS area ON ST_DWithin(area.geom, asked.place, 50)
    WHERE area.geom_basis = 'schematic' AND EXISTS (SELECT FROM holding WHERE holding.n = asked.n)
), fact AS MATERIALIZED (
    SELECT area_no, name, jsonb_build_object(
        'area_id', area_id, 'name', name, 'municipality', municipality, 'ags', ags, 'status', status,
        'status_de', status_de, 'status_en', status_en, 'stage', stage, 'programme', programme,
        'start_date', start_date, 'end_date', end_date, 'start_year', start_year, 'end_year', end_year,
        'geom_basis', geom_basis, 'attr_basis', attr_basis
    ) AS facts
    FROM publication.programme_area
    WHERE area_no IN (SELECT area_no FROM holding UNION SELECT area_no FROM near)
)
SELECT asked.n, ST_X(asked.spot::geometry) AS lon, ST_Y(asked.spot::geometry) AS lat,
    town.name AS town, coalesce(town.holds, false) AS in_town,
    (SELECT coalesce(json_agg(fact.facts ORDER BY fact.name COLLATE "de-x-icu", area_no), '[]')
     FROM holding JOIN fact USING (area_no) WHERE holding.n = asked.n) AS holding,
    (SELECT coalesce(json_agg(
        fact.facts || jsonb_build_object('distance_m', near.distance_m) ORDER BY near.distance_m, area_no), '[]')
     FROM near JOIN fact USING (area_no) WHERE near.n = asked.n) AS near
FROM asked LEFT JOIN LATERAL (
    SELECT name, ST_Dimension(geom) = 2 AND ST_Intersects(geom, asked.place) AS holds
    FROM publication.municipality WHERE attr_basis <> 'fictional' AND geom IS NOT NULL
    ORDER BY geom <-> asked.place LIMIT 1
) AS town ON true
ORDER BY asked.n
