-- As in 0004, but for how the marked rows are found: each by its key, so that publishing one of a hundred thousand
-- areas costs what one area costs. A join of the view with the marks derived every area and then chose among them.
CREATE OR REPLACE FUNCTION registry.refresh(
    target text, source text, marks text, key_column text, id_column text, shape text
) RETURNS TABLE (feature_id text, bbox_3857 public.geometry)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    columns text;
    values_ text;
    many boolean;
BEGIN
    -- The planner thinks of the table as empty, as it is between transactions.
    EXECUTE format('SELECT count(*) > 100 FROM (SELECT FROM registry.%I LIMIT 101) AS first_ones', marks) INTO many;
    IF many THEN
        EXECUTE format('ANALYZE registry.%I', marks);
    END IF;
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg('excluded.' || quote_ident(attname), ', ' ORDER BY attnum)
    INTO columns, values_
    FROM pg_attribute
    WHERE attrelid = ('publication.' || quote_ident(target))::regclass AND attnum > 0 AND NOT attisdropped;
    -- OFFSET 0 keeps the view apart from the marks.
    RETURN QUERY EXECUTE format($statement$
        WITH source AS MATERIALIZED (
            SELECT marked_row.*
            FROM registry.%3$I AS marked
            CROSS JOIN LATERAL (
                SELECT * FROM registry.%2$I AS derived WHERE derived.%4$I = marked.%4$I OFFSET 0
            ) AS marked_row
        ), before AS MATERIALIZED (
            SELECT %4$I AS key, %5$I AS id, (%6$s)::box3d AS box
            FROM publication.%1$I WHERE %4$I IN (SELECT %4$I FROM registry.%3$I)
        ), written AS (
            INSERT INTO publication.%1$I AS known (%7$s) SELECT %7$s FROM source
            ON CONFLICT (%4$I) DO UPDATE SET (%7$s) = ROW(%8$s)
            WHERE known IS DISTINCT FROM excluded
            RETURNING %4$I AS key, %5$I AS id, (%6$s)::box3d AS box
        ), removed AS (
            DELETE FROM publication.%1$I
            WHERE %4$I IN (SELECT %4$I FROM registry.%3$I) AND %4$I NOT IN (SELECT %4$I FROM source)
            RETURNING %4$I AS key, %5$I AS id, NULL::box3d AS box
        ), changed AS (
            SELECT now.id,
                ST_MakeEnvelope(
                    ST_XMin(before.box), ST_YMin(before.box), ST_XMax(before.box), ST_YMax(before.box), 3857
                ) AS old,
                ST_MakeEnvelope(ST_XMin(now.box), ST_YMin(now.box), ST_XMax(now.box), ST_YMax(now.box), 3857) AS new
            FROM (SELECT * FROM written UNION ALL SELECT * FROM removed) AS now
            LEFT JOIN before USING (key)
        )
        SELECT id::text, ST_Multi(ST_Collect(old, CASE WHEN old ~= new THEN NULL ELSE new END)) FROM changed
    $statement$, target, source, marks, key_column, id_column, shape, columns, values_);
END $$;
