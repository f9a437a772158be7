-- Where the municipalities of a stored area shall be others, or another one shall lead.
UPDATE import_row AS r SET towns_changed = true
FROM (
    SELECT m.area_no, array_agg(m.ags ORDER BY m.ags) AS keys, max(m.ags) FILTER (WHERE m.is_leading) AS leading
    FROM registry.area_municipality AS m
    GROUP BY m.area_no
) AS stored
WHERE stored.area_no = r.area_no
  AND (stored.leading IS DISTINCT FROM r.ags
       OR stored.keys IS DISTINCT FROM (SELECT array_agg(k ORDER BY k) FROM unnest(r.ags_all) AS k))
