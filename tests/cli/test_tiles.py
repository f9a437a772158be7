"""Tiles by the command line: into a file, and into the memory of the running service."""

import http.client
from pathlib import Path

import pyogrio

from tests.cli.conftest import Service, free_port, run


def test_tiles_are_written_into_an_archive(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "areas.pmtiles"
    written = run("tiles", "export", str(path), "--max-zoom", "6", **service.environment)

    assert written.returncode == 0, written.stderr
    assert "tiles written" in written.stderr
    assert "GEO_SERVICE_PUBLIC_URL" in written.stderr
    assert {name for name, _ in pyogrio.list_layers(path)} == {"programme-areas", "programme-area-points"}


def test_another_ending_is_a_usage_error(service: Service, tmp_path: Path) -> None:
    refused = run("tiles", "export", str(tmp_path / "areas.mbtiles"), **service.environment)
    assert refused.returncode == 2
    assert ".pmtiles" in refused.stderr


def test_every_worker_is_warmed(service: Service) -> None:
    warmed = run("tiles", "warm", "--max-zoom", "7", **service.environment)
    assert warmed.returncode == 0, warmed.stderr
    assert "in 2 processes" in warmed.stderr

    # Of many connections some come to each worker, and all find the tile.
    for _ in range(12):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
        url = "/api/collections/programme-areas/tiles/WebMercatorQuad/6/21/33"
        connection.request("GET", url, headers={"Accept-Encoding": "br"})
        response = connection.getresponse()
        response.read()
        connection.close()
        assert response.headers["Content-Encoding"] == "br"
        assert response.headers["Cache-Status"] == "geo-service; hit"


def test_without_a_service_there_is_nothing_to_warm() -> None:
    refused = run("tiles", "warm", GEO_SERVICE_PORT=str(free_port()))
    assert refused.returncode == 3
    assert "does not answer" in refused.stderr
