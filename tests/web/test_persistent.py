"""Lasting addresses lead to what there is about an area, whatever became of it; and documents arrive in parts."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from geo_service.db import documents
from geo_service.errors import UnavailableError
from geo_service.web.persistent import FEATURES
from geo_service.web.profile_documents import content_disposition
from tests.factories import make_area
from tests.web.conftest import HTML

PLACE = "/id/programme-area"
JSON = {"Accept": "application/geo+json"}
NAME = "Größe & Lage (50 %).pdf"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


@pytest.fixture(scope="module")
def places(engine, database, make_app, make_settings):
    """A client on areas that merged twice, ended, ended for another, go round in a circle, or are not released."""
    with engine.begin() as connection:
        numbers = {
            name: make_area(connection, area_id=name, name=name.title())
            for name in ("here", "merged", "renamed", "ended", "followed", "round", "about", "hidden", "heir")
        }
        gone = (
            ("merged", "renamed", "merged"),
            ("renamed", "here", "renamed"),
            ("ended", None, None),
            ("followed", "here", None),
            ("round", "about", "merged"),
            ("about", "round", "merged"),
            ("heir", "hidden", "merged"),
        )
        for name, successor, reason in gone:
            connection.execute(
                text(
                    "UPDATE registry.programme_area SET withdrawn_on = '2024-01-01', successor_area_no = :successor,"
                    " withdrawal_reason = :reason WHERE area_no = :area_no"
                ),
                {"area_no": numbers[name], "successor": numbers.get(successor), "reason": reason},
            )
        connection.execute(
            text("UPDATE registry.programme_area SET released_at = NULL WHERE area_id = 'hidden'")
        )
        for file_name, media_type, content in (
            (NAME, "application/pdf", PDF),
            ("evil.html", "text/html", b"<script>alert(1)</script>"),
        ):
            connection.execute(
                text(
                    "INSERT INTO registry.document (area_no, file_name, title_de, media_type, content, released_at)"
                    " VALUES (:area_no, :file_name, 'Titel', :media_type, :content, now())"
                ),
                {
                    "area_no": numbers["here"],
                    "file_name": file_name,
                    "media_type": media_type,
                    "content": content,
                },
            )
    settings = make_settings(database, public_url="https://example.org/geo")
    return make_app(settings).test_client()


def location(answer):
    return answer.headers["Location"].removeprefix("https://example.org/geo")


def test_people_are_led_to_the_page_and_machines_to_the_feature(places):
    for headers, target in (
        (HTML, "/profiles/here"),
        (JSON, f"{FEATURES}/here"),
        ({"Accept": "application/json"}, f"{FEATURES}/here"),
        ({"Accept": "*/*"}, f"{FEATURES}/here"),
        ({}, f"{FEATURES}/here"),
        ({"Accept": "application/geo+json, text/html;q=0.5"}, "/profiles/here"),
    ):
        answer = places.get(f"{PLACE}/here", headers=headers)
        assert (answer.status_code, location(answer)) == (303, target), headers
        assert "Accept" in answer.headers["Vary"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert places.get(location(answer), headers=headers).status_code == 200
    assert (
        location(places.get(f"{PLACE}/here?f=html&lang=en", headers=JSON)) == "/profiles/here?f=html&lang=en"
    )
    assert location(places.get(f"{PLACE}/here?f=json", headers=HTML)) == f"{FEATURES}/here?f=json"
    assert places.get(f"{PLACE}/here?f=xml").status_code == 400
    assert places.head(f"{PLACE}/here", headers=HTML).status_code == 303


def test_a_renamed_or_merged_area_leads_to_what_it_became(places):
    for old in ("merged", "renamed"):
        answer = places.get(f"{PLACE}/{old}", headers=HTML)
        assert (answer.status_code, location(answer)) == (301, f"{PLACE}/here")
        answer = places.get(f"/profiles/{old}?lang=en", headers=HTML)
        assert (answer.status_code, location(answer)) == (301, "/profiles/here?lang=en")


@pytest.mark.parametrize(
    ("name", "successor"),
    [("ended", None), ("followed", "here"), ("round", None), ("about", None), ("heir", None)],
)
def test_a_withdrawn_area_is_gone_and_names_its_successor(places, name, successor):
    for path in (f"{PLACE}/{name}", f"/profiles/{name}"):
        machine = places.get(path, headers={"Accept": "application/json"})
        assert (machine.status_code, machine.get_json().get("successor")) == (410, successor), path
        assert machine.mimetype == "application/problem+json"
        people = places.get(f"{path}?lang=en", headers=HTML)
        assert people.status_code == 410
        assert ("/profiles/here" in people.text) == (successor is not None)
        assert name.title() in people.text


def test_an_area_that_never_was_is_not_found(places):
    for name in ("nowhere", "hidden", "%00", "a'b"):
        assert places.get(f"{PLACE}/{name}", headers=HTML).status_code == 404
        assert places.get(f"{PLACE}/{name}", headers=JSON).status_code == 404


def test_the_profile_is_cited_by_the_lasting_address(places):
    address = f"https://example.org/geo{PLACE}/here"
    answer = places.get("/profiles/here", headers=HTML)
    assert f'<{address}>; rel="cite-as"' in answer.headers.getlist("Link")
    assert f"{address}</p>" in answer.text
    content = places.get("/profiles/here?f=json").get_json()
    assert content["persistent_url"] == address
    assert content["citation_de"].endswith(address)


# --- documents --------------------------------------------------------------------------------------------------


@pytest.fixture
def document(places, monkeypatch):
    monkeypatch.setattr(documents, "CHUNK", 1000)  # several pieces per answer
    (href,) = (
        entry["href"]
        for entry in places.get("/profiles/here?f=json").get_json()["profile"]["documents"]
        if entry["file_name"] == NAME
    )
    return urlsplit(href).path.removeprefix("/geo")


def test_a_document_of_any_name_arrives_under_it(places, document):
    answer = places.get(document)
    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="Groesse & Lage (50 _).pdf";'
        " filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%26%20Lage%20%2850%20%25%29.pdf"
    )
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.content_length == len(PDF)
    head = places.head(document)
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(PDF))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-3", 0, 4),
        ("bytes=995-2005", 995, 2006),
        ("bytes=1000-", 1000, len(PDF)),
        ("bytes=-5", len(PDF) - 5, len(PDF)),
        ("bytes=0-99999999", 0, len(PDF)),
    ],
)
def test_a_part_is_answered_as_a_part(places, document, asked, start, end):
    answer = places.get(document, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (206, PDF[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(PDF)}"
    assert answer.content_length == end - start


def test_what_cannot_be_cut_out_is_said_or_answered_whole(places, document):
    beyond = places.get(document, headers={"Range": f"bytes={len(PDF)}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(PDF)}")
    for whole in ("bytes=0-1,5-6", "pages=1-2", "bytes=five", "bytes=5-1"):
        assert places.get(document, headers={"Range": whole}).data == PDF
    etag = places.get(document).headers["ETag"]
    part = {"Range": "bytes=0-3"}
    assert places.get(document, headers={**part, "If-Range": etag}).status_code == 206
    assert places.get(document, headers={**part, "If-Range": '"other"'}).data == PDF
    assert places.get(document, headers={"If-None-Match": etag}).status_code == 304


def test_what_would_run_in_a_browser_arrives_as_a_file_without_rights(places):
    answer = places.get("/profiles/here/documents/evil.html")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_documents_of_areas_that_are_gone_are_gone(places):
    assert places.get("/profiles/ended/documents/a.pdf").status_code == 410
    assert places.get("/profiles/merged/documents/a.pdf").get_json()["successor"] == "here"
    assert places.get("/profiles/nowhere/documents/a.pdf").status_code == 404
    assert places.get("/profiles/here/documents/%00").status_code == 404


def test_an_answer_breaks_off_rather_than_mixing_two_contents(document, engine):
    with engine.connect() as connection:
        found = documents.find_document(connection, "here", NAME)
    stream = documents.DocumentStream(engine, found)
    assert next(stream) == PDF[:1000]
    change = text("UPDATE registry.document SET content = :content WHERE file_name = :name")
    with engine.begin() as connection:
        connection.execute(change, {"content": PDF[::-1], "name": NAME})
    with pytest.raises(UnavailableError, match="changed while"):
        list(stream)
    with engine.begin() as connection:
        connection.execute(change, {"content": PDF, "name": NAME})


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.pdf", 'attachment; filename="a.pdf"'),
        ('a"b.pdf', "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf"),
        ("Übersicht.pdf", "attachment; filename=\"Uebersicht.pdf\"; filename*=UTF-8''%C3%9Cbersicht.pdf"),
        ("計画.pdf", "attachment; filename=\".pdf\"; filename*=UTF-8''%E8%A8%88%E7%94%BB.pdf"),
    ],
)
def test_names_are_given_twice_where_ascii_is_not_enough(name, header):
    assert content_disposition(name) == header
