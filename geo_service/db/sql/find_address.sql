-- Addresses that are written like a text.
--
-- Parameters
--   street  text     words of the street, perhaps with those of the town, as typed and without the number
--   number  integer  house number; null: none was given
--   suffix  text     letter behind the number, or empty
--   most    integer  how many
-- Returns the most alike first, and of them those that are about as much alike
--   street, number, suffix, municipality, quarter
--   easting, northing  EPSG:25832
--   exact   the number was found; false: the next one in the street stands in for it
WITH asked AS MATERIALIZED (
    SELECT publication.street_words(:street) AS words
), street AS MATERIALIZED (
    SELECT likeness.*, of_street + of_town + of_all AS alike
    FROM (
        SELECT street.*,
            word_similarity(street.words, asked.words) AS of_street,
            -- What is left of the text when the street is taken out of it should be the town.
            word_similarity(btrim(replace(asked.words, street.words, '')), street.town_words) AS of_town,
            word_similarity(asked.words, street.words || ' ' || street.town_words) AS of_all
        FROM asked JOIN publication.street AS street ON street.words <% asked.words
    ) AS likeness
    ORDER BY alike DESC, street_no LIMIT 60
)
SELECT street.name AS street, house.house_number AS number, house.suffix, street.municipality, street.quarter,
    ST_X(house.point) AS easting, ST_Y(house.point) AS northing,
    CAST(:number AS integer) IS NOT NULL AND house.house_number = :number AND house.suffix = :suffix AS exact
FROM street CROSS JOIN LATERAL (
    SELECT * FROM publication.address AS address
    WHERE address.street_no = street.street_no
    ORDER BY abs(house_number - coalesce(CAST(:number AS integer), 0)), (suffix <> :suffix), suffix LIMIT 1
) AS house
WHERE street.alike >= (SELECT max(alike) FROM street) - 0.25
-- Of streets that are about as much alike, one that has the number goes first.
ORDER BY round(alike::numeric, 1) DESC, exact DESC, alike DESC, street.municipality COLLATE "de-x-icu", street.street_no
LIMIT :most
