-- One question to names, towns and texts.
--
-- Parameters
--   words     text     as typed
--   language  text     de or en: which of two versions of a text is shown
--   most      integer  hits per group
-- Returns one row of json lists
--   areas    areas with all words in their names, former names and towns, the most alike first; `former` are the
--            former names with one of the words
--   towns    municipalities with the number of their areas
--   texts    sections of profiles with all words, else with some of them where the area has the others elsewhere;
--            `snippet` marks the words by ⟦ and ⟧
--   alike_names  areas and towns with names written alike, only where no name matches
--   more     how many sections there are besides
WITH asked AS MATERIALIZED (
    SELECT every, replace(every::text, ' & ', ' | ')::tsquery AS either,
        publication.search_umlauts(publication.search_text(:words)) AS folded
    FROM publication.search_query(:words) AS every
), found AS MATERIALIZED (
    SELECT area.area_no, area.area_id, area.name, area.municipality, area.municipalities, area.status,
        area.start_year, area.end_year, area.geom_basis, area.attr_basis, profile.profile,
        similarity(publication.search_umlauts(publication.search_text(area.name)), asked.folded) AS alike
    FROM asked JOIN publication.programme_area AS area ON area.search @@ asked.every
    LEFT JOIN publication.profile AS profile ON profile.area_no = area.area_no
    ORDER BY alike DESC, area.name COLLATE "de-x-icu", area.area_no LIMIT 300
), named AS MATERIALIZED (
    SELECT found.*, (
        SELECT json_agg(former.value ->> 'name' ORDER BY former.ordinality)
        FROM asked, jsonb_array_elements(found.profile -> 'former_names') WITH ORDINALITY AS former
        WHERE publication.search_vector(former.value ->> 'name') @@ asked.either
    ) AS former
    FROM found, asked
    WHERE publication.search_vector(concat_ws(' ', found.name, array_to_string(found.municipalities, ' '), (
        SELECT string_agg(former ->> 'name', ' ') FROM jsonb_array_elements(found.profile -> 'former_names') AS former
    ))) @@ asked.every
), towns AS MATERIALIZED (
    SELECT town.ags, town.name, town.district, (
        SELECT count(*) FROM publication.programme_area AS area WHERE area.ags_all @> ARRAY[town.ags]) AS areas,
        similarity(publication.search_umlauts(publication.search_text(town.name)), asked.folded) AS alike
    FROM asked JOIN publication.municipality AS town ON town.search @@ asked.every
), body AS (
    SELECT found.area_no, one.language, section.key AS section, section.value AS body
    FROM found, jsonb_each(found.profile -> 'sections') AS one (language, texts), jsonb_each_text(one.texts) AS section
    UNION ALL
    SELECT found.area_no, one.language, 'milestones', one.body
    FROM found, LATERAL (
        SELECT language, string_agg(step ->> ('text_' || language), ' · ') AS body
        FROM jsonb_array_elements(found.profile -> 'milestones') AS step, unnest(ARRAY['de', 'en']) AS language
        GROUP BY language) AS one
    UNION ALL
    SELECT found.area_no, one.language, 'materials', one.body
    FROM found, LATERAL (
        SELECT language, string_agg(file ->> ('title_' || language), ' · ') AS body
        FROM jsonb_array_elements(found.profile -> 'documents') AS file, unnest(ARRAY['de', 'en']) AS language
        GROUP BY language) AS one
), matched AS (
    SELECT body.*, vector @@ asked.every AS whole, length(body.body) AS size
    FROM body CROSS JOIN asked CROSS JOIN LATERAL publication.search_vector(body.body) AS vector
    WHERE vector @@ asked.either
), texts AS MATERIALIZED (
    SELECT DISTINCT ON (area_no, section) * FROM matched
    WHERE whole OR (
        area_no NOT IN (SELECT area_no FROM named)
        AND NOT EXISTS (SELECT FROM matched AS other WHERE other.area_no = matched.area_no AND other.whole))
    ORDER BY area_no, section, whole DESC, (language = :language) DESC, size DESC
), shown AS (
    SELECT texts.*, found.area_id, found.name, found.municipality, found.alike
    FROM texts JOIN found USING (area_no)
    ORDER BY whole DESC, (language = :language) DESC, alike DESC, area_no, section LIMIT :most
), spelled AS (
    SELECT * FROM (
        SELECT 'area' AS kind, area_id AS id, name, municipality AS town,
            word_similarity(asked.folded, publication.search_umlauts(publication.search_text(name))) AS alike
        FROM publication.programme_area, asked
        UNION ALL
        SELECT 'town', ags, name, district,
            word_similarity(asked.folded, publication.search_umlauts(publication.search_text(name)))
        FROM publication.municipality, asked
    ) AS name
    WHERE alike >= 0.45 AND length((SELECT folded FROM asked)) BETWEEN 3 AND 60
        AND NOT EXISTS (SELECT FROM named) AND NOT EXISTS (SELECT FROM towns)
    ORDER BY alike DESC, name COLLATE "de-x-icu", id LIMIT 8
)
SELECT
    (SELECT coalesce(json_agg(json_build_object(
        'area_id', area_id, 'name', name, 'municipality', municipality, 'municipalities', municipalities,
        'status', status, 'start_year', start_year, 'end_year', end_year, 'geom_basis', geom_basis,
        'attr_basis', attr_basis, 'former', coalesce(former, '[]'))
        ORDER BY alike DESC, name COLLATE "de-x-icu", area_no), '[]')
     FROM (SELECT * FROM named ORDER BY alike DESC, name COLLATE "de-x-icu", area_no LIMIT :most) AS first) AS areas,
    (SELECT count(*) FROM named) AS area_count,
    (SELECT coalesce(json_agg(json_build_object('ags', ags, 'name', name, 'district', district, 'areas', areas)
        ORDER BY alike DESC, name COLLATE "de-x-icu", ags), '[]')
     FROM (SELECT * FROM towns ORDER BY alike DESC, name COLLATE "de-x-icu", ags LIMIT :most) AS first) AS towns,
    (SELECT coalesce(json_agg(json_build_object(
        'area_id', area_id, 'name', name, 'municipality', municipality, 'language', language, 'section', section,
        'snippet', ts_headline('pg_catalog.german', left(body, 50000), asked.either,
            'StartSel=⟦, StopSel=⟧, MaxFragments=2, MaxWords=26, MinWords=14, FragmentDelimiter=" … "'))
        ORDER BY whole DESC, (language = :language) DESC, alike DESC, area_no, section), '[]')
     FROM shown, asked) AS texts,
    greatest((SELECT count(*) FROM texts) - :most, 0) AS more,
    (SELECT coalesce(json_agg(json_build_object('kind', kind, 'id', id, 'name', name, 'town', town)
        ORDER BY alike DESC, name COLLATE "de-x-icu", id), '[]') FROM spelled) AS alike_names
FROM asked
