"""Texts that look like markup stay text, in every page and form."""

from urllib.parse import quote

import pytest
from sqlalchemy import text

from tests.factories import make_area, make_municipality, square
from tests.web.conftest import HTML
from tests.web.html import faults

EVIL = "<script>alert('x')</script>\"&"


@pytest.fixture(scope="module")
def evil_client(engine, database, make_app, make_settings):
    with engine.begin() as connection:
        ags = make_municipality(connection, name=f"Stadt {EVIL}")
        area_no = make_area(
            connection,
            area_id="evil",
            name=f"Gebiet {EVIL}",
            ags=ags,
            concept=EVIL,
            concept_url='https://example.org/"><script>alert(1)</script>',
            attr_source=EVIL,
        )
        connection.execute(
            text(
                "INSERT INTO registry.profile_section (area_no, language, section, body, source)"
                " VALUES (:area_no, 'de', 'character', :body, :source)"
            ),
            {"area_no": area_no, "body": f"{EVIL}\n\n[x](javascript:alert(1))", "source": EVIL},
        )
        connection.execute(
            text(
                "INSERT INTO registry.milestone (area_no, year, text_de, text_en) VALUES (:area_no, 2000, :evil, :evil)"
            ),
            {"area_no": area_no, "evil": EVIL},
        )
    return make_app(make_settings(database)).test_client()


def test_markup_in_data_stays_text(evil_client):
    for path in ("/", "/profiles", "/profiles/evil", f"/profiles?q={EVIL}", "/profiles?lang=<script>"):
        answer = evil_client.get(path, headers=HTML)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert 'href="javascript:' not in answer.text


def test_markup_in_data_and_in_filters_stays_text_on_the_pages_of_the_api(evil_client):
    items = "/api/collections/programme-areas/items"
    literal = "name = '" + EVIL.replace("'", "''") + "'"
    for path in (
        items,
        f"{items}/evil",
        "/api/collections/municipalities/items",
        f"{items}?name={quote(EVIL)}",
        f"{items}?q={quote(EVIL)}",
        f"{items}?filter={quote(literal)}",
        f"{items}?sortby={quote(EVIL)}",
        f"/api/{quote(EVIL)}",
        f"/api/collections/{quote(EVIL)}",
        f"/api/collections?{quote(EVIL)}=1",
        f"/api/codelists/{quote(EVIL)}",
    ):
        answer = evil_client.get(path, headers=HTML)
        assert answer.mimetype == "text/html", path
        assert answer.status_code in (200, 400, 404)
        assert "<script>alert" not in answer.text
        assert not faults(answer.text), path


def test_a_section_of_the_other_language_is_shown_and_marked(evil_client):
    english = evil_client.get("/profiles/evil?lang=en", headers=HTML).text
    assert "available in German only" in english
    assert '<div class="prose" lang="de">' in english
    assert english.count("not yet available") == 5


def test_a_withdrawn_area_names_its_successor(evil_client, engine):
    with engine.begin() as connection:
        successor = connection.execute(
            text("SELECT area_no FROM registry.programme_area WHERE area_id = 'evil'")
        ).scalar_one()
        make_area(
            connection,
            area_id="gone",
            name="Altes Gebiet",
            withdrawn_on="2020-01-01",
            successor_area_no=successor,
        )
    answer = evil_client.get("/profiles/gone", headers=HTML)
    assert answer.status_code == 410
    assert "Altes Gebiet" in answer.text
    assert 'href="/profiles/evil"' in answer.text
    machine = evil_client.get("/profiles/gone", headers={"Accept": "application/json"})
    assert (machine.status_code, machine.get_json()["successor"]) == (410, "evil")


def test_contacts_and_documents_are_shown_only_when_released(evil_client, engine):
    with engine.begin() as connection:
        area_no = make_area(connection, area_id="private", name="Gebiet")
        connection.execute(
            text(
                "INSERT INTO registry.contact (area_no, function_de, function_en, organisation, person, email)"
                " VALUES (:area_no, 'Stelle', 'Office', 'Amt', 'Erika Muster', 'erika@example.org')"
            ),
            {"area_no": area_no},
        )
        connection.execute(
            text(
                "INSERT INTO registry.document (area_no, file_name, title_de, title_en, media_type, content, licence, source)"
                " VALUES (:area_no, 'draft.pdf', 'Entwurf', 'Draft', 'application/pdf', '%PDF', 'x', 'x')"
            ),
            {"area_no": area_no},
        )
    for suffix in ("", "?f=json"):
        answer = evil_client.get(f"/profiles/private{suffix}", headers=HTML)
        assert answer.status_code == 200
        assert "Erika" not in answer.text
        assert "draft.pdf" not in answer.text
    assert evil_client.get("/profiles/private/documents/draft.pdf").status_code == 404


def test_outlines_that_were_imported_are_on_the_sketch_map(evil_client, engine):
    assert 'stroke="#b9b6a8"' not in evil_client.get("/profiles/evil", headers=HTML).text
    with engine.begin() as connection:
        connection.execute(text("UPDATE registry.municipality SET outline = :outline"), {"outline": square()})
    sketch = evil_client.get("/profiles/evil", headers=HTML).text
    assert 'stroke="#b9b6a8"' in sketch
