"""What an administrator does to an area shows at once wherever the area was: items, tiles, pages, lists, news."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from geo_service.db.watch import LEASE_S
from geo_service.domain.query import TileId
from geo_service.domain.tiling import GRIDS
from geo_service.ingest.area_life import merge, rename, restore, withdraw
from tests.factories import EASTING, make_area, make_municipality, square
from tests.web.conftest import HTML

ITEMS = "/api/collections/programme-areas/items"
JSON = {"Accept": "application/json"}
SOUTH = 5_710_000


@pytest.fixture(scope="module")
def client(engine, database, make_app, make_settings):
    """A client on two neighbours, the first with a document and news."""
    with engine.begin() as connection:
        ags = make_municipality(connection, name="Musterstadt", ags="05999001")
        first = make_area(connection, area_id="muster-alt", name="Alt", ags=ags, geom=square(EASTING, SOUTH))
        make_area(connection, area_id="muster-neu", name="Neu", ags=ags, geom=square(EASTING + 2000, SOUTH))
        connection.execute(
            text(
                "INSERT INTO registry.document (area_no, file_name, title_de, media_type, content, released_at)"
                " VALUES (:n, 'Größe 5 % #1.pdf', 'Plan', 'application/pdf', 'inhalt', now())"
            ),
            {"n": first},
        )
        connection.execute(
            text(
                "WITH e AS (INSERT INTO registry.entry (kind, slug, begin_date, title_de, released_at)"
                " VALUES ('news', 'n', '2024-01-01', 'Neues', now()) RETURNING entry_no)"
                " INSERT INTO registry.entry_area (entry_no, area_no) SELECT entry_no, :n FROM e"
            ),
            {"n": first},
        )
    return make_app(make_settings(database)).test_client()


@pytest.fixture
def tile(client, engine):
    """The address of a tile that holds the first area and nothing of the second."""
    query = text(
        "SELECT ST_X(label_3857), ST_Y(label_3857) FROM publication.programme_area WHERE area_id = 'muster-alt'"
    )
    with engine.connect() as connection:
        x, y = connection.execute(query).one()
    side = 40_075_016.685578488 / 2**16
    found = TileId(16, int((x + 20_037_508.342789244) / side), int((20_037_508.342789244 - y) / side))
    west, south, east, north = GRIDS["WebMercatorQuad"].envelope(found)
    assert west < x < east
    assert south < y < north
    return f"/api/collections/programme-areas/tiles/WebMercatorQuad/{found.z}/{found.y}/{found.x}"


def ask(client, path, headers=JSON):
    """Ask as somebody does who has just heard of the change."""
    time.sleep(LEASE_S)
    return client.get(path, headers=headers)


def location(answer):
    return answer.headers["Location"].removeprefix("http://localhost")


def ids(client):
    return [feature["id"] for feature in ask(client, ITEMS).get_json()["features"]]


def test_a_withdrawn_area_leaves_every_place_and_comes_back(client, engine, tile):
    def everywhere():
        return (
            ask(client, f"{ITEMS}/muster-alt").status_code,
            ask(client, tile, {}).status_code,
            "muster-alt" in ids(client),
            ask(client, "/profiles/muster-alt", HTML).status_code,
            "muster-alt" in ask(client, "/profiles?f=html", HTML).text,
            "muster-alt" in ask(client, "/municipalities/05999001", HTML).text,
            "/profiles/muster-alt" in ask(client, "/news/n", HTML).text,
        )

    shown = (200, 200, True, 200, True, True, True)
    assert everywhere() == shown
    data = ask(client, tile, {}).data

    withdraw(engine, "muster-alt", successor_id="muster-neu")
    assert everywhere() == (410, 204, False, 410, False, False, False)
    gone = ask(client, f"{ITEMS}/muster-alt")
    assert (gone.mimetype, gone.get_json()["successor"]) == ("application/problem+json", "muster-neu")
    assert "„Neu“" in ask(client, "/profiles/muster-alt?lang=de", HTML).text

    restore(engine, "muster-alt")
    assert everywhere() == shown
    assert ask(client, tile, {}).data == data


def test_the_addresses_of_a_merged_area_lead_on_and_are_asked_again(client, engine, tile):
    merge(engine, ["muster-alt"], "muster-neu", with_boundaries=True)
    for old, new in (
        ("/profiles/muster-alt", "/profiles/muster-neu"),
        ("/id/programme-area/muster-alt", "/id/programme-area/muster-neu"),
    ):
        answer = ask(client, old, HTML)
        assert (answer.status_code, location(answer)) == (301, new)
        # A browser that remembered it would go in circles once it is taken back.
        assert answer.headers["Cache-Control"] == "no-cache"
    assert ask(client, f"{ITEMS}/muster-alt").get_json()["successor"] == "muster-neu"
    assert ask(client, "/profiles/muster-alt/documents/Größe 5 %25 %231.pdf").status_code == 410
    # The land is that of the other now.
    found = ask(client, tile, {})
    assert (found.status_code, b"muster-neu" in found.data, b"muster-alt" in found.data) == (200, True, False)
    restore(engine, "muster-alt")
    assert b"muster-alt" in ask(client, tile, {}).data
    assert ids(client) == ["muster-alt", "muster-neu"]


def test_a_renamed_area_goes_on_with_all_its_addresses(client, engine, tile):
    rename(engine, "muster-alt", new_id="muster-mitte", name="Mitte")
    assert location(ask(client, "/profiles/muster-alt?lang=en", HTML)) == "/profiles/muster-mitte?lang=en"
    led = ask(client, "/profiles/muster-alt/documents/Größe 5 %25 %231.pdf")
    assert (led.status_code, location(led)) == (
        301, "/profiles/muster-mitte/documents/Gr%C3%B6%C3%9Fe%205%20%25%20%231.pdf",
    )  # fmt: skip
    assert ask(client, location(led)).data == b"inhalt"
    page = ask(client, "/profiles/muster-mitte", HTML).text
    assert "Mitte" in page
    assert "Alt" in page  # its former name
    assert b"muster-mitte" in ask(client, tile, {}).data
    assert "/profiles/muster-mitte" in ask(client, "/news/n", HTML).text
    assert [hit["area_id"] for hit in ask(client, "/search?q=Alt&f=json").get_json()["areas"]] == [
        "muster-mitte"
    ]

    restore(engine, "muster-alt")
    assert location(ask(client, "/profiles/muster-mitte", HTML)) == "/profiles/muster-alt"
    assert ask(client, "/profiles/muster-alt/documents/Größe 5 %25 %231.pdf").data == b"inhalt"
    assert ids(client) == ["muster-alt", "muster-neu"]


def test_the_end_of_the_chain_is_named(client, engine):
    with engine.begin() as connection:
        make_area(
            connection, area_id="muster-ost", name="Ost", ags="05999001", geom=square(EASTING, SOUTH + 9000)
        )
    merge(engine, ["muster-alt"], "muster-neu")
    withdraw(engine, "muster-neu", successor_id="muster-ost")
    # It lives on in nothing: what it was merged into ended, although in favour of another.
    for path in (f"{ITEMS}/muster-alt", "/profiles/muster-alt", "/id/programme-area/muster-alt"):
        answer = ask(client, path)
        assert (answer.status_code, answer.get_json()["successor"]) == (410, "muster-ost"), path
    restore(engine, "muster-neu")
    restore(engine, "muster-alt")
    withdraw(engine, "muster-ost")
    assert ids(client) == ["muster-alt", "muster-neu"]
