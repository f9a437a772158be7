-- The grids of all tiles of a level lie on each other: an outline that keeps to their lines is the same in every tile.
-- So it is snapped, simplified and made valid when a boundary is written, and a tile only moves it to its place.

-- An outline (EPSG:3857) as the tiles of WebMercatorQuad show it: element n + 1 is that of level n, 0 to 12, as TWKB.
-- Units are those of tiles with 4096 along a side, counted from the north-western corner of the world to the east and
-- to the south. Null: nothing would be left of it. db/tile_shapes.py has the same lines for the other levels and grids.
CREATE FUNCTION registry.tile_shapes(outline public.geometry) RETURNS bytea[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- ST_IsValid says why not; here it is no news.
SET search_path = pg_catalog, public, pg_temp SET client_min_messages = warning AS $$
DECLARE
    half_world CONSTANT float8 := 20037508.342789244;
    box CONSTANT box3d := outline::box3d;
    side CONSTANT float8 := greatest(ST_XMax(box) - ST_XMin(box), ST_YMax(box) - ST_YMin(box));
    units integer;
    step integer;
    scale float8;
    snapped geometry;
    shape geometry;
    shapes bytea[];
BEGIN
    FOR level IN 0 .. 12 LOOP
        units := 4096 << level;
        -- Where a cell is wider than 30 m on the ground, which it is up to level 11: see GENERALISED_FROM_M.
        step := CASE WHEN level < 12 THEN 2 ELSE 1 END;
        scale := units / (2 * half_world);
        CONTINUE WHEN side * scale < step;
        snapped := ST_SnapToGrid(
            ST_TransScale(outline, half_world, -half_world, scale, -scale), 0, 0, step, step
        );
        -- Most are valid from here on, and to check them is cheaper than to repair all.
        shape := CASE WHEN level >= 9 THEN ST_ForcePolygonCCW(ST_Simplify(snapped, 0.5)) END;
        IF shape IS NULL OR ST_IsEmpty(shape) OR NOT ST_IsValid(shape) THEN
            shape := ST_AsMVTGeom(
                ST_Scale(snapped, 1, -1), ST_MakeEnvelope(0, -units, units, 0)::box2d, units, 0, false
            );
        END IF;
        shapes[level + 1] := ST_AsTWKB(shape);
    END LOOP;
    RETURN shapes;
END $$;

ALTER TABLE registry.boundary
    ADD COLUMN tile_shapes bytea[] GENERATED ALWAYS AS (
        registry.tile_shapes(public.ST_Transform(geom, 3857))
    ) STORED,
    ALTER COLUMN tile_shapes SET STORAGE EXTERNAL;

-- One pass over the table, without a second version of each row: the column is computed from what was computed just
-- now, and from then on publishing fills it like every other one.
CREATE FUNCTION registry.current_tile_shapes(area integer) RETURNS bytea[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT tile_shapes FROM registry.boundary WHERE area_no = area AND valid_to IS NULL
$$;
ALTER TABLE publication.programme_area
    ADD COLUMN size_m2 double precision NOT NULL GENERATED ALWAYS AS (public.ST_Area(geom)) STORED,
    ADD COLUMN tile_shapes bytea[] GENERATED ALWAYS AS (registry.current_tile_shapes(area_no)) STORED,
    -- Beside the outlines, in the row itself: to look a value up elsewhere takes longer than to read it.
    ALTER COLUMN tile_shapes SET STORAGE MAIN;
ALTER TABLE publication.programme_area
    ALTER COLUMN size_m2 DROP EXPRESSION,
    ALTER COLUMN tile_shapes DROP EXPRESSION;
DROP FUNCTION registry.current_tile_shapes(integer);

-- The largest areas come first; unpacking each outline to measure it took as long as what is made of it.
DROP INDEX publication.programme_area_by_size;
CREATE INDEX programme_area_by_size ON publication.programme_area (size_m2 DESC NULLS LAST, area_no);

-- As before, with size and shapes for tiles.
ALTER VIEW registry.published_area RENAME TO published_area_texts;
CREATE VIEW registry.published_area AS
SELECT texts.*, public.ST_Area(texts.geom) AS size_m2, b.tile_shapes
FROM registry.published_area_texts AS texts
JOIN registry.boundary AS b ON b.area_no = texts.area_no AND b.valid_to IS NULL;
GRANT SELECT ON registry.published_area TO geo_service_writer;
