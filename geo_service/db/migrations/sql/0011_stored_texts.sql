-- Outlines are stored as finished text in EPSG:25832, too, which QGIS asks for; and the texts that most answers are
-- made of are compressed by lz4 where the server knows it: unpacking them took a quarter of a page of a thousand areas.
DO $$
BEGIN
    ALTER TABLE registry.boundary ALTER COLUMN geojson SET COMPRESSION lz4;
    -- One pass over the table. A text that is put together anew is compressed anew.
    ALTER TABLE publication.programme_area
        ADD COLUMN geojson_25832 text COMPRESSION lz4 NOT NULL GENERATED ALWAYS AS (
            public.ST_AsGeoJSON(public.ST_ForcePolygonCCW(geom), 3, 0)
        ) STORED,
        ALTER COLUMN geojson TYPE text USING geojson || '',
        ALTER COLUMN geojson SET COMPRESSION lz4,
        ALTER COLUMN properties TYPE text USING properties || '',
        ALTER COLUMN properties SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'this server was built without lz4: texts stay compressed by pglz';
    ALTER TABLE publication.programme_area
        ADD COLUMN geojson_25832 text NOT NULL GENERATED ALWAYS AS (
            public.ST_AsGeoJSON(public.ST_ForcePolygonCCW(geom), 3, 0)
        ) STORED;
END $$;
-- Computed once; from now on publishing fills it like every other column.
ALTER TABLE publication.programme_area ALTER COLUMN geojson_25832 DROP EXPRESSION;

-- As before, with the text in EPSG:25832. A copied text would stay compressed as it is in registry: hence || ''.
ALTER VIEW registry.published_area RENAME TO published_area_searched;
DO $$
DECLARE
    columns text;
BEGIN
    SELECT string_agg(
        CASE attname WHEN 'geojson' THEN 'geojson || '''' AS geojson' ELSE quote_ident(attname) END, ', ' ORDER BY attnum
    ) INTO columns
    FROM pg_attribute
    WHERE attrelid = 'registry.published_area_searched'::regclass AND attnum > 0 AND NOT attisdropped;
    EXECUTE format(
        'CREATE VIEW registry.published_area AS SELECT %s, '
        'public.ST_AsGeoJSON(public.ST_ForcePolygonCCW(geom), 3, 0) AS geojson_25832 '
        'FROM registry.published_area_searched', columns
    );
END $$;
GRANT SELECT ON registry.published_area TO geo_service_writer;

-- The areas of a municipality, also where another one leads.
CREATE INDEX programme_area_ags_all ON publication.programme_area USING gin (ags_all);
