-- From a change in registry to the rows of publication, within the same transaction:
--   BEFORE each statement   one writing transaction at a time
--   AFTER each statement    mark what it changed (set-wise, by transition tables)
--   at COMMIT, once         write the marked rows of publication, count the version, notify

-- Two writers that do not see each other would publish a mixture (a town renamed while an area is added), and
-- a snapshot older than the lock would publish the past: hence the lock, and only READ COMMITTED.
CREATE FUNCTION registry.lock_for_writing() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'registry can be written only at isolation level READ COMMITTED'
            USING ERRCODE = 'invalid_transaction_state',
                  HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED';
    END IF;
    PERFORM pg_advisory_xact_lock(5905190120261);
    RETURN NULL;
END $$;

CREATE FUNCTION registry.mark_area_nos(areas integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF areas IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO registry.area_mark SELECT unnest(areas) ON CONFLICT DO NOTHING;
    INSERT INTO registry.area_revision AS known (area_no, updated_at)
    SELECT unnest(areas), transaction_timestamp()
    ON CONFLICT (area_no) DO UPDATE SET updated_at = excluded.updated_at
    WHERE known.updated_at <> excluded.updated_at;
    INSERT INTO registry.publish_request DEFAULT VALUES ON CONFLICT DO NOTHING;
END $$;

-- For every table with a column area_no. Rows that an UPDATE left as they were do not count as changed.
CREATE FUNCTION registry.mark_areas() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    areas integer[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT area_no) INTO areas FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT area_no) INTO areas FROM old_rows;
    ELSE
        SELECT array_agg(DISTINCT area_no) INTO areas FROM (
            (TABLE new_rows EXCEPT TABLE old_rows) UNION ALL (TABLE old_rows EXCEPT TABLE new_rows)
        ) AS changed;
    END IF;
    PERFORM registry.mark_area_nos(areas);
    RETURN NULL;
END $$;

-- A municipality marks itself, and its areas where they show something of it.
CREATE FUNCTION registry.mark_municipalities() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys text[];
    shown_keys text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(ags) INTO keys FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(ags) INTO keys FROM old_rows;
    ELSE
        SELECT array_agg(DISTINCT ags) INTO keys FROM (
            (TABLE new_rows EXCEPT TABLE old_rows) UNION ALL (TABLE old_rows EXCEPT TABLE new_rows)
        ) AS changed;
        SELECT array_agg(DISTINCT ags) INTO shown_keys FROM (
            SELECT ags, name, district, government_region FROM new_rows
            EXCEPT
            SELECT ags, name, district, government_region FROM old_rows
        ) AS changed;
    END IF;
    IF keys IS NOT NULL THEN
        INSERT INTO registry.municipality_mark SELECT unnest(keys) ON CONFLICT DO NOTHING;
        INSERT INTO registry.publish_request DEFAULT VALUES ON CONFLICT DO NOTHING;
    END IF;
    IF shown_keys IS NOT NULL THEN
        PERFORM registry.mark_area_nos((
            SELECT array_agg(DISTINCT area_no) FROM registry.area_municipality WHERE ags = ANY (shown_keys)
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION registry.mark_everything() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO registry.area_mark
    SELECT area_no FROM registry.programme_area
    UNION SELECT area_no FROM publication.programme_area
    UNION SELECT area_no FROM publication.profile
    UNION SELECT area_no FROM publication.withdrawal
    ON CONFLICT DO NOTHING;
    INSERT INTO registry.municipality_mark
    SELECT ags FROM registry.municipality UNION SELECT ags FROM publication.municipality
    ON CONFLICT DO NOTHING;
    INSERT INTO registry.publish_request DEFAULT VALUES ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION registry.mark_truncated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.mark_everything();
    RETURN NULL;
END $$;

-- Bring the marked rows of publication.<target> in line with registry.published_<…>; return what changed, with
-- the box around the old and the new shape (EPSG:3857). Rows that are right already are not written again.
CREATE FUNCTION registry.refresh(
    target text, source text, marks text, key_column text, id_column text, shape text
) RETURNS TABLE (feature_id text, bbox_3857 public.geometry)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    columns text;
    values_ text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg('excluded.' || quote_ident(attname), ', ' ORDER BY attnum)
    INTO columns, values_
    FROM pg_attribute
    WHERE attrelid = ('publication.' || quote_ident(target))::regclass AND attnum > 0 AND NOT attisdropped;
    RETURN QUERY EXECUTE format($statement$
        WITH source AS MATERIALIZED (
            SELECT * FROM registry.%2$I WHERE %4$I IN (SELECT %4$I FROM registry.%3$I)
        ), before AS MATERIALIZED (
            SELECT %4$I AS key, %5$I AS id, %6$s AS shape
            FROM publication.%1$I WHERE %4$I IN (SELECT %4$I FROM registry.%3$I)
        ), written AS (
            INSERT INTO publication.%1$I AS known (%7$s) SELECT %7$s FROM source
            ON CONFLICT (%4$I) DO UPDATE SET (%7$s) = ROW(%8$s)
            WHERE known IS DISTINCT FROM excluded
            RETURNING %4$I AS key, %5$I AS id, %6$s AS shape
        ), removed AS (
            DELETE FROM publication.%1$I
            WHERE %4$I IN (SELECT %4$I FROM registry.%3$I) AND %4$I NOT IN (SELECT %4$I FROM source)
            RETURNING %4$I AS key, %5$I AS id, NULL::geometry AS shape
        ), changed AS (
            SELECT now.id, ST_Collect(before.shape, now.shape) AS shape
            FROM (SELECT * FROM written UNION ALL SELECT * FROM removed) AS now
            LEFT JOIN before USING (key)
        )
        SELECT id::text, CASE WHEN shape IS NOT NULL THEN ST_MakeEnvelope(
            ST_XMin(shape::box3d), ST_YMin(shape::box3d), ST_XMax(shape::box3d), ST_YMax(shape::box3d), 3857
        ) END
        FROM changed
    $statement$, target, source, marks, key_column, id_column, shape, columns, values_);
END $$;

-- Write what is marked. Returns how many published rows changed.
CREATE FUNCTION registry.publish() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    next_version bigint;
    changes bigint := 0;
    part bigint;
    incomplete record;
BEGIN
    -- A withdrawn area shows the identifier of its successor.
    INSERT INTO registry.area_mark
    SELECT a.area_no FROM registry.programme_area AS a JOIN registry.area_mark AS m ON m.area_no = a.successor_area_no
    ON CONFLICT DO NOTHING;

    SELECT a.area_id,
        EXISTS (SELECT FROM registry.area_name AS n WHERE n.area_no = a.area_no AND n.valid_to IS NULL) AS name,
        EXISTS (SELECT FROM registry.area_municipality AS l WHERE l.area_no = a.area_no AND l.is_leading) AS town,
        EXISTS (SELECT FROM registry.boundary AS b WHERE b.area_no = a.area_no AND b.valid_to IS NULL) AS boundary
    INTO incomplete
    FROM registry.programme_area AS a JOIN registry.area_mark AS m USING (area_no)
    WHERE a.released_at IS NOT NULL AND a.withdrawn_on IS NULL AND NOT (
        EXISTS (SELECT FROM registry.area_name AS n WHERE n.area_no = a.area_no AND n.valid_to IS NULL)
        AND EXISTS (SELECT FROM registry.area_municipality AS l WHERE l.area_no = a.area_no AND l.is_leading)
        AND EXISTS (SELECT FROM registry.boundary AS b WHERE b.area_no = a.area_no AND b.valid_to IS NULL)
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the released area % is incomplete: it has no %', incomplete.area_id, concat_ws(
            ', no ',
            CASE WHEN NOT incomplete.name THEN 'current name' END,
            CASE WHEN NOT incomplete.town THEN 'leading municipality' END,
            CASE WHEN NOT incomplete.boundary THEN 'current boundary' END
        ) USING ERRCODE = 'check_violation', HINT = 'Add what is missing in the same transaction, or release it later.';
    END IF;

    SELECT version + 1 INTO next_version FROM publication.dataset;
    INSERT INTO publication.change (version, collection, feature_id, bbox_3857)
    SELECT next_version, 'programme-areas', r.feature_id, r.bbox_3857
    FROM registry.refresh('programme_area', 'published_area', 'area_mark', 'area_no', 'area_id', 'geom_3857') AS r;
    GET DIAGNOSTICS part = ROW_COUNT;
    changes := changes + part;
    INSERT INTO publication.change (version, collection, feature_id)
    SELECT next_version, 'profiles', r.feature_id
    FROM registry.refresh('profile', 'published_profile', 'area_mark', 'area_no', 'area_id', 'NULL::geometry') AS r;
    GET DIAGNOSTICS part = ROW_COUNT;
    changes := changes + part;
    INSERT INTO publication.change (version, collection, feature_id)
    SELECT next_version, 'withdrawals', r.feature_id
    FROM registry.refresh('withdrawal', 'published_withdrawal', 'area_mark', 'area_no', 'area_id', 'NULL::geometry') AS r;
    GET DIAGNOSTICS part = ROW_COUNT;
    changes := changes + part;
    INSERT INTO publication.change (version, collection, feature_id, bbox_3857)
    SELECT next_version, 'municipalities', r.feature_id, r.bbox_3857
    FROM registry.refresh(
        'municipality', 'published_municipality', 'municipality_mark', 'ags', 'ags',
        'ST_Collect(outline_3857, point_3857)'
    ) AS r;
    GET DIAGNOSTICS part = ROW_COUNT;
    changes := changes + part;

    DELETE FROM registry.area_revision AS r
    USING registry.area_mark AS m
    WHERE m.area_no = r.area_no
      AND NOT EXISTS (SELECT FROM registry.programme_area AS a WHERE a.area_no = r.area_no);
    DELETE FROM registry.area_mark;
    DELETE FROM registry.municipality_mark;
    DELETE FROM registry.publish_request;

    IF changes > 0 THEN
        PERFORM registry.close_version(next_version);
    END IF;
    RETURN changes;
END $$;

-- Count the version, keep the list of changes short, wake those who listen.
CREATE FUNCTION registry.close_version(next_version bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A change of more than a thousand features is one of everything: nobody looks through a longer list.
    WITH large AS (
        SELECT collection FROM publication.change WHERE version = next_version
        GROUP BY collection HAVING count(*) > 1000
    ), dropped AS (
        DELETE FROM publication.change WHERE version = next_version AND collection IN (SELECT collection FROM large)
    )
    INSERT INTO publication.change (version, collection) SELECT next_version, collection FROM large;
    DELETE FROM publication.change WHERE version <= next_version - 1000;
    UPDATE publication.dataset SET version = next_version;
    PERFORM pg_notify('geo_service_publication', next_version::text);
END $$;

CREATE FUNCTION registry.publish_at_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM registry.publish();
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER publish_at_commit AFTER INSERT ON registry.publish_request
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry.publish_at_commit();

-- Derive all of publication afresh. Returns how many rows were not as they should be.
CREATE FUNCTION registry.rebuild_publication() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(5905190120261);
    PERFORM registry.mark_everything();
    RETURN registry.publish();
END $$;

-- The identifier is made once and never changes: links, bookmarks and other people's data rest on it.
CREATE FUNCTION registry.refuse_new_area_id() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'area_id % cannot be changed', old.area_id
        USING ERRCODE = 'check_violation', HINT = 'Withdraw the area and name its successor instead.';
END $$;
CREATE TRIGGER area_id_is_lasting BEFORE UPDATE ON registry.programme_area
FOR EACH ROW WHEN (old.area_id IS DISTINCT FROM new.area_id OR old.area_no IS DISTINCT FROM new.area_no)
EXECUTE FUNCTION registry.refuse_new_area_id();

DO $$
DECLARE
    name text;
    marking text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'municipality', 'programme_area', 'area_name', 'area_municipality', 'boundary', 'programme_period',
        'profile_section', 'milestone', 'contact', 'document'
    ] LOOP
        marking := CASE name WHEN 'municipality' THEN 'mark_municipalities' ELSE 'mark_areas' END;
        EXECUTE format(
            'CREATE TRIGGER a_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON registry.%I
             FOR EACH STATEMENT EXECUTE FUNCTION registry.lock_for_writing()', name);
        EXECUTE format(
            'CREATE TRIGGER mark_inserted AFTER INSERT ON registry.%I REFERENCING NEW TABLE AS new_rows
             FOR EACH STATEMENT EXECUTE FUNCTION registry.%I()', name, marking);
        EXECUTE format(
            'CREATE TRIGGER mark_updated AFTER UPDATE ON registry.%I
             REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
             FOR EACH STATEMENT EXECUTE FUNCTION registry.%I()', name, marking);
        EXECUTE format(
            'CREATE TRIGGER mark_deleted AFTER DELETE ON registry.%I REFERENCING OLD TABLE AS old_rows
             FOR EACH STATEMENT EXECUTE FUNCTION registry.%I()', name, marking);
        EXECUTE format(
            'CREATE TRIGGER mark_truncated AFTER TRUNCATE ON registry.%I
             FOR EACH STATEMENT EXECUTE FUNCTION registry.mark_truncated()', name);
    END LOOP;
END $$;
