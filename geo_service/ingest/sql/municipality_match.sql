-- Find the stored municipalities, and give each field that the file lacks the value that is stored.
-- Parameters: present text[], names of the fields that the file brings.
UPDATE import_row AS r SET
    is_new = false,
    name = CASE WHEN 'name' = ANY (p.fields) THEN r.name ELSE m.name END,
    district = CASE WHEN 'district' = ANY (p.fields) THEN r.district ELSE m.district END,
    government_region =
        CASE WHEN 'government_region' = ANY (p.fields) THEN r.government_region ELSE m.government_region END,
    participation = CASE WHEN 'participation' = ANY (p.fields) THEN r.participation ELSE m.participation END,
    attr_basis = CASE WHEN 'attr_basis' = ANY (p.fields) THEN r.attr_basis ELSE m.attr_basis END,
    source = CASE WHEN 'source' = ANY (p.fields) THEN r.source ELSE m.source END,
    licence = CASE WHEN 'licence' = ANY (p.fields) THEN r.licence ELSE m.licence END,
    shape_changed = r.geom IS NOT NULL AND NOT coalesce(r.geom OPERATOR(public.=) CASE
        WHEN public.GeometryType(r.geom) = 'POINT' THEN m.point ELSE m.outline
    END, false)
FROM (SELECT CAST(:present AS text[]) AS fields) AS p
CROSS JOIN registry.municipality AS m
WHERE m.ags = r.ags
