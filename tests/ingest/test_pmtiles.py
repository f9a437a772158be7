"""The archive of tiles, read by the pmtiles library and by GDAL, and compared with the API's tiles."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pyogrio
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType
from sqlalchemy import Engine, text

from geo_service.db.engine import read_engine
from geo_service.db.tile_shapes import TileShape
from geo_service.errors import ConfigError
from geo_service.ingest.options import Credits, TileArchiveOptions
from geo_service.ingest.pmtiles import export_tiles
from geo_service.ogc.blueprint import make_blueprint
from geo_service.settings import Settings

PUBLIC_URL = "https://geo.example.org"
SHAPE = TileShape(4096, 64, 10_000)
CREDITS = Credits("Gebiete", "Programmgebiete", "Lizenz", "https://example.org/licence", "Stadt Muster")
Tiles = dict[tuple[int, int, int], bytes]


def write(engine: Engine, path: Path, **changes: Any) -> Path:
    options = {"max_zoom": 9, "public_url": PUBLIC_URL, **changes}
    export_tiles(engine, path, SHAPE, TileArchiveOptions(CREDITS, **options))
    return path


def read(path: Path) -> tuple[Tiles, dict[str, Any], dict[str, Any]]:
    with path.open("rb") as file:
        source = MmapSource(file)
        reader = Reader(source)
        return dict(all_tiles(source)), dict(reader.header()), dict(reader.metadata())


@pytest.fixture(scope="module")
def archive(sample_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(sample_engine, tmp_path_factory.mktemp("tiles") / "areas.pmtiles")


@pytest.fixture
def client(sample_settings: Settings) -> Iterator[FlaskClient]:
    """A client of the API under the public address."""
    settings = sample_settings.model_copy(update={"public_url": PUBLIC_URL})
    engine = read_engine(settings)
    application = Flask("test", static_folder=None)
    application.register_blueprint(make_blueprint(settings, engine))
    yield application.test_client()
    engine.dispose()


def test_the_archive_holds_the_tiles_of_the_api(archive: Path, client: FlaskClient) -> None:
    url = "/api/collections/programme-areas/tiles/WebMercatorQuad"
    tiles, _, _ = read(archive)
    limits = client.get(url).json["tileMatrixSetLimits"]

    asked = 0
    for limit in limits[:9]:
        for row in range(limit["minTileRow"], limit["maxTileRow"] + 1):
            for column in range(limit["minTileCol"], limit["maxTileCol"] + 1):
                response = client.get(
                    f"{url}/{limit['tileMatrix']}/{row}/{column}", headers={"Accept-Encoding": "gzip"}
                )
                if response.status_code == 204:
                    continue
                stored = tiles.pop((int(limit["tileMatrix"]), column, row))
                coded = response.headers.get("Content-Encoding") == "gzip"
                assert response.data == (stored if coded else gzip.decompress(stored))
                asked += 1
    assert asked > 15
    assert {zoom for zoom, _, _ in tiles} == {9}, "no tile but those of the API"


def test_the_archive_says_what_it_holds(archive: Path, sample_engine: Engine) -> None:
    tiles, header, metadata = read(archive)
    with sample_engine.connect() as connection:
        west, north = connection.execute(
            text(
                "SELECT ST_XMin(box), ST_YMax(box) FROM (SELECT ST_Extent(ST_Transform(geom, 4326)) AS box"
                " FROM publication.programme_area) AS extent"
            )
        ).one()

    assert (header["tile_type"], header["tile_compression"]) == (TileType.MVT, Compression.GZIP)
    assert header["clustered"]
    assert (header["min_zoom"], header["max_zoom"]) == (0, 9)
    assert header["addressed_tiles_count"] == len(tiles)
    assert header["min_lon_e7"] / 1e7 == pytest.approx(west, abs=1e-4)
    assert header["max_lat_e7"] / 1e7 == pytest.approx(north, abs=1e-4)
    assert metadata["attribution"] == "Stadt Muster, Lizenz"
    layers = {layer["id"]: layer for layer in metadata["vector_layers"]}
    assert list(layers) == ["programme-areas", "programme-area-points"]
    assert layers["programme-areas"]["fields"]["start_year"] == "Number"
    decoded = mapbox_vector_tile.decode(gzip.decompress(tiles[0, 0, 0]))
    for name, layer in decoded.items():
        written = {key for feature in layer["features"] for key in feature["properties"]}
        assert written <= set(layers[name]["fields"])


def test_gdal_reads_the_areas_from_the_archive(archive: Path, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        known = set(connection.scalars(text("SELECT area_id FROM publication.programme_area")))

    assert {name for name, _ in pyogrio.list_layers(archive)} == {"programme-areas", "programme-area-points"}
    meta, _, geometries, values = pyogrio.raw.read(archive, layer="programme-areas")

    columns = dict(zip(meta["fields"], values, strict=True))
    assert set(columns["area_id"]) == known
    assert all(url.startswith(f"{PUBLIC_URL}/profiles/") for url in columns["profile_url"])
    assert meta["crs"] == "EPSG:3857"
    assert len(geometries) >= len(known)


def test_zooms_and_collections_are_chosen(sample_engine: Engine, tmp_path: Path) -> None:
    path = write(
        sample_engine,
        tmp_path / "some.pmtiles",
        min_zoom=5,
        max_zoom=7,
        collections=("municipalities", "programme-areas"),
    )
    tiles, header, metadata = read(path)

    assert {zoom for zoom, _, _ in tiles} == {5, 6, 7}
    assert (header["min_zoom"], header["max_zoom"]) == (5, 7)
    assert {layer["id"] for layer in metadata["vector_layers"]} == {
        "programme-areas",
        "programme-area-points",
        "municipalities",
        "municipality-points",
    }


def test_without_a_public_address_the_links_are_left_out(sample_engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "areas.pmtiles"
    report = export_tiles(sample_engine, path, SHAPE, TileArchiveOptions(CREDITS, max_zoom=2))
    tiles, _, metadata = read(path)

    assert "profile_url" not in metadata["vector_layers"][0]["fields"]
    decoded = mapbox_vector_tile.decode(gzip.decompress(tiles[0, 0, 0]))
    assert not any("profile_url" in one["properties"] for one in decoded["programme-areas"]["features"])
    assert any("GEO_SERVICE_PUBLIC_URL" in line for line in report.lines("en"))


def test_the_archive_is_there_at_the_end_or_not_at_all(
    sample_engine: Engine, engine: Engine, tmp_path: Path
) -> None:
    path = write(sample_engine, tmp_path / "areas.pmtiles", max_zoom=2)
    before = path.read_bytes()

    def fail(_step: str, done: int, _total: int | None) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_tiles(sample_engine, path, SHAPE, TileArchiveOptions(CREDITS, max_zoom=3), fail)
    with pytest.raises(ConfigError, match="nothing to write"):
        write(engine, path)

    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["areas.pmtiles"]


def test_progress_counts_to_the_total(sample_engine: Engine, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    export_tiles(
        sample_engine,
        tmp_path / "areas.pmtiles",
        SHAPE,
        TileArchiveOptions(CREDITS, max_zoom=5),
        lambda _step, done, total: seen.append((done, total)),
    )
    assert seen[-1][0] == seen[-1][1] == len(seen)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("areas.mbtiles", {}),
        ("areas.pmtiles", {"min_zoom": 5, "max_zoom": 4}),
        ("areas.pmtiles", {"max_zoom": 30}),
        ("areas.pmtiles", {"collections": ("roads",)}),
        ("areas.pmtiles", {"collections": ()}),
    ],
)
def test_what_cannot_be_written_is_said_before(
    sample_engine: Engine, tmp_path: Path, name: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError):
        write(sample_engine, tmp_path / name, **changes)
    assert not list(tmp_path.iterdir())


def test_the_same_data_gives_the_same_archive(archive: Path, sample_engine: Engine, tmp_path: Path) -> None:
    assert write(sample_engine, tmp_path / "again.pmtiles").read_bytes() == archive.read_bytes()


def test_columns_come_before_rows(archive: Path) -> None:
    tiles, _, _ = read(archive)
    assert (6, 33, 21) in tiles, "the Ruhr"
    assert (6, 21, 33) not in tiles
