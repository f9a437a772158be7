-- Whoever edits in a GIS reads what the database answers: so a refusal is a sentence in both languages that says what
-- to change, before a constraint would refuse with its name and the whole row.

-- What is wrong with a boundary, as a sentence; null: nothing.
CREATE FUNCTION registry.shape_objection(geom public.geometry) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    detail public.valid_detail;
    place text;
    german text;
BEGIN
    IF geom IS NULL THEN
        RETURN NULL;
    ELSIF ST_IsEmpty(geom) THEN
        RETURN 'Die Abgrenzung ist leer. / The boundary is empty.';
    ELSIF NOT (ST_XMin(geom) >= -1000000 AND ST_XMax(geom) <= 2000000 AND ST_YMin(geom) >= 4000000 AND ST_YMax(geom) <= 7500000)
    THEN
        RETURN format(
            'Die Abgrenzung liegt bei %s %s und damit nicht in Deutschland: Koordinatensystem prüfen (EPSG:25832). '
            '/ The boundary lies at %1$s %2$s, which is not in Germany: check the CRS (EPSG:25832).',
            round(ST_XMin(geom)::numeric), round(ST_YMin(geom)::numeric));
    END IF;
    IF ST_IsValid(geom) THEN
        RETURN NULL;
    END IF;
    detail := ST_IsValidDetail(geom);
    place := format('%s %s', round(ST_X(detail.location)::numeric, 2), round(ST_Y(detail.location)::numeric, 2));
    german := CASE detail.reason
        WHEN 'Self-intersection' THEN 'die Linie kreuzt sich selbst'
        WHEN 'Ring Self-intersection' THEN 'ein Ring berührt sich selbst'
        WHEN 'Hole lies outside shell' THEN 'ein Loch liegt außerhalb der Fläche'
        WHEN 'Holes are nested' THEN 'ein Loch liegt in einem anderen'
        WHEN 'Interior is disconnected' THEN 'ein Loch zerteilt die Fläche'
        WHEN 'Nested shells' THEN 'eine Teilfläche liegt in einer anderen'
        WHEN 'Duplicate Rings' THEN 'ein Ring ist doppelt'
        WHEN 'Too few points in geometry component' THEN 'ein Ring hat zu wenige Punkte'
        ELSE 'die Fläche ist ungültig'
    END;
    RETURN format(
        'Die Abgrenzung wird so nicht übernommen: %s bei %s (EPSG:25832). '
        '/ The boundary was not accepted: %s at %2$s (EPSG:25832).',
        german, place, lower(detail.reason));
END $$;

-- Refuse with a sentence what the tables' constraints would refuse with a name.
CREATE FUNCTION registry.refuse_edit(
    name text, ags text, status text, stage text, geom_basis text, attr_basis text,
    start_date date, start_year integer, end_date date, end_year integer, geom public.geometry
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    codes constant jsonb := jsonb_build_object(
        'status', jsonb_build_array(status, 'planned', 'ongoing', 'completed'),
        'stage', jsonb_build_array(stage, 'consolidation', 'suspended'),
        'geom_basis', jsonb_build_array(geom_basis, 'official', 'schematic'),
        'attr_basis', jsonb_build_array(attr_basis, 'documented', 'partly', 'fictional')
    );
    field text;
    given jsonb;
    objection text := registry.shape_objection(geom);
BEGIN
    IF btrim(coalesce(name, '')) = '' OR ags IS NULL THEN
        objection := 'Ein Gebiet braucht einen Namen (name) und den AGS seiner federführenden Gemeinde (ags). '
            '/ An area needs a name and the ags of its leading municipality.';
    ELSIF NOT EXISTS (SELECT FROM registry.municipality AS m WHERE m.ags = refuse_edit.ags) THEN
        objection := format(
            'Eine Gemeinde mit dem AGS %s ist nicht bekannt; er hat acht Ziffern mit führender Null. '
            '/ There is no municipality with the ags %1$s; it has eight digits with a leading zero.', ags);
    ELSIF coalesce(start_date, make_date(start_year, 1, 1)) > coalesce(end_date, make_date(end_year, 12, 31)) THEN
        objection := 'Das Ende liegt vor dem Beginn. / The end is before the start.';
    ELSIF extract(year FROM start_date) <> start_year OR extract(year FROM end_date) <> end_year THEN
        objection := 'Datum und Jahr widersprechen sich (start_date und start_year, end_date und end_year). '
            '/ Date and year disagree (start_date and start_year, end_date and end_year).';
    END IF;
    FOR field, given IN SELECT * FROM jsonb_each(codes) LOOP
        IF given -> 0 <> 'null' AND NOT (given - 0) @> jsonb_build_array(given -> 0) THEN
            objection := format(
                'Im Feld %s ist %s nicht möglich, sondern: %s. / The field %1$s cannot be %2$s, but: %3$s.',
                field, given ->> 0, (SELECT string_agg(code, ', ') FROM jsonb_array_elements_text(given - 0) AS code));
        END IF;
    END LOOP;
    IF objection IS NOT NULL THEN
        RAISE EXCEPTION '%', objection USING ERRCODE = 'check_violation';
    END IF;
END $$;

CREATE FUNCTION registry.edit_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM registry.refuse_edit(
        new.name, new.ags, new.status, new.stage, new.geom_basis, new.attr_basis,
        new.start_date, new.start_year, new.end_date, new.end_year, new.geom
    );
    RETURN new;
END $$;

-- INSTEAD OF triggers run in the order of their names: this one before edit_insert and edit_update.
CREATE TRIGGER edit_check INSTEAD OF INSERT OR UPDATE ON registry.programme_area_edit
FOR EACH ROW EXECUTE FUNCTION registry.edit_check();
