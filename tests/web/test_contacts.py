"""Contacts are seen when released, as far as released, until their time is up; and nowhere else at all."""

import io
import time
import zipfile

import pytest
from sqlalchemy import text

from geo_service.db.publication import dataset_version, rebuild
from geo_service.ingest.exporter import export_file
from geo_service.ingest.options import ExportOptions
from tests.factories import make_area
from tests.web.conftest import HTML

AREA = "musterstadt-kontakt"
PROFILE = f"/profiles/{AREA}"
SECRETS = ("Ungenannt", "ungenannt@", "+49 30 23125 111")
NAMES = ("Freigegeben", "buero@", "+49 30 23125 222", "Stadtteilbüro")


@pytest.fixture(scope="module")
def town(engine, database, make_app, make_settings):
    with engine.begin() as connection:
        area_no = make_area(connection, area_id=AREA, name="Kontakt")
        for row in (
            {"function_de": "Leitung", "person": "Uta Ungenannt", "email": "ungenannt@example.org",
             "phone": "+49 30 23125 111", "released": False, "person_released": True},
            {"function_de": "Stadtteilbüro", "person": "Ulf Ungenannt", "email": "buero@example.org",
             "phone": "+49 30 23125 222", "released": True, "person_released": False},
            {"function_de": "Koordination", "person": "Frida Freigegeben", "email": None, "phone": None,
             "released": True, "person_released": True},
        ):  # fmt: skip
            connection.execute(
                text(
                    "INSERT INTO registry.contact (area_no, function_de, person, email, phone, released_at,"
                    " person_released) VALUES (:area_no, :function_de, :person, :email, :phone,"
                    " CASE WHEN :released THEN now() END, :person_released)"
                ),
                {"area_no": area_no, **row},
            )
    return make_app(make_settings(database)).test_client()


def test_a_function_and_an_office_are_shown_and_a_person_only_when_released(town):
    for answer in (town.get(PROFILE, headers=HTML), town.get(f"{PROFILE}?f=json")):
        for shown in NAMES:
            assert shown in answer.text
        for hidden in SECRETS:
            assert hidden not in answer.text
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_contact_is_gone_at_its_moment_without_anybody_publishing(town, engine):
    with engine.begin() as connection:
        expire = "UPDATE registry.contact SET expires_at = now() + interval '1.5 seconds' WHERE person LIKE 'Frida%'"
        connection.execute(text(expire))
        version = dataset_version(connection)
    started = time.monotonic()
    before = town.get(PROFILE, headers=HTML)
    assert "Freigegeben" in before.text
    with engine.connect() as connection:
        version = dataset_version(connection)
    time.sleep(max(0.0, 1.7 - (time.monotonic() - started)))
    again = town.get(PROFILE, headers={**HTML, "If-None-Match": before.headers["ETag"]})
    assert again.status_code == 200, "what was kept of the page is no longer good"
    assert "Freigegeben" not in again.text
    assert "Stadtteilbüro" in again.text
    assert "Freigegeben" not in town.get(f"{PROFILE}?f=json").text
    with engine.connect() as connection:
        assert dataset_version(connection) == version, "nobody published"
    assert rebuild(engine).corrected_rows == 0
    with engine.begin() as connection:
        connection.execute(text("UPDATE registry.contact SET expires_at = NULL"))


def test_no_copy_of_a_contact_is_kept_in_what_is_published(town, engine):
    with engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'publication'")
        ).all()
        assert "profile" in tables
        for table in tables:
            rows = connection.scalars(text(f'SELECT t::text FROM publication."{table}" AS t')).all()
            for word in (*SECRETS, *NAMES):
                assert word not in "\n".join(rows), table


OUTPUTS = (
    "/api/collections/programme-areas/items?limit=100",
    f"/api/collections/programme-areas/items/{AREA}",
    "/api/collections/programme-area-points/items?limit=100",
    "/api/collections/programme-areas/tiles/WebMercatorQuad/5/10/16",
    "/profiles?f=json",
    "/profiles",
    "/search?q=Kontakt&f=json",
    "/search?q=Kontakt",
    "/municipalities",
    "/",
    "/api",
    "/api/openapi",
)
FORMATS = ("json", "jsonfg", "csv", "geojsonseq", "html")


def contents(answer):
    """Return what an answer holds, packed or not, as text of which each byte is one character."""
    data = answer.data
    if data[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(data))
        data = b"\n".join(archive.read(name) for name in archive.namelist())
    return data.decode("latin-1")


def test_contacts_are_in_no_item_tile_list_or_download(town, engine, tmp_path):
    paths = [*OUTPUTS, *(f"{OUTPUTS[0]}&f={name}" for name in FORMATS)]
    collection = town.get(
        "/api/collections/programme-areas", headers={"Accept": "application/json"}
    ).get_json()
    enclosures = [
        link["href"].partition("localhost")[2] for link in collection["links"] if link["rel"] == "enclosure"
    ]
    assert enclosures
    found = {path: contents(town.get(path)) for path in [*paths, *enclosures]}
    assert any("Kontakt" in text_ for text_ in found.values())
    for suffix in ("geojson", "gpkg"):
        export_file(engine, tmp_path / f"areas.{suffix}", ExportOptions(), lambda *_: None)
        found[suffix] = (tmp_path / f"areas.{suffix}").read_bytes().decode("latin-1")
    for place, everything in found.items():
        for word in (*SECRETS, *NAMES):
            assert word.encode().decode("latin-1") not in everything, place


@pytest.mark.parametrize("words", ["Ungenannt", "Freigegeben", "buero"])
def test_contacts_are_not_found_by_searching(town, words):
    answer = town.get(
        f"/api/collections/programme-areas/items?q={words}", headers={"Accept": "application/json"}
    )
    assert answer.get_json()["numberReturned"] == 0
