-- Full text: which words each published row can be found by, and how a search is read.
-- Umlauts and ß are folded twice, on both sides: to ae, oe, ue, ss, and to the bare vowel. So Düsseldorf is
-- found as düsseldorf, duesseldorf and dusseldorf, while the e of Moers, Soest and Coesfeld stays.

-- Small letters and digits between single spaces, whatever the database's locale is; accents other than the
-- umlauts are dropped.
CREATE FUNCTION publication.search_text(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(translate(
    regexp_replace(lower(normalize(words, NFC) COLLATE "de-x-icu"), '[^[:alnum:]]+', ' ', 'g'),
    'àáâãåçèéêëìíîïñòóôõøùúûýÿāăąćčďđēėęěğīįłńňōőřśšşťūůűźżžț',
    'aaaaaceeeeiiiinooooouuuyyaaaccddeeeegiilnnoorssstuuuzzzt'
));

CREATE FUNCTION publication.search_umlauts(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(replace(replace(replace(words, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss');

CREATE FUNCTION publication.search_vowels(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(translate(words, 'äöü', 'aou'), 'ß', 'ss');

-- The stems of a text, in both foldings and without positions. A vector holds at most a megabyte: texts count
-- up to 100,000 characters.
CREATE FUNCTION publication.search_vector(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT strip(to_tsvector('pg_catalog.german', publication.search_umlauts(folded)))
        || strip(to_tsvector('pg_catalog.german', publication.search_vowels(folded)))
    FROM (SELECT publication.search_text(left(coalesce(words, ''), 100000)) AS folded OFFSET 0) AS text
$$;

-- One word of a search. The last one may be cut short: then its stem or the word itself is the beginning of a
-- word. Null: a stop word, which narrows nothing down. The word consists of letters and digits.
CREATE FUNCTION publication.search_word(word text, is_last boolean) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT nullif(CASE WHEN is_last
        THEN to_tsquery('pg_catalog.german', quote_literal(word) || ':*')
            || to_tsquery('pg_catalog.simple', quote_literal(word) || ':*')
        ELSE plainto_tsquery('pg_catalog.german', word)
    END, ''::tsquery)
$$;

-- What a search means: every word, in either folding. Null where there is no word at all: it finds nothing.
CREATE FUNCTION publication.search_query(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    folded text[] := string_to_array(publication.search_text(words), ' ');
    result tsquery;
    either tsquery;
BEGIN
    FOR position IN 1 .. coalesce(array_length(folded, 1), 0) LOOP
        CONTINUE WHEN folded[position] = '';
        either := coalesce(publication.search_word(
                publication.search_umlauts(folded[position]), position = array_length(folded, 1)), ''::tsquery)
            || coalesce(publication.search_word(
                publication.search_vowels(folded[position]), position = array_length(folded, 1)), ''::tsquery);
        IF numnode(either) > 0 THEN
            result := CASE WHEN result IS NULL THEN either ELSE result && either END;
        END IF;
    END LOOP;
    RETURN result;
END $$;

ALTER VIEW registry.published_area RENAME TO published_area_fact;

CREATE VIEW registry.published_area AS
SELECT
    fact.*,
    publication.search_vector(concat_ws(
        ' ',
        (SELECT string_agg(n.name, ' ') FROM registry.area_name AS n WHERE n.area_no = fact.area_no),
        array_to_string(fact.municipalities, ' '),
        fact.district,
        fact.concept,
        (
            SELECT string_agg(concat_ws(' ', m.text_de, m.text_en), ' ' ORDER BY m.milestone_no)
            FROM registry.milestone AS m WHERE m.area_no = fact.area_no
        ),
        (
            SELECT string_agg(concat_ws(' ', d.title_de, d.title_en), ' ' ORDER BY d.document_no)
            FROM registry.document AS d WHERE d.area_no = fact.area_no AND d.released_at IS NOT NULL
        ),
        (
            SELECT string_agg(ps.body, ' ' ORDER BY ps.language COLLATE "C", ps.section COLLATE "C")
            FROM registry.profile_section AS ps WHERE ps.area_no = fact.area_no
        )
    )) AS search
FROM registry.published_area_fact AS fact;

ALTER VIEW registry.published_municipality RENAME TO published_municipality_fact;

CREATE VIEW registry.published_municipality AS
SELECT fact.*, publication.search_vector(concat_ws(' ', fact.name, fact.district)) AS search
FROM registry.published_municipality_fact AS fact;

GRANT SELECT ON registry.published_area, registry.published_municipality TO geo_service_writer;

ALTER TABLE publication.programme_area ADD COLUMN search tsvector NOT NULL DEFAULT '';
ALTER TABLE publication.municipality ADD COLUMN search tsvector NOT NULL DEFAULT '';
SELECT registry.rebuild_publication();
-- The deferred publication has nothing left to do; what is pending would forbid the next statement.
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE publication.programme_area ALTER COLUMN search DROP DEFAULT;
ALTER TABLE publication.municipality ALTER COLUMN search DROP DEFAULT;
CREATE INDEX programme_area_search ON publication.programme_area USING gin (search);
CREATE INDEX municipality_search ON publication.municipality USING gin (search);
