-- An outline that is cut at the edges of a tile and put on the lines of its grid is not always valid. To check it takes
-- longer than to cut it. So that is done when a boundary is published, for each tile that cuts it.

-- The levels of WebMercatorQuad, 0 to 14, on which a quick cut of an outline (EPSG:3857; its finished shapes are those
-- of registry.tile_shapes) is valid in every tile: bit n is level n. Tiles have 4096 units and a margin of 64. Levels on
-- which very many tiles would have to be tried are not among them.
-- db/tile_shapes.py cuts by the same expressions, with the same numbers.
CREATE FUNCTION registry.valid_cuts(outline public.geometry, shapes bytea[]) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
-- ST_IsValid says why not; here it is no news.
SET search_path = pg_catalog, public, pg_temp SET client_min_messages = warning AS $$
DECLARE
    half_world CONSTANT float8 := 20037508.342789244;
    frame CONSTANT geometry := ST_MakeEnvelope(-64, -64, 4160, 4160);
    -- More would keep a publication waiting. At level 14 that is an area 30 km wide and high.
    most_tiles CONSTANT integer := 400;
    side float8;
    placed geometry;
    box box3d;
    west integer;
    north integer;
    east integer;
    south integer;
    cut geometry;
    is_valid boolean;
    valid integer := 0;
BEGIN
    FOR level IN 0 .. 14 LOOP
        side := 2 * half_world / (1 << level);
        placed := CASE
            WHEN level < 13 THEN ST_GeomFromTWKB(shapes[level + 1])
            ELSE ST_TransScale(outline, half_world, -half_world, 4096 / side, -4096 / side)
        END;
        is_valid := true;
        IF placed IS NOT NULL THEN
            box := placed::box3d;
            west := floor((ST_XMin(box) - 65) / 4096);
            north := floor((ST_YMin(box) - 65) / 4096);
            east := floor((ST_XMax(box) + 65) / 4096);
            south := floor((ST_YMax(box) + 65) / 4096);
            is_valid := (east - west + 1) * (south - north + 1) <= most_tiles;
            <<tiles>>
            FOR x IN west .. east LOOP
                FOR y IN north .. south LOOP
                    EXIT tiles WHEN NOT is_valid;
                    cut := CASE
                        WHEN level < 13 THEN ST_Translate(placed, -4096 * x, -4096 * y)
                        ELSE ST_TransScale(
                            outline, half_world - x * side, y * side - half_world, 4096 / side, -4096 / side
                        )
                    END;
                    CONTINUE WHEN level < 13 AND cut @ frame;
                    cut := ST_SnapToGrid(ST_ClipByBox2D(cut, frame::box2d), 1);
                    IF level > 12 THEN
                        cut := ST_Simplify(cut, 0.5);
                    END IF;
                    is_valid := coalesce(ST_IsEmpty(cut) OR ST_Dimension(cut) = 2 AND ST_IsValid(cut), true);
                END LOOP;
            END LOOP;
        END IF;
        IF is_valid THEN
            valid := valid | (1 << level);
        END IF;
    END LOOP;
    RETURN valid;
END $$;

-- Nearly all outlines are valid wherever they are cut, so that few rows are written again. Where nothing is known,
-- tiles repair what they cut.
ALTER TABLE publication.programme_area ADD COLUMN valid_cuts integer NOT NULL DEFAULT (1 << 15) - 1;
UPDATE publication.programme_area AS p SET valid_cuts = made.valid_cuts
FROM (
    SELECT area_no, registry.valid_cuts(geom_3857, tile_shapes) AS valid_cuts
    FROM publication.programme_area
    OFFSET 0
) AS made
WHERE made.area_no = p.area_no AND made.valid_cuts <> p.valid_cuts;
ALTER TABLE publication.programme_area ALTER COLUMN valid_cuts SET DEFAULT 0;

-- As before, with the levels on which quick cuts are valid.
ALTER VIEW registry.published_area RENAME TO published_area_shapes;
CREATE VIEW registry.published_area AS
SELECT shapes.*, registry.valid_cuts(shapes.geom_3857, shapes.tile_shapes) AS valid_cuts
FROM registry.published_area_shapes AS shapes;
GRANT SELECT ON registry.published_area TO geo_service_writer;
