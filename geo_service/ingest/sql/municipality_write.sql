-- New and changed municipalities. A new outline leaves a stored point where it is.
-- Parameters: source, licence text, of the outlines that this file brings.
WITH wanted AS (
    SELECT
        r.ags, r.name, r.district, r.government_region, r.participation,
        coalesce(r.attr_basis, 'documented') AS attr_basis,
        CASE WHEN r.shape_changed THEN coalesce(CAST(:source AS text), r.source) ELSE r.source END AS source,
        CASE WHEN r.shape_changed THEN coalesce(CAST(:licence AS text), r.licence) ELSE r.licence END AS licence,
        CASE
            WHEN r.shape_changed AND public.GeometryType(r.geom) = 'POINT' THEN r.geom
            ELSE coalesce(m.point, public.ST_PointOnSurface(CASE WHEN r.shape_changed THEN r.geom END))
        END AS point,
        CASE
            WHEN r.shape_changed AND public.GeometryType(r.geom) <> 'POINT' THEN r.geom ELSE m.outline
        END AS outline
    FROM import_row AS r
    LEFT JOIN registry.municipality AS m ON m.ags = r.ags
)
INSERT INTO registry.municipality AS m
    (ags, name, district, government_region, participation, attr_basis, source, licence, point, outline)
SELECT ags, name, district, government_region, participation, attr_basis, source, licence, point, outline
FROM wanted
ON CONFLICT (ags) DO UPDATE SET
    (name, district, government_region, participation, attr_basis, source, licence, point, outline)
    = ROW(excluded.name, excluded.district, excluded.government_region, excluded.participation,
          excluded.attr_basis, excluded.source, excluded.licence, excluded.point, excluded.outline)
WHERE (m.name, m.district, m.government_region, m.participation, m.attr_basis, m.source, m.licence, m.point,
       m.outline)
      IS DISTINCT FROM
      (excluded.name, excluded.district, excluded.government_region, excluded.participation, excluded.attr_basis,
       excluded.source, excluded.licence, excluded.point, excluded.outline)
RETURNING m.ags
