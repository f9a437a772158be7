-- A change keeps the boxes of the old and of the new shape apart: what lies between them did not change.
ALTER TABLE publication.change
    ALTER COLUMN bbox_3857 TYPE public.geometry(MultiPolygon, 3857) USING public.ST_Multi(bbox_3857);

-- As in 0001, but for the boxes: that of the old shape, and that of the new one where it is another.
CREATE OR REPLACE FUNCTION registry.refresh(
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
