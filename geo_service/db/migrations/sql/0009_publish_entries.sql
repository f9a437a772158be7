-- Entries are marked, published and rebuilt like areas; see 0001_publish.sql.

-- For every table with a column entry_no. Rows that an UPDATE left as they were do not count as changed.
CREATE FUNCTION registry.mark_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entries integer[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT entry_no) INTO entries FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT entry_no) INTO entries FROM old_rows;
    ELSE
        SELECT array_agg(DISTINCT entry_no) INTO entries FROM (
            (TABLE new_rows EXCEPT TABLE old_rows) UNION ALL (TABLE old_rows EXCEPT TABLE new_rows)
        ) AS changed;
    END IF;
    IF entries IS NOT NULL THEN
        INSERT INTO registry.entry_mark SELECT unnest(entries) ON CONFLICT DO NOTHING;
        INSERT INTO registry.entry_revision AS known (entry_no, updated_at)
        SELECT unnest(entries), transaction_timestamp()
        ON CONFLICT (entry_no) DO UPDATE SET updated_at = excluded.updated_at
        WHERE known.updated_at <> excluded.updated_at;
        INSERT INTO registry.publish_request DEFAULT VALUES ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION registry.mark_everything() RETURNS void
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
    INSERT INTO registry.entry_mark
    SELECT entry_no FROM registry.entry
    UNION SELECT entry_no FROM publication.news
    UNION SELECT entry_no FROM publication.event
    UNION SELECT entry_no FROM publication.site_page
    ON CONFLICT DO NOTHING;
    INSERT INTO registry.publish_request DEFAULT VALUES ON CONFLICT DO NOTHING;
END $$;

-- As in 0001, and the entries.
-- Write what is marked. Returns how many published rows changed.
CREATE OR REPLACE FUNCTION registry.publish() RETURNS bigint
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

    -- An entry names its areas while they are published, and shows the name and the point of its municipality.
    INSERT INTO registry.entry_mark
    SELECT ea.entry_no FROM registry.entry_area AS ea JOIN registry.area_mark AS m USING (area_no)
    UNION SELECT e.entry_no FROM registry.entry AS e JOIN registry.municipality_mark AS m USING (ags)
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

    INSERT INTO publication.change (version, collection, feature_id)
    SELECT next_version, 'news', r.feature_id
    FROM registry.refresh('news', 'published_news', 'entry_mark', 'entry_no', 'news_id', 'NULL::geometry') AS r;
    GET DIAGNOSTICS part = ROW_COUNT;
    changes := changes + part;
    INSERT INTO publication.change (version, collection, feature_id, bbox_3857)
    SELECT next_version, 'events', r.feature_id, r.bbox_3857
    FROM registry.refresh('event', 'published_event', 'entry_mark', 'entry_no', 'event_id', 'geom_3857') AS r;
    GET DIAGNOSTICS part = ROW_COUNT;
    changes := changes + part;
    INSERT INTO publication.change (version, collection, feature_id)
    SELECT next_version, 'pages', r.feature_id
    FROM registry.refresh('site_page', 'published_page', 'entry_mark', 'entry_no', 'page_id', 'NULL::geometry') AS r;
    GET DIAGNOSTICS part = ROW_COUNT;
    changes := changes + part;

    DELETE FROM registry.area_revision AS r
    USING registry.area_mark AS m
    WHERE m.area_no = r.area_no
      AND NOT EXISTS (SELECT FROM registry.programme_area AS a WHERE a.area_no = r.area_no);
    DELETE FROM registry.entry_revision AS r
    USING registry.entry_mark AS m
    WHERE m.entry_no = r.entry_no AND NOT EXISTS (SELECT FROM registry.entry AS e WHERE e.entry_no = r.entry_no);
    DELETE FROM registry.area_mark;
    DELETE FROM registry.entry_mark;
    DELETE FROM registry.municipality_mark;
    DELETE FROM registry.publish_request;

    IF changes > 0 THEN
        PERFORM registry.close_version(next_version);
    END IF;
    RETURN changes;
END $$;

-- The address of an entry is made once: links, bookmarks and feed readers rest on it.
CREATE FUNCTION registry.refuse_new_slug() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the % % cannot be renamed', old.kind, old.slug USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER slug_is_lasting BEFORE UPDATE ON registry.entry
FOR EACH ROW WHEN (
    old.slug IS DISTINCT FROM new.slug OR old.kind IS DISTINCT FROM new.kind OR old.entry_no IS DISTINCT FROM new.entry_no
)
EXECUTE FUNCTION registry.refuse_new_slug();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['entry', 'entry_area', 'entry_municipality'] LOOP
        EXECUTE format(
            'CREATE TRIGGER a_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON registry.%I
             FOR EACH STATEMENT EXECUTE FUNCTION registry.lock_for_writing()', name);
        EXECUTE format(
            'CREATE TRIGGER mark_inserted AFTER INSERT ON registry.%I REFERENCING NEW TABLE AS new_rows
             FOR EACH STATEMENT EXECUTE FUNCTION registry.mark_entries()', name);
        EXECUTE format(
            'CREATE TRIGGER mark_updated AFTER UPDATE ON registry.%I
             REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
             FOR EACH STATEMENT EXECUTE FUNCTION registry.mark_entries()', name);
        EXECUTE format(
            'CREATE TRIGGER mark_deleted AFTER DELETE ON registry.%I REFERENCING OLD TABLE AS old_rows
             FOR EACH STATEMENT EXECUTE FUNCTION registry.mark_entries()', name);
        EXECUTE format(
            'CREATE TRIGGER mark_truncated AFTER TRUNCATE ON registry.%I
             FOR EACH STATEMENT EXECUTE FUNCTION registry.mark_truncated()', name);
    END LOOP;
END $$;
