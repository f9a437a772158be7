-- Find the stored areas, and give each field that the file lacks the value that is stored. From here on the
-- rows say how everything shall be.
-- Parameters: present text[], names of the fields that the file brings; cut integer, length in bytes from which
-- a text may have been cut off by the file's format (null: never).
UPDATE import_row AS r SET
    area_no = a.area_no,
    is_new = false,
    name = CASE WHEN 'name' = ANY (p.fields) THEN pg_temp.import_text(r.name, n.name, p.cut) ELSE n.name END,
    name_changed = 'name' = ANY (p.fields) AND pg_temp.import_text(r.name, n.name, p.cut) IS DISTINCT FROM n.name,
    name_day = greatest(n.valid_from, current_date),
    ags = CASE WHEN 'ags' = ANY (p.fields) THEN r.ags ELSE town.leading END,
    ags_all = CASE
        WHEN 'ags_all' = ANY (p.fields) THEN r.ags_all
        WHEN 'ags' = ANY (p.fields) AND r.ags IS DISTINCT FROM town.leading
            THEN r.ags || array_remove(array_remove(town.keys, town.leading), r.ags)
        ELSE town.keys
    END,
    status = CASE WHEN 'status' = ANY (p.fields) THEN r.status ELSE a.status END,
    stage = CASE WHEN 'stage' = ANY (p.fields) THEN r.stage ELSE a.stage END,
    start_date = CASE WHEN 'start_date' = ANY (p.fields) THEN r.start_date ELSE a.start_date END,
    end_date = CASE WHEN 'end_date' = ANY (p.fields) THEN r.end_date ELSE a.end_date END,
    -- A new day brings its year along.
    start_year = CASE
        WHEN 'start_year' = ANY (p.fields) THEN r.start_year
        WHEN 'start_date' = ANY (p.fields) AND r.start_date IS NOT NULL THEN NULL
        ELSE a.start_year
    END,
    end_year = CASE
        WHEN 'end_year' = ANY (p.fields) THEN r.end_year
        WHEN 'end_date' = ANY (p.fields) AND r.end_date IS NOT NULL THEN NULL
        ELSE a.end_year
    END,
    resolution_date =
        CASE WHEN 'resolution_date' = ANY (p.fields) THEN r.resolution_date ELSE a.resolution_date END,
    concept = CASE
        WHEN 'concept' = ANY (p.fields) THEN pg_temp.import_text(r.concept, a.concept, p.cut)
        ELSE a.concept
    END,
    concept_url = CASE
        WHEN 'concept_url' = ANY (p.fields) THEN pg_temp.import_text(r.concept_url, a.concept_url, p.cut)
        ELSE a.concept_url
    END,
    population = CASE WHEN 'population' = ANY (p.fields) THEN r.population ELSE a.population END,
    attr_basis = CASE WHEN 'attr_basis' = ANY (p.fields) THEN r.attr_basis ELSE a.attr_basis END,
    geom_basis = CASE WHEN 'geom_basis' = ANY (p.fields) THEN r.geom_basis ELSE b.geom_basis END,
    geom_source = CASE
        WHEN 'geom_source' = ANY (p.fields) THEN pg_temp.import_text(r.geom_source, b.source, p.cut)
        ELSE b.source
    END,
    licence = CASE
        WHEN 'licence' = ANY (p.fields) THEN pg_temp.import_text(r.licence, b.licence, p.cut)
        ELSE b.licence
    END,
    boundary_day = greatest(b.valid_from, current_date),
    shape_changed = coalesce(NOT r.geom OPERATOR(public.=) b.geom, true),
    programmes_missing = NOT EXISTS (SELECT FROM registry.programme_period AS pp WHERE pp.area_no = a.area_no)
FROM (SELECT CAST(:present AS text[]) AS fields, CAST(:cut AS integer) AS cut) AS p
CROSS JOIN registry.programme_area AS a
LEFT JOIN registry.area_name AS n ON n.area_no = a.area_no AND n.valid_to IS NULL
LEFT JOIN registry.boundary AS b ON b.area_no = a.area_no AND b.valid_to IS NULL
LEFT JOIN LATERAL (
    SELECT array_agg(m.ags ORDER BY m.is_leading DESC, m.ags) AS keys, max(m.ags) FILTER (WHERE m.is_leading) AS leading
    FROM registry.area_municipality AS m WHERE m.area_no = a.area_no
) AS town ON true
WHERE a.area_id = r.area_id
