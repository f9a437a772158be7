-- How many features there are is counted as they come and go, not each time that somebody asks.
ALTER TABLE publication.dataset
    ADD COLUMN programme_area_count bigint NOT NULL DEFAULT 0,
    ADD COLUMN municipality_count bigint NOT NULL DEFAULT 0;

-- Count all of them.
CREATE FUNCTION registry.count_published() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE publication.dataset SET programme_area_count = areas, municipality_count = municipalities
    FROM (SELECT count(*) AS areas FROM publication.programme_area) AS a,
         (SELECT count(*) AS municipalities FROM publication.municipality) AS m
    WHERE (programme_area_count, municipality_count) IS DISTINCT FROM (areas, municipalities)
$$;
REVOKE ALL ON FUNCTION registry.count_published() FROM PUBLIC;
SELECT registry.count_published();

-- Of an INSERT … ON CONFLICT DO UPDATE, the new rows are those that were inserted.
CREATE FUNCTION registry.count_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    difference bigint := 0;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT count(*) INTO difference FROM changed;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT -count(*) INTO difference FROM changed;
    ELSE
        PERFORM registry.count_published();
    END IF;
    IF difference <> 0 THEN
        EXECUTE format('UPDATE publication.dataset SET %1$I = %1$I + $1', TG_TABLE_NAME || '_count') USING difference;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION registry.count_changed() FROM PUBLIC;

DO $$
DECLARE
    counted text;
BEGIN
    FOREACH counted IN ARRAY ARRAY['programme_area', 'municipality'] LOOP
        EXECUTE format(
            'CREATE TRIGGER count_inserted AFTER INSERT ON publication.%1$I REFERENCING NEW TABLE AS changed
                 FOR EACH STATEMENT EXECUTE FUNCTION registry.count_changed();
             CREATE TRIGGER count_deleted AFTER DELETE ON publication.%1$I REFERENCING OLD TABLE AS changed
                 FOR EACH STATEMENT EXECUTE FUNCTION registry.count_changed();
             CREATE TRIGGER count_truncated AFTER TRUNCATE ON publication.%1$I
                 FOR EACH STATEMENT EXECUTE FUNCTION registry.count_changed()', counted);
    END LOOP;
END $$;

-- As in 0001, and the numbers with it.
CREATE OR REPLACE FUNCTION registry.rebuild_publication() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    corrected bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(5905190120261);
    PERFORM registry.mark_everything();
    corrected := registry.publish();
    PERFORM registry.count_published();
    RETURN corrected;
END $$;
