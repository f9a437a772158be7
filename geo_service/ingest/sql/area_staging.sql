-- The rows of a file of programme areas, converted and in EPSG:25832, and what is found out about them.
-- Gone at the end of the transaction.
CREATE TEMPORARY TABLE import_row (
    row_no integer PRIMARY KEY,
    area_id text,
    name text,
    ags text,
    ags_all text[],
    status text,
    stage text,
    programme text,
    programmes text[],
    start_date date,
    end_date date,
    start_year integer,
    end_year integer,
    resolution_date date,
    concept text,
    concept_url text,
    area_ha numeric(10, 2),
    population integer,
    geom_basis text,
    attr_basis text,
    geom_source text,
    licence text,
    geom public.geometry(MultiPolygon, 25832),
    area_no integer,                                -- of the stored area; null: new
    is_new boolean NOT NULL DEFAULT true,
    name_changed boolean NOT NULL DEFAULT false,
    towns_changed boolean NOT NULL DEFAULT false,
    shape_changed boolean NOT NULL DEFAULT true,
    programmes_missing boolean NOT NULL DEFAULT true,
    name_day date,                                  -- first day of the next name, unless told otherwise
    boundary_day date                               -- first day of the next boundary
) ON COMMIT DROP
