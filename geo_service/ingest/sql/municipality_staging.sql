-- The rows of a file of municipalities; a polygon is the outline, a point is where the name stands.
-- Gone at the end of the transaction.
CREATE TEMPORARY TABLE import_row (
    row_no integer PRIMARY KEY,
    ags text,
    name text,
    district text,
    government_region text,
    participation text,
    attr_basis text,
    source text,
    licence text,
    geom public.geometry(Geometry, 25832),
    is_new boolean NOT NULL DEFAULT true,
    shape_changed boolean NOT NULL DEFAULT true
) ON COMMIT DROP
