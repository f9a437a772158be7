-- New areas, released at once. Those with the fewest gaps get the first numbers and so come first wherever nobody
-- sorts: clients that guess the types of fields from a few features (QGIS before 3.44 from ten, GDAL from 20) take a
-- number or a date that is missing in all of them for a text. Texts may be missing, they are guessed right.
WITH added AS (
    INSERT INTO registry.programme_area (
        area_id, status, stage, start_date, start_year, end_date, end_year, resolution_date, concept, concept_url,
        documented_area_ha, population, attr_basis, released_at
    )
    SELECT
        r.area_id, r.status, r.stage, r.start_date, r.start_year, r.end_date, r.end_year, r.resolution_date,
        r.concept, r.concept_url, CASE r.geom_basis WHEN 'schematic' THEN r.area_ha END, r.population, r.attr_basis,
        now()
    FROM import_row AS r
    WHERE r.is_new
    ORDER BY num_nulls(
        r.programmes, r.start_date, r.end_date, coalesce(r.start_year, extract(YEAR FROM r.start_date)),
        coalesce(r.end_year, extract(YEAR FROM r.end_date)), r.resolution_date, r.population,
        CASE r.geom_basis WHEN 'schematic' THEN r.area_ha ELSE 0 END
    ), r.row_no
    RETURNING area_no, area_id
)
UPDATE import_row AS r SET area_no = added.area_no FROM added WHERE added.area_id = r.area_id
