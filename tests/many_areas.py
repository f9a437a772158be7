"""Thousands of areas, made by the database itself."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.factories import make_municipality

TOWNS = ("Ahlen", "Ähnlich", "Zülpich", "Œuvre", "bergheim", "Bergheim", "Öding")
# Each may use :count, how many areas are wanted, and :towns, the names above.
_STATEMENTS = (
    """
    INSERT INTO registry.municipality (ags, name, district, government_region, participation, point)
    SELECT '0598' || lpad(n::text, 4, '0'), 'Ort ' || n % 700, CASE WHEN n % 3 > 0 THEN 'Kreis ' || n % 20 END,
        CASE WHEN n % 5 > 0 THEN 'Bezirk ' || n % 4 END,
        CASE WHEN n % 7 = 0 THEN 'planning' WHEN n % 7 = 1 THEN 'participating' END,
        CASE WHEN n % 9 > 0 THEN ST_SetSRID(ST_MakePoint(300000 + n * 100, 5600000), 25832) END
    FROM generate_series(0, 1499) AS n
    """,
    """
    INSERT INTO registry.programme_area
        (area_id, status, stage, start_date, start_year, end_year, end_date, resolution_date, population,
         attr_basis, documented_area_ha, released_at)
    SELECT 'viele-' || n, (ARRAY['planned', 'ongoing', 'completed', NULL])[1 + n % 4],
        CASE WHEN n % 5 = 0 THEN 'suspended' END,
        CASE WHEN n % 3 = 0 THEN date '2000-01-01' + n % 400 END,
        CASE WHEN n % 3 = 1 THEN 1999 + n % 9 END, CASE WHEN n % 2 = 0 THEN 2015 + n % 4 END,
        CASE WHEN n % 4 = 1 THEN date '2014-06-01' + n % 200 END,
        CASE WHEN n % 11 < 4 THEN date '1999-01-01' + n % 90 END,
        CASE WHEN n % 6 > 1 THEN n * 7919 % 500 END, (ARRAY['fictional', 'partly'])[1 + n % 2],
        CASE WHEN n % 7 = 0 THEN 1 + n % 13 / 10.0 END, '2024-01-01'
    FROM generate_series(1, :count) AS n
    """,
    """
    INSERT INTO registry.area_name (area_no, name)
    SELECT area_no, (ARRAY['Ost', 'Süd', 'Übach', 'ost', 'Zentrum', 'Äußere Stadt', 'Altstadt'])[1 + area_no % 7]
        || CASE WHEN area_no % 4 > 0 THEN ' ' || area_no % 50 ELSE '' END
    FROM registry.programme_area WHERE area_id LIKE 'viele-%'
    """,
    """
    INSERT INTO registry.area_municipality (area_no, ags, is_leading)
    SELECT area_no, (SELECT array_agg(ags ORDER BY ags) FROM registry.municipality WHERE name = ANY (:towns))
        [1 + area_no % 7], true
    FROM registry.programme_area WHERE area_id LIKE 'viele-%'
    """,
    """
    INSERT INTO registry.entry
        (kind, slug, begin_date, begin_time, end_date, end_time, title_de, title_en, body_de, place, ags, organiser,
         is_cancelled, point, source, released_at)
    SELECT 'event', 'viele-' || n, date '2019-01-01' + n % 400, CASE WHEN n % 3 > 0 THEN time '08:00' + n % 9 * interval '1 hour' END,
        CASE WHEN n % 5 = 0 THEN date '2021-01-01' + n % 90 END,
        CASE WHEN n % 3 > 0 AND n % 2 = 0 THEN time '20:00' + n % 3 * interval '1 hour' END,
        CASE WHEN n % 7 > 0 THEN (ARRAY['Übung', 'Zukunft', 'Ausblick', 'ähnlich'])[1 + n % 4] || ' ' || n % 90 END,
        CASE WHEN n % 7 = 0 OR n % 2 = 0 THEN 'Event ' || n % 70 END,
        CASE WHEN n % 7 > 0 AND n % 4 = 0 THEN 'Text' END,
        CASE WHEN n % 4 > 0 THEN 'Haus ' || n % 60 END,
        CASE WHEN n % 6 > 0 THEN (SELECT ags FROM registry.municipality WHERE name = 'Ort ' || n % 700 LIMIT 1) END,
        CASE WHEN n % 8 > 0 THEN 'Stelle ' || n % 50 END, n % 9 = 0,
        CASE WHEN n % 10 > 2 THEN ST_SetSRID(ST_MakePoint(300000 + n * 100, 5610000), 25832) END, 'Testquelle', '2024-01-01'
    FROM generate_series(1, 3000) AS n
    """,
    """
    INSERT INTO registry.programme_period (area_no, programme, start_year)
    SELECT area_no, (ARRAY['SOS', 'SZH'])[1 + area_no % 2], 2010
    FROM registry.programme_area WHERE area_id LIKE 'viele-%' AND area_no % 3 = 0
    """,
    """
    INSERT INTO registry.boundary (area_no, geom, geom_basis)
    SELECT area_no, ST_Multi(ST_MakeEnvelope(x, y, x + 40 + area_no % 30 * 10, y + 50, 25832)),
        (ARRAY['official', 'schematic'])[1 + area_no % 2]
    FROM registry.programme_area,
        LATERAL (SELECT 300000 + area_no % 300 * 500 AS x, 5600000 + area_no / 300 * 500 AS y) AS place
    WHERE area_id LIKE 'viele-%'
    """,
)


def make_areas(connection: Connection, count: int) -> None:
    """Insert many released areas: squares in rows, with ties, gaps and umlauts in everything to sort by."""
    for name in TOWNS:
        make_municipality(
            connection,
            name=name,
            district=None if name == "Ahlen" else f"Kreis {name}",
            participation="planning" if name.isascii() else None,
        )
    for statement in _STATEMENTS:
        wanted = {"count": count, "towns": list(TOWNS)}
        bound = {name: value for name, value in wanted.items() if f":{name}" in statement}
        connection.execute(text(statement), bound)
