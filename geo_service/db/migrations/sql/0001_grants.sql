-- geo_service_reader sees publication and nothing else; geo_service_writer changes registry, and what it
-- publishes is written by the triggers, not by itself. Both roles exist before the migration runs.

GRANT USAGE ON SCHEMA publication TO geo_service_reader, geo_service_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA publication TO geo_service_reader, geo_service_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA publication GRANT SELECT ON TABLES TO geo_service_reader, geo_service_writer;

GRANT USAGE ON SCHEMA registry TO geo_service_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA registry TO geo_service_writer;
GRANT INSERT, UPDATE, DELETE ON
    registry.municipality, registry.programme_area, registry.area_name, registry.area_municipality,
    registry.boundary, registry.programme_period, registry.profile_section, registry.milestone, registry.contact,
    registry.document, registry.programme_area_edit
TO geo_service_writer;
