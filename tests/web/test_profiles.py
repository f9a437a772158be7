"""Profiles: every area has one, in both languages, and one step leads from feature to profile and back."""

import hashlib
import json
from urllib.parse import urlsplit

import pytest

from geo_service.domain.code_lists import LANGUAGES, PROFILE_SECTION
from geo_service.web.profile_json import FEATURES
from tests.web.conftest import HTML
from tests.web.html import loaded, named, read

TITLES = {
    "de": [
        "Gebietscharakter und Ausgangslage",
        "Potenziale und Handlungsansätze",
        "Organisation und lokale Partner",
        "Meilensteine",
        "Perspektiven",
        "Ansprechperson",
        "Materialien zum Download",
    ],
    "en": [
        "Area profile and baseline",
        "Strengths and approaches",
        "Organisation and local partners",
        "Milestones",
        "Outlook",
        "Contact",
        "Downloads",
    ],
}
FULL = "musterstadt-beispielgebiet-altstadt"


@pytest.fixture(scope="module")
def features(client):
    answer = client.get(f"{FEATURES}?limit=10000", headers={"Accept": "application/geo+json"})
    found = answer.get_json()["features"]
    assert len(found) > 100
    return found


def path_of(url):
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def page(client, path, **headers):
    return client.get(path, headers={**HTML, **headers})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_area_has_a_profile_with_the_seven_sections_in_order(client, features, language):
    assert len(features) > 100
    for feature in features:
        answer = page(client, f"{path_of(feature['properties']['profile_url'])}?lang={language}")
        assert answer.status_code == 200, feature["id"]
        html = answer.text
        assert named(html, "html")[0].attributes["lang"] == language
        assert [h.text for h in named(html, "h1")] == [feature["properties"]["name"]]
        headings = [h.text for h in named(html, "h2") if h.attributes.get("id", "").endswith("-title")]
        assert headings == TITLES[language], feature["id"]
        assert all(address.startswith("/") for address in loaded(html)), "loads from elsewhere"


def test_a_missing_section_says_so_in_both_languages(client, features):
    empty = next(f["id"] for f in features if f["properties"]["sections"] == 0)
    assert page(client, f"/profiles/{empty}").text.count("noch nicht verfügbar") == 7
    assert page(client, f"/profiles/{empty}?lang=en").text.count("not yet available") == 7


def test_one_step_leads_from_the_feature_to_the_profile_and_back(client, features):
    feature = client.get(f"{FEATURES}/{FULL}", headers={"Accept": "application/geo+json"}).get_json()
    profile_url = next(link["href"] for link in feature["links"] if link["rel"] == "describedby")
    assert profile_url == feature["properties"]["profile_url"]
    answer = page(client, path_of(profile_url))
    about = next(e.attributes["href"] for e in named(answer.text, "link") if e.attributes["rel"] == "about")
    assert client.get(path_of(about), headers={"Accept": "application/geo+json"}).get_json()["id"] == FULL
    visible = next(e for e in named(answer.text, "a") if e.attributes.get("rel") == "about")
    assert path_of(about) == visible.attributes["href"]
    assert f'<{about}>; rel="about"; type="application/geo+json"' in answer.headers.getlist("Link")


def test_the_profile_is_json_for_machines(client):
    for answer in (
        client.get(f"/profiles/{FULL}?f=json", headers=HTML),
        client.get(f"/profiles/{FULL}", headers={"Accept": "application/json"}),
    ):
        assert answer.mimetype == "application/json"
        content = answer.get_json()
        assert content["id"] == content["area_id"] == FULL
        assert [section["key"] for section in content["profile"]["sections"]] == list(PROFILE_SECTION.codes)
        assert all(section["text_de"] and section["text_en"] for section in content["profile"]["sections"])
        assert {link["rel"] for link in content["links"]} == {"self", "alternate", "about", "cite-as"}
        assert all(link["href"].startswith("http://localhost/") for link in content["links"])
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/profiles/{FULL}").mimetype == "text/html"
    assert client.get(f"/profiles/{FULL}?f=xml", headers=HTML).status_code == 400


def test_documents_arrive_as_they_were_stored_and_nothing_runs_them(client):
    content = client.get(f"/profiles/{FULL}?f=json").get_json()
    html = page(client, f"/profiles/{FULL}").text
    hrefs = [e.attributes["href"] for e in named(html, "a") if "download" in e.attributes]
    documents = content["profile"]["documents"]
    assert len(hrefs) == len(documents) == 2
    for href, document in zip(hrefs, documents, strict=True):
        assert path_of(document["href"]) == href
        answer = client.get(href)
        assert answer.status_code == 200
        assert answer.mimetype == document["media_type"] == "application/pdf"
        assert hashlib.sha256(answer.data).hexdigest() == document["sha256"]
        assert len(answer.data) == document["size_bytes"]
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{document["file_name"]}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["ETag"] == f'"{document["sha256"]}"'
        again = client.get(href, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        part = client.get(href, headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.data) == (206, b"%PDF")
    assert client.get(f"/profiles/{FULL}/documents/nothing.pdf").status_code == 404


def test_numbers_and_dates_follow_the_language(client):
    german = page(client, "/profiles/dortmund-nordstadt").text
    english = page(client, "/profiles/dortmund-nordstadt?lang=en").text
    assert "1.442\u00a0ha" in german
    assert "59.479" in german
    assert "1,442\u00a0ha" in english
    assert "59,479" in english
    assert "20.05.2008" in page(client, f"/profiles/{FULL}").text
    assert "20 May 2008" in page(client, f"/profiles/{FULL}?lang=en").text


def test_what_is_schematic_or_fictional_says_so(client):
    assert "Die Abgrenzung ist schematisch" in page(client, "/profiles/dortmund-nordstadt").text
    assert "This area is fictional" in page(client, f"/profiles/{FULL}?lang=en").text


def test_the_sketch_map_shows_the_boundary_without_a_script(client, features):
    for feature in features[::17]:
        html = page(client, f"/profiles/{feature['id']}").text
        sketch = next(e for e in named(html, "svg") if e.attributes.get("class") == "sketch")
        assert feature["properties"]["name"] in sketch.attributes["aria-label"]
        dashed = [e for e in named(html, "path") if e.attributes.get("stroke-dasharray")]
        assert bool(dashed) == (feature["properties"]["geom_basis"] == "schematic")
        assert not named(html, "script")


def test_the_ids_of_a_page_are_unique(client):
    for path in ("/", "/profiles", f"/profiles/{FULL}"):
        ids = [e.attributes["id"] for e in read(page(client, path).text) if "id" in e.attributes]
        assert len(ids) == len(set(ids)), path


def test_profile_json_is_what_publication_holds(client, sample_engine):
    from sqlalchemy import text

    with sample_engine.connect() as connection:
        stored = connection.execute(
            text("SELECT profile FROM publication.profile WHERE area_id = :area_id"), {"area_id": FULL}
        ).scalar_one()
    shown = client.get(f"/profiles/{FULL}?f=json").get_json()["profile"]
    assert shown["milestones"] == stored["milestones"]
    assert [contact["email"] for contact in shown["contacts"]] == ["altstadt@musterstadt.example.org"]
    assert shown["boundaries"] == json.loads(json.dumps(stored["boundaries"]))
