-- Contacts are read where they are kept, so that one whose time is up is gone at that moment: nothing is stored
-- twice, nobody has to publish, and no copy of a person's name is left behind.
CREATE VIEW publication.contact AS
SELECT
    c.contact_no,
    p.area_id,
    c.function_de,
    c.function_en,
    c.organisation,
    CASE WHEN c.person_released THEN c.person END AS person,
    c.email,
    c.phone,
    c.expires_at
FROM registry.contact AS c
JOIN publication.programme_area AS p ON p.area_no = c.area_no
WHERE c.released_at IS NOT NULL AND coalesce(c.expires_at > now(), true);
GRANT SELECT ON publication.contact TO geo_service_reader, geo_service_writer;

-- Whether an area lives on in its successor (renamed, merged) or ended. The successor may itself be withdrawn by
-- now: who reads follows the chain.
ALTER TABLE publication.withdrawal ADD COLUMN reason text;

CREATE OR REPLACE VIEW registry.published_withdrawal AS
SELECT a.area_no, a.area_id, n.name, s.area_id AS successor_area_id, a.withdrawn_on, a.withdrawal_reason AS reason
FROM registry.programme_area AS a
JOIN registry.area_name AS n ON n.area_no = a.area_no AND n.valid_to IS NULL
LEFT JOIN registry.programme_area AS s ON s.area_no = a.successor_area_no AND s.released_at IS NOT NULL
WHERE a.released_at IS NOT NULL AND a.withdrawn_on IS NOT NULL;

-- Everything that a profile page shows beyond the feature itself, as one document. Files that are not
-- released are not in it, and contacts are in no copy at all: see publication.contact.
CREATE OR REPLACE VIEW registry.published_profile AS
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
        -- A version that held for no day was corrected on the day on which it was made: it is no history.
        'boundaries', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'valid_from', to_char(b.valid_from, 'YYYY-MM-DD'), 'valid_to', to_char(b.valid_to, 'YYYY-MM-DD'),
                'geom_basis', b.geom_basis, 'source', b.source, 'reason', b.reason, 'licence', b.licence,
                'area_ha', b.known_ha, 'difference_ha', b.known_ha - b.former_ha
            ) ORDER BY b.valid_to NULLS LAST, b.boundary_no)
            FROM (
                SELECT
                    one.*,
                    CASE one.geom_basis WHEN 'official' THEN one.area_ha END AS known_ha,
                    lag(CASE one.geom_basis WHEN 'official' THEN one.area_ha END) OVER (
                        ORDER BY one.valid_to NULLS LAST, one.boundary_no
                    ) AS former_ha
                FROM registry.boundary AS one
                WHERE one.area_no = a.area_no AND one.valid_from IS DISTINCT FROM coalesce(one.valid_to, 'infinity')
            ) AS b
        ), '[]'),
        'attr_source', a.attr_source,
        'documented_area_ha', a.documented_area_ha,
        'documented_area_year', a.documented_area_year,
        'population_year', a.population_year
    ) AS profile
FROM registry.programme_area AS a
WHERE a.released_at IS NOT NULL AND a.withdrawn_on IS NULL;

SELECT registry.rebuild_publication();
-- The deferred publication has nothing left to do; what is pending would stand in the way of the next migration.
SET CONSTRAINTS ALL IMMEDIATE;
