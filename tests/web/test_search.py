"""``/search``: one box for names, towns, texts, coordinates and addresses."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import create_engine, text

from geo_service.ingest.addresses import import_addresses
from tests.web.conftest import HTML
from tests.web.html import faults, named

GEBREF = Path(__file__).parents[1] / "data" / "gebref.txt"


def ask(client, words, status=200, **parameters):
    answer = client.get("/search", query_string={"q": words, "f": "json", "lang": "de", **parameters})
    assert answer.status_code == status, answer.text
    return answer.get_json()


def page(client, words, language="de"):
    answer = client.get("/search", query_string={"q": words, "lang": language}, headers=HTML)
    assert answer.status_code == 200
    assert not faults(answer.text), faults(answer.text)
    return answer.text


def test_areas_are_found_by_name_town_and_folded_umlauts(client):
    assert [area["area_id"] for area in ask(client, "nordstadt dortmund")["areas"]] == ["dortmund-nordstadt"]
    for words in ("Köln", "koeln", "KOLN"):
        document = ask(client, words)
        assert document["numberOfAreas"] == 7
        assert {area["municipality"] for area in document["areas"]} == {"Köln"}
        (town,) = document["municipalities"]
        assert (town["name"], town["areas"]) == ("Köln", 7)
        assert client.get(town["list_url"], headers=HTML).status_code == 200


def test_former_names_lead_to_the_area_and_are_named(client, app):
    with app.extensions["geo_service"].engine.connect() as connection:
        row = connection.execute(
            text("SELECT area_id, profile -> 'former_names' -> 0 ->> 'name' AS former FROM publication.profile"
                 " WHERE jsonb_array_length(profile -> 'former_names') > 0 ORDER BY area_id LIMIT 1")
        ).one()  # fmt: skip
    hit = next(area for area in ask(client, row.former)["areas"] if area["area_id"] == row.area_id)
    assert row.former in hit["former"]
    assert f"früher: {row.former}" in page(client, row.former)


def test_texts_name_their_section_with_a_snippet_and_a_way_to_it(client):
    document = ask(client, "Hektar")
    assert document["texts"]
    for hit in document["texts"]:
        assert "<mark>" in hit["snippet"]
        target = urlsplit(hit["href"])
        answer = client.get(f"{target.path}?{target.query}", headers=HTML)
        assert any(e.attributes.get("id") == target.fragment for e in named(answer.text, "section"))
    assert document["texts"][0]["language"] == "de"
    html = page(client, "Hektar")
    assert "<mark>Hektar</mark>" in html
    assert 'href="/profiles/dortmund-nordstadt?lang=de#character"' in html


def test_stems_and_other_forms_of_a_word_find_it(client):
    plural = {hit["area_id"] for hit in ask(client, "Programmgebiete")["texts"]}
    assert plural & {hit["area_id"] for hit in ask(client, "Programmgebiet")["texts"]}


def test_typing_errors_get_names_that_are_written_alike(client):
    for words, expected in (
        ("Nordstat", "Dortmund-Nordstadt"),
        ("Gelsenkirhcen", "Gelsenkirchen"),
        ("Duisburk", "Duisburg"),
    ):
        document = ask(client, words)
        assert not document["areas"]
        assert expected in {one["name"] for one in document["similar"]}, words
    assert "Ähnlich geschrieben" in page(client, "Nordstat")
    assert ask(client, "nordstadt")["similar"] == []


@pytest.mark.parametrize(
    "words", ["8.45 51.07", "8,45 51,07", "51.07, 8.45", "461464.945 5657753.081", "32461464,945 5657753,081"]
)
def test_coordinates_lead_to_the_place(client, words):
    (hit,) = ask(client, words)["places"]["hits"]
    target = urlsplit(hit["lookup_url"])
    answer = client.get(f"{target.path}?{target.query}&f=json").get_json()
    assert answer["areas"][0]["area_id"] == "musterstadt-beispielgebiet-altstadt"
    assert named(page(client, words), "h2")[0].text.startswith("Orte")


@pytest.mark.parametrize(
    ("words", "status"), [("1 2", 400), ("x" * 201, 400), ("", 400)]
)  # fmt: skip
def test_what_cannot_be_searched_is_said_in_words(client, words, status):
    assert ask(client, words, status)["parameter"] == "q"


@pytest.mark.parametrize(
    "words",
    ["'; DROP TABLE x; --", "%", "a & b | !", "<script>alert(1)</script>", "⟦x⟧", "\\", "(((", "der die das"],
)
def test_any_text_is_good_and_nothing_of_it_becomes_markup(client, words):
    ask(client, words)
    html = page(client, words)
    assert "<script>alert" not in html


def test_nothing_found_is_said_and_where_to_go(client):
    html = page(client, "qqxxzz")
    assert "Nichts passt zu" in html
    assert not ask(client, "qqxxzz")["areas"]
    assert len(named(page(client, ""), "form")) >= 1


def test_without_table_and_geocoder_an_address_gets_other_ways(client):
    document = ask(client, "Kaiserstraße 5, Dortmund")
    assert document["places"]["source"] == "none"
    assert "weder ein Adressverzeichnis" in document["places"]["message"]
    html = page(client, "Kaiserstraße 5, Dortmund")
    for words in ("nach der Gemeinde in der Liste", "auf der Karte klicken", "mit Koordinaten"):
        assert words in html
    answer = client.get("/lookup?q=Kaiserstr.+5&f=json&lang=de")
    assert answer.status_code == 400
    assert "weder ein Adressverzeichnis" in answer.get_json()["detail"]
    assert "mit Koordinaten" in client.get("/lookup?q=Kaiserstr.+5&lang=de", headers=HTML).text


@pytest.fixture(scope="module")
def with_addresses(cluster, clone, sample_template, make_settings, make_app):
    database = clone(sample_template)
    engine = create_engine(cluster.url(database))
    import_addresses(engine, GEBREF)
    engine.dispose()
    return make_app(make_settings(database)).test_client()


def test_an_imported_address_leads_to_its_area(with_addresses):
    (hit,) = ask(with_addresses, "Kaiserstr. 5a, Musterstadt")["places"]["hits"]
    assert hit["label"] == "Kaiserstraße 5a, Musterstadt"
    document = with_addresses.get("/lookup?q=Kaiserstr.+5a,+Musterstadt&f=json").get_json()
    assert document["areas"][0]["area_id"] == "musterstadt-beispielgebiet-altstadt"
    assert document["place"]["given"] == "Kaiserstraße 5a, Musterstadt"


def test_an_address_that_may_be_several_gets_a_choice(with_addresses):
    html = with_addresses.get("/lookup?q=Kaiserstr.+5&lang=de", headers=HTML).text
    assert "Kaiserstraße 5, Musterstadt" in html
    assert "Kaiserstraße 5, Neumusterhausen" in html
    problem = with_addresses.get("/lookup?q=Kaiserstr.+5&lang=de&f=json")
    assert problem.status_code == 400
    assert "mehrere Orte" in problem.get_json()["detail"]
    assert (
        "nächste in der Straße"
        in with_addresses.get("/search?q=Kaiserstr.+6+Musterstadt&lang=de", headers=HTML).text
    )
    assert "Keine Adresse" in with_addresses.get("/search?q=Hauptstr.+6&lang=de", headers=HTML).text


class Geocoder(BaseHTTPRequestHandler):
    """A geocoder as bad as one can be; what it does follows from the question."""

    asked: ClassVar[list[dict[str, list[str]]]] = []

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        Geocoder.asked.append(query)
        words = query["q"][0]
        if "Fehler" in words:
            self.send_error(500)
            return
        if "Umleitung" in words:
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        made: dict[str, bytes] = {
            "Unsinn": b"<html>",
            "Liste": b'{"a": 1}',
            "Riese": b"[" + b" " * 600_000 + b"]",
        }
        content = made.get(words.split()[0])
        if content is None:
            content = json.dumps([
                {"display_name": "Teststraße 1, <b>Musterstadt</b>", "lon": "8.45", "lat": "51.07"},
                {"display_name": "Teststraße 1, Berlin", "lon": "13.4", "lat": "52.5"},
            ]).encode()  # fmt: skip
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def with_geocoder(make_app, sample_settings):
    server = HTTPServer(("127.0.0.1", 0), Geocoder)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings = sample_settings.model_copy(
        update={
            "geocoder_url": f"http://127.0.0.1:{server.server_port}/search",
            "geocoder_attribution": "© Testdienst",
            "geocoder_timeout_s": 1.0,
        }
    )
    yield make_app(settings).test_client()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_geocoder_is_asked_by_the_server_and_named(with_geocoder):
    Geocoder.asked.clear()
    answer = with_geocoder.get("/search?q=Teststr.+1&lang=de", headers=HTML)
    assert "© Testdienst" in answer.text
    assert "&lt;b&gt;Musterstadt" in answer.text
    assert "Berlin" not in answer.text, "a place that the service does not answer for is no hit"
    assert answer.headers["Cache-Control"] == "no-store"
    (query,) = Geocoder.asked
    assert (query["q"], query["format"], query["bounded"]) == (["Teststr. 1"], ["jsonv2"], ["1"])
    document = with_geocoder.get("/lookup?q=Teststr.+1&f=json").get_json()
    assert document["areas"][0]["area_id"] == "musterstadt-beispielgebiet-altstadt"


def test_words_that_are_no_address_and_coordinates_concern_no_geocoder(with_geocoder):
    Geocoder.asked.clear()
    for words in ("Nordstadt", "Spielplätze", "8.45 51.07"):
        with_geocoder.get("/search", query_string={"q": words})
    assert Geocoder.asked == []


@pytest.mark.parametrize("words", ["Fehler 1", "Unsinn 1", "Liste 1", "Riese 1", "Umleitung 1"])
def test_a_geocoder_that_fails_is_words_and_no_fault_of_ours(with_geocoder, words):
    answer = with_geocoder.get("/search", query_string={"q": words, "lang": "de"}, headers=HTML)
    assert answer.status_code == 200
    assert "antwortet gerade nicht" in answer.text
    assert not faults(answer.text)
    problem = with_geocoder.get("/lookup", query_string={"q": words, "lang": "de", "f": "json"})
    assert problem.status_code == 400
    assert "antwortet gerade nicht" in problem.get_json()["detail"]


def test_a_geocoder_that_is_not_there_is_not_waited_for(make_app, sample_settings):
    settings = sample_settings.model_copy(
        update={"geocoder_url": "http://127.0.0.1:9/search", "geocoder_timeout_s": 1.0}
    )
    answer = make_app(settings).test_client().get("/search?q=Teststr.+1&lang=en", headers=HTML)
    assert answer.status_code == 200
    assert "does not answer at the moment" in answer.text


@pytest.mark.parametrize("address", ["ftp://example.org/", "example.org/search", "file:///etc/passwd"])
def test_a_geocoder_needs_an_address_of_the_web(make_settings, sample_database, address):
    from geo_service.errors import ConfigError

    with pytest.raises(ConfigError, match="geocoder_url"):
        make_settings(sample_database, geocoder_url=address)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_is_sound_in_both_languages(client, language):
    for words in ("", "nordstadt", "Nordstat", "Kaiserstraße 5", "Hektar"):
        html = page(client, words, language)
        assert len(named(html, "h1")) == 1
        assert "style=" not in html
