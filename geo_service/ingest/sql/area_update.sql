-- Stored areas of which a value changed. A year that follows from a day is not stored a second time, unless it
-- already is. Parameters: present text[].
WITH wanted AS (
    SELECT
        r.area_no, r.status, r.stage,
        r.start_date,
        CASE
            WHEN r.start_date IS NULL THEN r.start_year
            WHEN a.start_year IS NOT NULL THEN extract(year FROM r.start_date)::integer
        END AS start_year,
        r.end_date,
        CASE
            WHEN r.end_date IS NULL THEN r.end_year
            WHEN a.end_year IS NOT NULL THEN extract(year FROM r.end_date)::integer
        END AS end_year,
        r.resolution_date, r.concept, r.concept_url,
        CASE
            WHEN 'area_ha' = ANY (CAST(:present AS text[])) AND r.geom_basis = 'schematic' THEN r.area_ha
            ELSE a.documented_area_ha
        END AS documented_area_ha,
        r.population, r.attr_basis
    FROM import_row AS r
    JOIN registry.programme_area AS a ON a.area_no = r.area_no
    WHERE NOT r.is_new
), changed AS (
    UPDATE registry.programme_area AS a SET
        (status, stage, start_date, start_year, end_date, end_year, resolution_date, concept, concept_url,
         documented_area_ha, population, attr_basis)
        = ROW(w.status, w.stage, w.start_date, w.start_year, w.end_date, w.end_year, w.resolution_date, w.concept,
              w.concept_url, w.documented_area_ha, w.population, w.attr_basis)
    FROM wanted AS w
    WHERE w.area_no = a.area_no
      AND (a.status, a.stage, a.start_date, a.start_year, a.end_date, a.end_year, a.resolution_date, a.concept,
           a.concept_url, a.documented_area_ha, a.population, a.attr_basis)
          IS DISTINCT FROM
          (w.status, w.stage, w.start_date, w.start_year, w.end_date, w.end_year, w.resolution_date, w.concept,
           w.concept_url, w.documented_area_ha, w.population, w.attr_basis)
    RETURNING a.area_no
)
INSERT INTO import_change SELECT area_no FROM changed ON CONFLICT DO NOTHING
