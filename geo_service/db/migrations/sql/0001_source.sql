-- From registry to publication: views that say what each published row consists of.
-- No clock is asked here: the same truth always gives the same rows.

CREATE FUNCTION registry.status_label(status text, language text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE language
    WHEN 'de' THEN CASE status
        WHEN 'planned' THEN 'in Planung'
        WHEN 'ongoing' THEN 'laufend'
        WHEN 'completed' THEN 'abgeschlossen'
        ELSE 'Status nicht belegt' END
    ELSE CASE status
        WHEN 'planned' THEN 'in planning'
        WHEN 'ongoing' THEN 'ongoing'
        WHEN 'completed' THEN 'completed'
        ELSE 'status not documented' END
END;

-- The days on which an area is in the programme. A year alone counts from 1 January to 31 December. A missing
-- end is open only while the area is planned or ongoing. Null: not known, hence in no period of time.
CREATE FUNCTION registry.area_period(
    status text, start_date date, start_year integer, end_date date, end_year integer
) RETURNS daterange
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN start_date IS NULL AND start_year IS NULL THEN NULL
    WHEN end_date IS NULL AND end_year IS NULL AND status IN ('planned', 'ongoing')
        THEN daterange(coalesce(start_date, make_date(start_year, 1, 1)), NULL)
    WHEN end_date IS NULL AND end_year IS NULL THEN NULL
    ELSE daterange(
        coalesce(start_date, make_date(start_year, 1, 1)),
        coalesce(end_date, make_date(end_year, 12, 31)), '[]'
    )
END;

-- The seven sections count as present when they have text, or the rows that make them up.
CREATE VIEW registry.present_section AS
SELECT area_no, section FROM registry.profile_section
UNION
SELECT area_no, 'milestones' FROM registry.milestone
UNION
SELECT area_no, 'contact' FROM registry.contact WHERE released_at IS NOT NULL
UNION
SELECT area_no, 'materials' FROM registry.document WHERE released_at IS NOT NULL;

CREATE VIEW registry.published_area AS
WITH fact AS (
    SELECT
        a.area_no,
        a.area_id,
        n.name,
        town.names[1] AS municipality,
        town.keys[1] AS ags,
        town.names AS municipalities,
        town.keys AS ags_all,
        leading_town.district,
        leading_town.government_region,
        a.status,
        registry.status_label(a.status, 'de') AS status_de,
        registry.status_label(a.status, 'en') AS status_en,
        a.stage,
        programme.codes[array_upper(programme.codes, 1)] AS programme,
        programme.codes AS programmes,
        a.start_date,
        a.end_date,
        coalesce(a.start_year, extract(year FROM a.start_date)::integer) AS start_year,
        coalesce(a.end_year, extract(year FROM a.end_date)::integer) AS end_year,
        a.resolution_date,
        a.concept,
        a.concept_url,
        CASE b.geom_basis WHEN 'official' THEN b.area_ha ELSE a.documented_area_ha END AS area_ha,
        a.population,
        b.geom_basis,
        a.attr_basis,
        b.source AS geom_source,
        b.licence,
        (SELECT count(*) FROM registry.present_section AS s WHERE s.area_no = a.area_no)::integer AS sections,
        date_trunc('second', r.updated_at) AS updated_at,
        registry.area_period(a.status, a.start_date, a.start_year, a.end_date, a.end_year) AS period,
        b.geom,
        b.geojson,
        b.geom_3857,
        b.label_point,
        public.ST_AsGeoJSON(public.ST_Transform(b.label_point, 4326), 7, 0) AS label_geojson,
        public.ST_Transform(b.label_point, 3857) AS label_3857
    FROM registry.programme_area AS a
    LEFT JOIN registry.area_revision AS r ON r.area_no = a.area_no
    LEFT JOIN registry.area_name AS n ON n.area_no = a.area_no AND n.valid_to IS NULL
    LEFT JOIN registry.boundary AS b ON b.area_no = a.area_no AND b.valid_to IS NULL
    LEFT JOIN registry.area_municipality AS lead ON lead.area_no = a.area_no AND lead.is_leading
    LEFT JOIN registry.municipality AS leading_town ON leading_town.ags = lead.ags
    LEFT JOIN LATERAL (
        SELECT
            array_agg(m.name ORDER BY am.is_leading DESC, am.ags) AS names,
            array_agg(m.ags ORDER BY am.is_leading DESC, am.ags) AS keys
        FROM registry.area_municipality AS am
        JOIN registry.municipality AS m ON m.ags = am.ags
        WHERE am.area_no = a.area_no AND lead.ags IS NOT NULL
    ) AS town ON true
    -- Finished programmes first, then those that still run; so the last one is the current, else the last.
    LEFT JOIN LATERAL (
        SELECT array_agg(q.programme ORDER BY q.runs, q.last_start, q.last_end, q.programme) AS codes
        FROM (
            SELECT
                pp.programme,
                bool_or(pp.end_year IS NULL) AS runs,
                max(coalesce(pp.start_year, 0)) AS last_start,
                max(coalesce(pp.end_year, 9999)) AS last_end
            FROM registry.programme_period AS pp
            WHERE pp.area_no = a.area_no
            GROUP BY pp.programme
        ) AS q
    ) AS programme ON true
    WHERE a.released_at IS NOT NULL AND a.withdrawn_on IS NULL
)
SELECT
    fact.*,
    rtrim(json_build_object(
        'area_id', area_id,
        'name', name,
        'municipality', municipality,
        'ags', ags,
        'municipalities', municipalities,
        'ags_all', ags_all,
        'district', district,
        'government_region', government_region,
        'status', status,
        'status_de', status_de,
        'status_en', status_en,
        'stage', stage,
        'programme', programme,
        'programmes', programmes,
        'start_date', to_char(start_date, 'YYYY-MM-DD'),
        'end_date', to_char(end_date, 'YYYY-MM-DD'),
        'start_year', start_year,
        'end_year', end_year,
        'resolution_date', to_char(resolution_date, 'YYYY-MM-DD'),
        'concept', concept,
        'concept_url', concept_url,
        -- With both decimals: where the first features have whole numbers, GDAL and QGIS take the field for an
        -- integer and lose the decimals of the others.
        'area_ha', round(area_ha, 2),
        'population', population,
        'geom_basis', geom_basis,
        'attr_basis', attr_basis,
        'geom_source', geom_source,
        'licence', licence,
        'sections', sections,
        'updated_at', to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    )::text, '}') AS properties
FROM fact;

CREATE VIEW registry.published_municipality AS
SELECT
    m.ags,
    m.name,
    m.district,
    m.government_region,
    m.participation,
    m.attr_basis,
    m.source,
    m.licence,
    coalesce(m.outline, m.point) AS geom,
    public.ST_AsGeoJSON(
        public.ST_ForcePolygonCCW(public.ST_Transform(coalesce(m.outline, m.point), 4326)), 7, 0
    ) AS geojson,
    public.ST_Transform(m.outline, 3857) AS outline_3857,
    public.ST_Transform(coalesce(m.point, public.ST_PointOnSurface(m.outline)), 3857) AS point_3857,
    rtrim(json_build_object(
        'ags', m.ags,
        'name', m.name,
        'district', m.district,
        'government_region', m.government_region,
        'participation', m.participation,
        'attr_basis', m.attr_basis,
        'source', m.source,
        'licence', m.licence
    )::text, '}') AS properties
FROM registry.municipality AS m;

CREATE VIEW registry.published_withdrawal AS
SELECT a.area_no, a.area_id, n.name, s.area_id AS successor_area_id, a.withdrawn_on
FROM registry.programme_area AS a
JOIN registry.area_name AS n ON n.area_no = a.area_no AND n.valid_to IS NULL
LEFT JOIN registry.programme_area AS s
    ON s.area_no = a.successor_area_no AND s.released_at IS NOT NULL AND s.withdrawn_on IS NULL
WHERE a.released_at IS NOT NULL AND a.withdrawn_on IS NOT NULL;

-- Everything that a profile page shows beyond the feature itself, as one document. Contacts and files that are
-- not released are not in it.
CREATE VIEW registry.published_profile AS
SELECT
    a.area_no,
    a.area_id,
    jsonb_build_object(
        'sections', coalesce((
            SELECT jsonb_object_agg(language, texts) FROM (
                SELECT ps.language, jsonb_object_agg(ps.section, ps.body) AS texts
                FROM registry.profile_section AS ps WHERE ps.area_no = a.area_no GROUP BY ps.language
            ) AS per_language
        ), '{}'),
        'section_sources', coalesce((
            SELECT jsonb_object_agg(language, sources) FROM (
                SELECT ps.language, jsonb_object_agg(ps.section, ps.source) AS sources
                FROM registry.profile_section AS ps
                WHERE ps.area_no = a.area_no AND ps.source IS NOT NULL GROUP BY ps.language
            ) AS per_language
        ), '{}'),
        'milestones', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'date', to_char(m.milestone_date, 'YYYY-MM-DD'), 'year', m.year,
                'text_de', m.text_de, 'text_en', m.text_en
            ) ORDER BY m.year, m.milestone_date, m.milestone_no)
            FROM registry.milestone AS m WHERE m.area_no = a.area_no
        ), '[]'),
        'contacts', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'function_de', c.function_de, 'function_en', c.function_en, 'organisation', c.organisation,
                'person', c.person, 'email', c.email, 'phone', c.phone
            ) ORDER BY c.contact_no)
            FROM registry.contact AS c WHERE c.area_no = a.area_no AND c.released_at IS NOT NULL
        ), '[]'),
        'documents', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'file_name', d.file_name, 'title_de', d.title_de, 'title_en', d.title_en,
                'language', d.language, 'media_type', d.media_type, 'size_bytes', d.size_bytes,
                'sha256', d.sha256, 'licence', d.licence, 'source', d.source
            ) ORDER BY d.file_name COLLATE "C")
            FROM registry.document AS d WHERE d.area_no = a.area_no AND d.released_at IS NOT NULL
        ), '[]'),
        'municipalities', coalesce((
            SELECT jsonb_agg(jsonb_build_object('ags', m.ags, 'name', m.name, 'leading', am.is_leading)
                ORDER BY am.is_leading DESC, am.ags)
            FROM registry.area_municipality AS am
            JOIN registry.municipality AS m ON m.ags = am.ags WHERE am.area_no = a.area_no
        ), '[]'),
        'programme_periods', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'programme', p.programme, 'start_year', p.start_year, 'end_year', p.end_year
            ) ORDER BY p.start_year NULLS FIRST, p.end_year, p.programme)
            FROM registry.programme_period AS p WHERE p.area_no = a.area_no
        ), '[]'),
        'former_names', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'name', n.name, 'valid_from', to_char(n.valid_from, 'YYYY-MM-DD'),
                'valid_to', to_char(n.valid_to, 'YYYY-MM-DD')
            ) ORDER BY n.valid_to, n.area_name_no)
            FROM registry.area_name AS n WHERE n.area_no = a.area_no AND n.valid_to IS NOT NULL
        ), '[]'),
        'boundaries', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'valid_from', to_char(b.valid_from, 'YYYY-MM-DD'), 'valid_to', to_char(b.valid_to, 'YYYY-MM-DD'),
                'geom_basis', b.geom_basis, 'source', b.source, 'reason', b.reason, 'licence', b.licence,
                'area_ha', CASE b.geom_basis WHEN 'official' THEN b.area_ha END
            ) ORDER BY b.valid_to NULLS LAST, b.boundary_no)
            FROM registry.boundary AS b WHERE b.area_no = a.area_no
        ), '[]'),
        'attr_source', a.attr_source,
        'documented_area_ha', a.documented_area_ha
    ) AS profile
FROM registry.programme_area AS a
WHERE a.released_at IS NOT NULL AND a.withdrawn_on IS NULL;
