-- One row per area with its current name, leading municipality and boundary, to be edited in a GIS.
-- An edit becomes versions: a new shape closes the current boundary and opens the next, so does a new name.

CREATE FUNCTION registry.slug(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN trim(BOTH '-' FROM regexp_replace(
    regexp_replace(
        normalize(
            replace(replace(replace(replace(
                lower(normalize(value, NFC) COLLATE "und-x-icu"), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'),
            NFKD
        ), '[\u0300-\u036f]', '', 'g'
    ), '[^a-z0-9]+', '-', 'g'
));

-- The same rule as geo_service.domain.slugs.make_area_id.
CREATE FUNCTION registry.make_area_id(municipality text, name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    town text := registry.slug(municipality);
    area text := registry.slug(name);
    whole text;
BEGIN
    whole := CASE WHEN area = town OR starts_with(area, town || '-') THEN area
                  ELSE trim(BOTH '-' FROM town || '-' || area) END;
    IF length(whole) <= 60 THEN
        RETURN whole;
    END IF;
    RETURN coalesce(substring(left(whole, 61) FROM '^(.+)-[^-]*$'), left(whole, 60));
END $$;

CREATE VIEW registry.programme_area_edit AS
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
    b.geom
FROM registry.programme_area AS a
LEFT JOIN registry.area_name AS n ON n.area_no = a.area_no AND n.valid_to IS NULL
LEFT JOIN registry.area_municipality AS lead ON lead.area_no = a.area_no AND lead.is_leading
LEFT JOIN registry.boundary AS b ON b.area_no = a.area_no AND b.valid_to IS NULL
WHERE a.withdrawn_on IS NULL;

CREATE FUNCTION registry.edit_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF new.name IS NULL OR new.ags IS NULL THEN
        RAISE EXCEPTION 'a new area needs a name and the ags of its leading municipality'
            USING ERRCODE = 'not_null_violation';
    END IF;
    new.area_id := coalesce(new.area_id, registry.make_area_id(
        (SELECT m.name FROM registry.municipality AS m WHERE m.ags = new.ags), new.name
    ));
    INSERT INTO registry.programme_area (
        area_id, status, stage, start_date, start_year, end_date, end_year, resolution_date, concept, concept_url,
        documented_area_ha, population, attr_basis, attr_source, released_at
    ) VALUES (
        new.area_id, new.status, new.stage, new.start_date, new.start_year, new.end_date, new.end_year,
        new.resolution_date, new.concept, new.concept_url, new.documented_area_ha, new.population,
        coalesce(new.attr_basis, 'documented'), new.attr_source, new.released_at
    ) RETURNING area_no INTO new.area_no;
    INSERT INTO registry.area_name (area_no, name) VALUES (new.area_no, new.name);
    INSERT INTO registry.area_municipality (area_no, ags, is_leading) VALUES (new.area_no, new.ags, true);
    IF new.geom IS NOT NULL THEN
        INSERT INTO registry.boundary (area_no, geom, geom_basis, source, reason, licence, valid_from)
        VALUES (new.area_no, new.geom, coalesce(new.geom_basis, 'official'), new.geom_source, new.geom_reason,
                new.licence, current_date);
    END IF;
    RETURN new;
END $$;

CREATE FUNCTION registry.edit_update() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF new.area_no IS DISTINCT FROM old.area_no OR new.area_id IS DISTINCT FROM old.area_id THEN
        RAISE EXCEPTION 'area_id % cannot be changed', old.area_id USING ERRCODE = 'check_violation';
    END IF;
    UPDATE registry.programme_area SET
        status = new.status, stage = new.stage, start_date = new.start_date, start_year = new.start_year,
        end_date = new.end_date, end_year = new.end_year, resolution_date = new.resolution_date,
        concept = new.concept, concept_url = new.concept_url, documented_area_ha = new.documented_area_ha,
        population = new.population, attr_basis = new.attr_basis, attr_source = new.attr_source,
        released_at = new.released_at
    WHERE area_no = old.area_no;
    IF new.name IS DISTINCT FROM old.name THEN
        UPDATE registry.area_name SET valid_to = current_date WHERE area_no = old.area_no AND valid_to IS NULL;
        INSERT INTO registry.area_name (area_no, name, valid_from) VALUES (old.area_no, new.name, current_date);
    END IF;
    IF new.ags IS DISTINCT FROM old.ags THEN
        DELETE FROM registry.area_municipality WHERE area_no = old.area_no AND is_leading;
        INSERT INTO registry.area_municipality (area_no, ags, is_leading) VALUES (old.area_no, new.ags, true)
        ON CONFLICT (area_no, ags) DO UPDATE SET is_leading = true;
    END IF;
    PERFORM registry.edit_boundary(
        old.area_no, old.geom, new.geom, new.geom_basis, new.geom_source, new.geom_reason, new.licence
    );
    RETURN new;
END $$;

-- The reason belongs to one change of shape: it is taken over only when the editor wrote a new one.
CREATE FUNCTION registry.edit_boundary(
    area integer, old_geom public.geometry, new_geom public.geometry,
    new_basis text, new_source text, new_reason text, new_licence text
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    old_reason text;
    first_day date;
BEGIN
    IF new_geom IS NULL AND old_geom IS NOT NULL THEN
        RAISE EXCEPTION 'a boundary cannot be removed, only replaced' USING ERRCODE = 'not_null_violation',
            HINT = 'Delete the row to withdraw the area.';
    END IF;
    IF new_geom IS NOT DISTINCT FROM old_geom THEN
        UPDATE registry.boundary SET
            geom_basis = new_basis, source = new_source, reason = new_reason, licence = new_licence
        WHERE area_no = area AND valid_to IS NULL
          AND (geom_basis, source, reason, licence) IS DISTINCT FROM (new_basis, new_source, new_reason, new_licence);
        RETURN;
    END IF;
    SELECT b.reason, greatest(b.valid_from, current_date) INTO old_reason, first_day
    FROM registry.boundary AS b WHERE b.area_no = area AND b.valid_to IS NULL;
    first_day := coalesce(first_day, current_date);
    UPDATE registry.boundary SET valid_to = first_day WHERE area_no = area AND valid_to IS NULL;
    INSERT INTO registry.boundary (area_no, geom, geom_basis, source, reason, licence, valid_from)
    VALUES (area, new_geom, coalesce(new_basis, 'official'), new_source,
            CASE WHEN new_reason IS DISTINCT FROM old_reason THEN new_reason END, new_licence, first_day);
END $$;

-- Deleting in a GIS withdraws the area: its history and its address stay.
CREATE FUNCTION registry.edit_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE registry.programme_area SET withdrawn_on = current_date WHERE area_no = old.area_no;
    RETURN old;
END $$;

CREATE TRIGGER edit_insert INSTEAD OF INSERT ON registry.programme_area_edit
FOR EACH ROW EXECUTE FUNCTION registry.edit_insert();
CREATE TRIGGER edit_update INSTEAD OF UPDATE ON registry.programme_area_edit
FOR EACH ROW EXECUTE FUNCTION registry.edit_update();
CREATE TRIGGER edit_delete INSTEAD OF DELETE ON registry.programme_area_edit
FOR EACH ROW EXECUTE FUNCTION registry.edit_delete();
