-- A tile takes the largest areas first. Where a tile holds most of a country, they are found in this order
-- without measuring all of them.
CREATE INDEX programme_area_by_size
    ON publication.programme_area ((public.ST_Area(geom)) DESC NULLS LAST, area_no);
