-- An index for each field to sort by, with the key behind it, so that a page anywhere in the order is a step
-- into an index. Text is in the order of a German dictionary, whatever the database's locale is, and counts up
-- to 200 characters, because a row of an index has its limit. Nulls are read apart: see db/ordering.py.

CREATE INDEX programme_area_by_area_id
    ON publication.programme_area ((left(area_id, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_name
    ON publication.programme_area ((left(name, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_municipality
    ON publication.programme_area ((left(municipality, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_ags
    ON publication.programme_area ((left(ags, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_district
    ON publication.programme_area ((left(district, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_government_region
    ON publication.programme_area ((left(government_region, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_status
    ON publication.programme_area ((left(status, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_stage
    ON publication.programme_area ((left(stage, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_programme
    ON publication.programme_area ((left(programme, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_start_date ON publication.programme_area (start_date, area_no);
CREATE INDEX programme_area_by_end_date ON publication.programme_area (end_date, area_no);
CREATE INDEX programme_area_by_start_year ON publication.programme_area (start_year, area_no);
CREATE INDEX programme_area_by_end_year ON publication.programme_area (end_year, area_no);
CREATE INDEX programme_area_by_resolution_date ON publication.programme_area (resolution_date, area_no);
CREATE INDEX programme_area_by_area_ha ON publication.programme_area (area_ha, area_no);
CREATE INDEX programme_area_by_population ON publication.programme_area (population, area_no);
CREATE INDEX programme_area_by_geom_basis
    ON publication.programme_area ((left(geom_basis, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_attr_basis
    ON publication.programme_area ((left(attr_basis, 200) COLLATE "de-x-icu"), area_no);
CREATE INDEX programme_area_by_sections ON publication.programme_area (sections, area_no);
CREATE INDEX programme_area_by_updated_at ON publication.programme_area (updated_at, area_no);

CREATE INDEX municipality_by_ags ON publication.municipality ((left(ags, 200) COLLATE "de-x-icu"), ags);
CREATE INDEX municipality_by_name ON publication.municipality ((left(name, 200) COLLATE "de-x-icu"), ags);
CREATE INDEX municipality_by_district
    ON publication.municipality ((left(district, 200) COLLATE "de-x-icu"), ags);
CREATE INDEX municipality_by_government_region
    ON publication.municipality ((left(government_region, 200) COLLATE "de-x-icu"), ags);
CREATE INDEX municipality_by_participation
    ON publication.municipality ((left(participation, 200) COLLATE "de-x-icu"), ags);
CREATE INDEX municipality_by_attr_basis
    ON publication.municipality ((left(attr_basis, 200) COLLATE "de-x-icu"), ags);
