"""The floor: each question as one prepared PostGIS statement that transforms and encodes on the fly, over HTTP.

``python -m benchmarks.floor DATABASE_URL PORT`` serves it as a bare WSGI function, by the same server as the service and
without a framework, a parameter that is checked, a link or a header more than needed; after `PATIENCE_S` it answers
503. What is slower than this does something twice; what is faster has prepared its answer.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import psycopg2

from geo_service.web.worker import listen, make_server

PATIENCE_S = 20
FIELDS = (  # noqa: SIM905 - a list to be read
    "area_id name municipality ags municipalities ags_all district government_region status status_de status_en stage"
    " programme programmes start_date end_date start_year end_year resolution_date concept concept_url area_ha"
    " population geom_basis attr_basis geom_source licence sections updated_at"
).split()
PROPERTIES = "json_build_object({})::text".format(", ".join(f"'{name}', {name}" for name in FIELDS))
FEATURE = (
    '\'{{"type":"Feature","id":"\' || area_id || \'","geometry":\' || ST_AsGeoJSON({shape}, {digits}, 0)'
    f" || ',\"properties\":' || {PROPERTIES.replace('{', '{{').replace('}', '}}')} || '}}}}'"
)
DEGREES = FEATURE.format(shape="ST_Transform(geom, 4326)", digits=7)
METRES = FEATURE.format(shape="geom", digits=3)
COLLECTED = (
    "SELECT '{{\"type\":\"FeatureCollection\",\"features\":[' || string_agg({feature}, ',') || ']}}'"
    " FROM (SELECT * FROM publication.programme_area {chosen} ORDER BY area_no LIMIT $1) AS page"
)
TILE = """
SELECT ST_AsMVT(feature, 'programme-areas', 4096, 'geom', 'area_no') FROM (
    SELECT
        area_no, area_id, name, municipality, ags, status, status_de, status_en, stage, programme, start_year,
        end_year, geom_basis, attr_basis, sections,
        ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS geom
    FROM publication.programme_area
    WHERE geom && (SELECT ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096), 25832))
) AS feature WHERE geom IS NOT NULL
"""
# Name: types of the parameters, statement.
STATEMENTS = {
    "item": ("text", f"SELECT {DEGREES} FROM publication.programme_area WHERE area_id = $1"),
    "items": ("int", COLLECTED.format(feature=DEGREES, chosen="")),
    "metres": ("int", COLLECTED.format(feature=METRES, chosen="")),
    "behind": ("int, int", COLLECTED.format(feature=DEGREES, chosen="WHERE area_no > $2")),
    "status": ("int, text", COLLECTED.format(feature=DEGREES, chosen="WHERE status = $2")),
    "box": (
        "int, float8, float8, float8, float8",
        COLLECTED.format(
            feature=DEGREES,
            chosen="WHERE geom && (SELECT ST_Transform(ST_MakeEnvelope($2, $3, $4, $5, 4326), 25832))"
            " AND ST_Intersects(geom, (SELECT ST_Transform(ST_MakeEnvelope($2, $3, $4, $5, 4326), 25832)))",
        ),
    ),
    "tile": ("int, int, int", TILE),
}

Start = Callable[[str, list[tuple[str, str]]], object]


def make_app(database_url: str) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """Return a WSGI function that answers ``/NAME?p=…&p=…`` by the statement of that name."""
    connections = threading.local()

    def connect() -> Any:
        connection = psycopg2.connect(database_url)
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(
            f"SET search_path = publication, public; SET jit = off; SET statement_timeout = '{PATIENCE_S}s'"
        )
        for name, (types, statement) in STATEMENTS.items():
            cursor.execute(f"PREPARE floor_{name} ({types}) AS {statement}")
        return cursor

    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        cursor = getattr(connections, "cursor", None)
        if cursor is None:
            cursor = connections.cursor = connect()
        name = environ["PATH_INFO"].strip("/")
        values = parse_qs(environ["QUERY_STRING"]).get("p", [])
        placeholders = ", ".join(["%s"] * len(values))
        try:
            cursor.execute(f"EXECUTE floor_{name} ({placeholders})", values)
        except psycopg2.errors.QueryCanceled:
            start("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        answer = cursor.fetchone()[0] or ""
        data = bytes(answer) if isinstance(answer, memoryview) else answer.encode()
        start("200 OK", [("Content-Type", "application/geo+json"), ("Content-Length", str(len(data)))])
        return [data]

    return app


def main(database_url: str, port: int) -> None:
    """Serve until a signal ends it."""
    make_server(make_app(database_url), 8).run([listen(("127.0.0.1", port))])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
