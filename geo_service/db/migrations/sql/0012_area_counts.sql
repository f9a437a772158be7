-- How many areas have a value that people choose by is counted as areas come, change and go, like the number of all of
-- them (0010). domain/collections.py names the fields, too.
CREATE TABLE publication.area_count (
    field text NOT NULL,
    value text,
    areas bigint NOT NULL
);
-- Null is a value like others.
CREATE UNIQUE INDEX area_count_value ON publication.area_count (field, value) NULLS NOT DISTINCT;
GRANT SELECT ON publication.area_count TO geo_service_reader, geo_service_writer;

-- A query of the fields and values of areas, `areas` being the name of a table like publication.programme_area. Of
-- an array, each element counts once. A row of an index has its limit, so longer texts are left out.
CREATE FUNCTION registry.area_values(areas text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($query$
        SELECT of_area.field, of_area.value
        FROM %1$s AS area CROSS JOIN LATERAL (
            VALUES ('municipality', area.municipality), ('ags', area.ags), ('district', area.district),
                ('government_region', area.government_region), ('status', area.status), ('stage', area.stage),
                ('programme', area.programme), ('geom_basis', area.geom_basis), ('attr_basis', area.attr_basis)
        ) AS of_area (field, value)
        WHERE of_area.value IS NULL OR char_length(of_area.value) <= 200
        UNION ALL
        SELECT of_area.field, of_area.value
        FROM %1$s AS area CROSS JOIN LATERAL (
            SELECT DISTINCT 'ags_all', one FROM unnest(area.ags_all) AS one
            UNION ALL SELECT DISTINCT 'programmes', one FROM unnest(area.programmes) AS one
        ) AS of_area (field, value)
        WHERE char_length(of_area.value) <= 200
    $query$, areas)
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
        'SELECT field, value, count(*) FROM (%s) AS counted GROUP BY field, value
         UNION ALL SELECT field, value, -areas FROM publication.area_count',
        registry.area_values('publication.programme_area')));
    DELETE FROM publication.area_count WHERE areas = 0;
END $$;
SELECT registry.count_published();

-- Of an INSERT … ON CONFLICT DO UPDATE, two triggers see a part each: what was inserted, and what was updated.
CREATE FUNCTION registry.count_area_values() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    came text := format('SELECT field, value, 1 FROM (%s) AS came', registry.area_values('new_rows'));
    went text := format('SELECT field, value, -1 FROM (%s) AS went', registry.area_values('old_rows'));
BEGIN
    EXECUTE registry.area_count_statement(CASE TG_OP
        WHEN 'INSERT' THEN came
        WHEN 'DELETE' THEN went
        ELSE came || ' UNION ALL ' || went
    END);
    DELETE FROM publication.area_count WHERE areas = 0;
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
