"""QGIS and the service: filters of the query builder, pages, connections, and nothing asked of others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine, text

from tests.qgis.conftest import MANY, SENDS_FILTERS, Run
from tests.qgis.field_types import TYPES

# As the query builder writes them, and what they mean.
FILTERS = {
    "\"status\" = 'ongoing'": "status = 'ongoing'",
    '"start_year" >= 2010 AND "population" IS NOT NULL': "start_year >= 2010 AND population IS NOT NULL",
    "\"name\" LIKE 'Beispielgebiet S%'": "name LIKE 'Beispielgebiet S%'",
}


def test_filters_of_the_query_builder_find_what_they_say_and_newer_versions_send_them(
    qgis: Run, service: str, log_file: Path, sample_engine: Engine, version: int
) -> None:
    start = log_file.stat().st_size
    seen = qgis("filters.py", service, *FILTERS)
    lines = log_file.read_bytes()[start:].decode()
    sent = [parse_qs(urlsplit(path).query) for path in re.findall(r'"GET (\S+/items\S*) HTTP', lines)]

    assert seen["messages"] == []
    for expression, where in FILTERS.items():
        with sample_engine.connect() as connection:
            statement = text(f"SELECT area_id FROM publication.programme_area WHERE {where}")
            expected = sorted(connection.execute(statement).scalars())
        assert expected
        assert seen["filters"][expression] == {"set": True, "areas": expected}, expression
    filters = [query["filter"][0] for query in sent if "filter" in query]
    assert len(filters) >= len(FILTERS) if version >= SENDS_FILTERS else not filters


def test_thousands_of_areas_come_page_by_page_with_their_types(qgis: Run, many_service: str) -> None:
    seen = qgis("pages.py", many_service)

    assert (seen["announced"], seen["read"], seen["different"]) == (MANY, MANY, MANY)
    for name, kind in (("start_year", "integer"), ("start_date", "date"), ("population", "integer")):
        assert seen["types"][name] in TYPES[kind], name
    assert seen["types"]["area_ha"] in TYPES["number"]


def test_connections_lead_to_the_service(qgis: Run, service: str, download: Callable[..., Path]) -> None:
    features = ElementTree.parse(download("/qgis/ogc_api_connection.xml")).getroot()
    tiles = ElementTree.parse(download("/qgis/vector_tiles_connection.xml")).getroot()

    assert (features.tag, tiles.tag) == ("qgsWFSConnections", "qgsVectorTileConnections")
    assert features[0].get("version") == "OGC_API_FEATURES"
    seen = qgis(
        "connections.py",
        features[0].get("url"),
        tiles[0].get("url"),
        tiles[0].get("zmin"),
        tiles[0].get("zmax"),
    )
    assert seen["messages"] == []
    assert seen["features"]
    assert seen["tiles"]
    assert seen["count"] > 300


@pytest.mark.parametrize("path", [
    "/collections/programme-areas/qgis/programme_areas.qlr",
    "/collections/municipalities/qgis/municipalities.qlr",
    "/qgis/vector_tiles.qlr",
    "/qgis/programme_areas.qgs",
])  # fmt: skip
def test_layers_that_are_on_get_their_data_from_this_service_alone(
    download: Callable[..., Path], service: str, path: str
) -> None:
    root = ElementTree.parse(download(path)).getroot()
    on = [node for node in root.iter("layer-tree-layer") if node.get("checked") == "Qt::Checked"]

    assert on
    for node in on:
        addresses = re.findall(r"https?://[^'&]+", node.get("source"))
        assert addresses
        assert all(address.startswith(f"{service}/") for address in addresses), addresses


def test_the_pictures_of_the_page_show_what_is_said_about_them() -> None:
    from geo_service.settings import PROJECT_DIR
    from geo_service.web.qgis_page import PICTURES

    folder = PROJECT_DIR / "geo_service" / "web" / "static" / "img"
    for name, size in PICTURES.items():
        for language in ("de", "en"):
            content = (folder / f"qgis-{name}.{language}.png").read_bytes()
            assert (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")) == size
            assert len(content) < 100_000
