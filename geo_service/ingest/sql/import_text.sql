-- Of a text in a file and the stored one, the one to keep: the stored one where they differ only by what a file
-- format loses, which is space around the text and, beyond `cut` bytes, its end.
CREATE OR REPLACE FUNCTION pg_temp.import_text(given text, stored text, cut integer) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN given = btrim(stored, E' \t\r\n') THEN stored
    WHEN octet_length(given) >= cut AND starts_with(btrim(stored, E' \t\r\n'), given) THEN stored
    ELSE given
END
