-- How many areas have a value that people choose by is counted as areas come, change and go, like the number of all of
-- them (0010).
CREATE TABLE publication.area_count (
    field text NOT NULL,
    value text,
    areas bigint NOT NULL
);
-- Null is a value like others.
CREATE UNIQUE INDEX area_count_value ON publication.area_count (field, value) NULLS NOT DISTINCT;
GRANT SELECT ON publication.area_count TO geo_service_reader, geo_service_writer;

-- The fields that are counted; domain/collections.py names them, too, and a test compares.
CREATE FUNCTION registry.counted_area_fields() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY['municipality', 'ags', 'district', 'government_region', 'status', 'stage', 'programme', 'geom_basis',
        'attr_basis', 'ags_all', 'programmes']
$$;
REVOKE ALL ON FUNCTION registry.counted_area_fields() FROM PUBLIC;

-- A query of field, value and number for `areas`, which is a query of their columns and a number. The last two fields
-- are arrays, of which each element counts once. A row of an index has its limit, so longer texts are left out.
CREATE FUNCTION registry.area_values(areas text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($query$
        SELECT of_area.field, of_area.value, area.number
        FROM (%1$s) AS area CROSS JOIN LATERAL (
            VALUES %2$s
            UNION ALL SELECT DISTINCT 'ags_all', one FROM unnest(area.ags_all) AS one WHERE one IS NOT NULL
            UNION ALL SELECT DISTINCT 'programmes', one FROM unnest(area.programmes) AS one WHERE one IS NOT NULL
        ) AS of_area (field, value)
        WHERE of_area.value IS NULL OR char_length(of_area.value) <= 200
    $query$, areas, string_agg(format('(%1$L, area.%1$I)', name), ', '))
    FROM unnest(registry.counted_area_fields()) AS name WHERE name NOT IN ('ags_all', 'programmes')
$$;
REVOKE ALL ON FUNCTION registry.area_values(text) FROM PUBLIC;

-- The statement that adds to the numbers what `differences`, a query of field, value and number, sums up to. A text,
-- because only the trigger itself sees the rows that its statement has changed.
CREATE FUNCTION registry.area_count_statement(differences text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($statement$
        INSERT INTO publication.area_count AS known (field, value, areas)
        SELECT field, value, sum(number) FROM (%s) AS difference (field, value, number)
        GROUP BY field, value HAVING sum(number) <> 0
        ON CONFLICT (field, value) DO UPDATE SET areas = known.areas + excluded.areas
    $statement$, differences)
$$;
REVOKE ALL ON FUNCTION registry.area_count_statement(text) FROM PUBLIC;

-- As in 0010, and the values of areas; numbers that are right already are not written.
CREATE OR REPLACE FUNCTION registry.count_published() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE publication.dataset SET programme_area_count = areas, municipality_count = municipalities
    FROM (SELECT count(*) AS areas FROM publication.programme_area) AS a,
         (SELECT count(*) AS municipalities FROM publication.municipality) AS m
    WHERE (programme_area_count, municipality_count) IS DISTINCT FROM (areas, municipalities);
    EXECUTE registry.area_count_statement(format(
        '%s UNION ALL SELECT field, value, -areas FROM publication.area_count',
        registry.area_values('SELECT 1 AS number, * FROM publication.programme_area')));
    DELETE FROM publication.area_count WHERE areas = 0;
END $$;

-- The areas that an UPDATE gave other values, as they were and as they are: the only ones that need to be counted.
CREATE FUNCTION registry.updated_areas() RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($query$
        SELECT side.*
        FROM new_rows AS came FULL JOIN old_rows AS went USING (area_no)
            CROSS JOIN LATERAL (VALUES (1, came.area_id, %1$s), (-1, went.area_id, %2$s)) AS side (number, area_id, %3$s)
        WHERE (%1$s) IS DISTINCT FROM (%2$s) AND side.area_id IS NOT NULL
    $query$, string_agg(format('came.%I', name), ', '), string_agg(format('went.%I', name), ', '),
        string_agg(quote_ident(name), ', '))
    FROM unnest(registry.counted_area_fields()) AS name
$$;
REVOKE ALL ON FUNCTION registry.updated_areas() FROM PUBLIC;

-- Of an INSERT … ON CONFLICT DO UPDATE, two triggers see a part each: what was inserted, and what was updated. Either
-- may be nothing at all.
CREATE FUNCTION registry.count_area_values() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := CASE WHEN EXISTS (SELECT FROM new_rows) THEN 'SELECT 1 AS number, * FROM new_rows' END;
    ELSIF TG_OP = 'DELETE' THEN
        changed := CASE WHEN EXISTS (SELECT FROM old_rows) THEN 'SELECT -1 AS number, * FROM old_rows' END;
    ELSE
        changed := CASE WHEN EXISTS (SELECT FROM old_rows) THEN registry.updated_areas() END;
    END IF;
    IF changed IS NOT NULL THEN
        EXECUTE registry.area_count_statement(registry.area_values(changed));
        DELETE FROM publication.area_count WHERE areas = 0;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION registry.count_area_values() FROM PUBLIC;

-- After TRUNCATE, the trigger of 0010 counts everything.
CREATE TRIGGER values_inserted AFTER INSERT ON publication.programme_area REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION registry.count_area_values();
CREATE TRIGGER values_updated AFTER UPDATE ON publication.programme_area
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION registry.count_area_values();
CREATE TRIGGER values_deleted AFTER DELETE ON publication.programme_area REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION registry.count_area_values();

-- Last, so that nothing is published in between: the triggers keep writers away until this is committed.
SELECT registry.count_published();
