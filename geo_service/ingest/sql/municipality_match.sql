-- Find the stored municipalities, and give each field that the file lacks the value that is stored.
-- Parameters: present text[], names of the fields that the file brings; cut integer, length in bytes from which
-- a text may have been cut off by the file's format (null: never).
UPDATE import_row AS r SET
    is_new = false,
    name = CASE
        WHEN 'name' = ANY (p.fields) THEN pg_temp.import_text(r.name, m.name, p.cut)
        ELSE m.name
    END,
    district = CASE
        WHEN 'district' = ANY (p.fields) THEN pg_temp.import_text(r.district, m.district, p.cut)
        ELSE m.district
    END,
    government_region = CASE
        WHEN 'government_region' = ANY (p.fields)
            THEN pg_temp.import_text(r.government_region, m.government_region, p.cut)
        ELSE m.government_region
    END,
    participation = CASE WHEN 'participation' = ANY (p.fields) THEN r.participation ELSE m.participation END,
    attr_basis = CASE WHEN 'attr_basis' = ANY (p.fields) THEN r.attr_basis ELSE m.attr_basis END,
    source = CASE
        WHEN 'source' = ANY (p.fields) THEN pg_temp.import_text(r.source, m.source, p.cut)
        ELSE m.source
    END,
    licence = CASE
        WHEN 'licence' = ANY (p.fields) THEN pg_temp.import_text(r.licence, m.licence, p.cut)
        ELSE m.licence
    END,
    shape_changed = r.geom IS NOT NULL AND NOT coalesce(r.geom OPERATOR(public.=) CASE
        WHEN public.GeometryType(r.geom) = 'POINT' THEN m.point ELSE m.outline
    END, false)
FROM (SELECT CAST(:present AS text[]) AS fields, CAST(:cut AS integer) AS cut) AS p
CROSS JOIN registry.municipality AS m
WHERE m.ags = r.ags
