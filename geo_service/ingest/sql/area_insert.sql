-- New areas, released at once.
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
    ORDER BY r.row_no
    RETURNING area_no, area_id
)
UPDATE import_row AS r SET area_no = added.area_no FROM added WHERE added.area_id = r.area_id
