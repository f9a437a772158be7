-- Schema publication: what is served, one flat row per published feature, everything precomputed.
-- Written by registry.publish() alone; can be made afresh from registry at any time.

-- The schema itself exists already: Alembic keeps its version in it.

-- One row: the number that grows with every transaction that changes what is published.
CREATE TABLE publication.dataset (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version bigint NOT NULL
);
INSERT INTO publication.dataset (version) VALUES (0);

-- What each version changed: the box of the old and the new shape together; no box means everything.
CREATE TABLE publication.change (
    change_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version bigint NOT NULL,
    collection text NOT NULL,
    feature_id text,
    bbox_3857 public.geometry(Polygon, 3857)
);
CREATE INDEX change_version ON publication.change (version);

CREATE TABLE publication.programme_area (
    area_no integer PRIMARY KEY,
    area_id text NOT NULL UNIQUE,
    name text NOT NULL,
    municipality text NOT NULL,
    ags text NOT NULL,
    municipalities text[] NOT NULL,
    ags_all text[] NOT NULL,
    district text,
    government_region text,
    status text,
    status_de text NOT NULL,
    status_en text NOT NULL,
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
    area_ha numeric,
    population integer,
    geom_basis text NOT NULL,
    attr_basis text NOT NULL,
    geom_source text,
    licence text,
    sections integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    period daterange,
    geom public.geometry(MultiPolygon, 25832) NOT NULL,
    geojson text NOT NULL,
    geom_3857 public.geometry(MultiPolygon, 3857) NOT NULL,
    label_point public.geometry(Point, 25832) NOT NULL,
    label_geojson text NOT NULL,
    label_3857 public.geometry(Point, 3857) NOT NULL,
    properties text NOT NULL
);
CREATE INDEX programme_area_geom ON publication.programme_area USING gist (geom);
CREATE INDEX programme_area_geom_3857 ON publication.programme_area USING gist (geom_3857);
CREATE INDEX programme_area_label_point ON publication.programme_area USING gist (label_point);
CREATE INDEX programme_area_label_3857 ON publication.programme_area USING gist (label_3857);
CREATE INDEX programme_area_period ON publication.programme_area USING gist (period);
CREATE INDEX programme_area_ags ON publication.programme_area (ags);
CREATE INDEX programme_area_status ON publication.programme_area (status);

CREATE TABLE publication.municipality (
    ags text PRIMARY KEY,
    name text NOT NULL,
    district text,
    government_region text,
    participation text,
    attr_basis text NOT NULL,
    source text,
    licence text,
    geom public.geometry(Geometry, 25832),
    geojson text,
    outline_3857 public.geometry(MultiPolygon, 3857),
    point_3857 public.geometry(Point, 3857),
    properties text NOT NULL
);
CREATE INDEX municipality_geom ON publication.municipality USING gist (geom);
CREATE INDEX municipality_outline_3857 ON publication.municipality USING gist (outline_3857);
CREATE INDEX municipality_point_3857 ON publication.municipality USING gist (point_3857);

CREATE TABLE publication.profile (
    area_no integer PRIMARY KEY,
    area_id text NOT NULL UNIQUE,
    profile jsonb NOT NULL
);

CREATE TABLE publication.withdrawal (
    area_no integer PRIMARY KEY,
    area_id text NOT NULL UNIQUE,
    name text NOT NULL,
    successor_area_id text,
    withdrawn_on date NOT NULL
);

-- The files to download. A view, so that nothing is stored twice; readers see the released ones only.
CREATE VIEW publication.document_file AS
SELECT p.area_id, d.file_name, d.media_type, d.size_bytes, d.sha256, d.content
FROM registry.document AS d
JOIN publication.programme_area AS p ON p.area_no = d.area_no
WHERE d.released_at IS NOT NULL;
