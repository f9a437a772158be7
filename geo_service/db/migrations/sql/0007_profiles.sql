-- What a figure is worth depends on its year.
ALTER TABLE registry.programme_area
    ADD COLUMN documented_area_year integer CHECK (documented_area_year BETWEEN 1900 AND 2200),
    ADD COLUMN population_year integer CHECK (population_year BETWEEN 1900 AND 2200),
    -- Null: the area ended without going on under another identifier.
    ADD COLUMN withdrawal_reason text,
    ADD CONSTRAINT programme_area_withdrawal_reason_check CHECK (withdrawal_reason IN ('renamed', 'merged')),
    ADD CONSTRAINT programme_area_moved_somewhere CHECK (withdrawal_reason IS NULL OR successor_area_no IS NOT NULL);

-- A function and an office mailbox are the rule; the person's name needs a release of its own. After expires_at
-- a contact is shown no more, whether or not anybody publishes.
ALTER TABLE registry.contact
    ADD COLUMN expires_at timestamp with time zone,
    ADD COLUMN person_released boolean NOT NULL DEFAULT false;

-- Names as people give them, umlauts and spaces included. Not: what is no name in some file system, what hides
-- its order or its ending from the eye (direction marks, invisible signs), and what differs only in coding.
ALTER TABLE registry.document
    DROP CONSTRAINT document_file_name_check,
    ADD CONSTRAINT document_file_name_check CHECK (
        file_name ~ '^[^\u0001-\u001f\u007f-\u009f/\\<>:"|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+$'
        AND file_name !~ '^[. ]' AND file_name !~ '[. ]$' AND length(file_name) <= 120
        AND file_name = normalize(file_name, NFC)
    );

-- The same columns in the view that is edited in a GIS, behind those that were there.
CREATE OR REPLACE VIEW registry.programme_area_edit AS
SELECT
    a.area_no,
    a.area_id,
    n.name,
    lead.ags,
    a.status,
    a.stage,
    a.start_date,
    a.start_year,
    a.end_date,
    a.end_year,
    a.resolution_date,
    a.concept,
    a.concept_url,
    a.documented_area_ha,
    a.population,
    a.attr_basis,
    a.attr_source,
    a.released_at,
    b.geom_basis,
    b.source AS geom_source,
    b.reason AS geom_reason,
    b.licence,
    b.geom,
    a.documented_area_year,
    a.population_year
FROM registry.programme_area AS a
LEFT JOIN registry.area_name AS n ON n.area_no = a.area_no AND n.valid_to IS NULL
LEFT JOIN registry.area_municipality AS lead ON lead.area_no = a.area_no AND lead.is_leading
LEFT JOIN registry.boundary AS b ON b.area_no = a.area_no AND b.valid_to IS NULL
WHERE a.withdrawn_on IS NULL;

-- Beside the functions that were there: these two columns are taken over by a trigger function of their own.
CREATE FUNCTION registry.edit_years() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE registry.programme_area
    SET documented_area_year = new.documented_area_year, population_year = new.population_year
    WHERE area_id = new.area_id AND (documented_area_year, population_year)
        IS DISTINCT FROM (new.documented_area_year, new.population_year);
    RETURN new;
END $$;
-- Triggers run in the order of their names: edit_insert and edit_update have come before.
CREATE TRIGGER edit_years INSTEAD OF INSERT OR UPDATE ON registry.programme_area_edit
FOR EACH ROW EXECUTE FUNCTION registry.edit_years();

-- Parts of a file are read without unpacking the whole; what people upload is compressed already.
ALTER TABLE registry.document ALTER COLUMN content SET STORAGE EXTERNAL;
