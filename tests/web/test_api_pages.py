"""The API for people: each resource as a page in both languages, made of the document that machines get.

OGC API - Features - Part 1 (17-069r4), clause 8.2 (HTML): /req/html/definition and /req/html/content.
"""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from geo_service.web.api_pages.definition import resolved
from tests.ogc.jobs import finished_job
from tests.web.api_pages import AREA, AREAS, ITEMS, page, texts
from tests.web.conftest import HTML
from tests.web.html import faults, loaded, named, read

# For programs alone: GDAL, and renderers of tiles.
NO_PAGE = (
    "/results",
    "/feature-schema",
    "/tilejson.json",
    "/styles/{styleId}",
    "/resources/{spriteName}.json",
)


@pytest.fixture(scope="module")
def resources(client):
    """The addresses of all resources of the API definition that give JSON, one for each path."""
    found, document = [], client.get("/api/openapi").get_json()
    job_id = finished_job(client)
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        content = set(resolved(document, methods["get"]["responses"]["200"])["content"])
        if path.endswith(NO_PAGE) or not any("json" in media_type for media_type in content):
            continue
        assert "text/html" in content, path
        collection = path.split("/")[2] if path.startswith("/collections/") else ""
        values = {
            "processId": "overlap",
            "jobId": job_id,
            "tileMatrixSetId": "WebMercatorQuad",
            "codeListId": "status",
            "styleId": "status",
        }
        if "{itemId}" in path:
            values["itemId"] = client.get(f"/api/collections/{collection}/items?limit=1").get_json()[
                "features"
            ][0]["id"]
        found.append("/api" + path.format(**values).rstrip("/"))
    assert len(found) > 25
    return found


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_resource_is_a_sound_page_in_both_languages(client, resources, language):
    for path in resources:
        answer = page(client, path, **{"Accept-Language": language})
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
        html = answer.text
        assert html.startswith("<!DOCTYPE html>")
        assert not faults(html), f"{path}: {faults(html)}"
        assert [e.attributes["lang"] for e in named(html, "html")] == [language]
        assert answer.headers["Content-Language"] == language
        assert len(named(html, "h1")) == len(named(html, "main")) == 1
        assert all(texts(html, "h1")), path
        assert texts(html, "h1")[0] in texts(html, "title")[0]
        assert {"Accept", "Accept-Language"} <= set(answer.vary)
        assert all(address.startswith("/") for address in loaded(html)), path
        scripts = [e.attributes for e in named(html, "script")]
        assert all("src" in each or each.get("type") == "application/json" for each in scripts)
        assert not re.search(r"\s(?:style|on[a-z]+)=", html)


def test_the_two_languages_differ_in_every_heading_that_is_no_name(client, resources):
    for path in resources:
        german, english = (page(client, f"{path}?lang={language}").text for language in ("de", "en"))
        assert german != english, path
        assert {"Schnittstelle (OGC API)"} <= set(texts(german, "a"))
        assert {"Interface (OGC API)"} <= set(texts(english, "a"))


def test_machines_keep_getting_json(client, resources):
    for path in resources:
        for accept in (None, "*/*", "application/json", "application/json, text/html;q=0.5"):
            answer = client.get(path, headers={"Accept": accept} if accept else {})
            assert "json" in answer.mimetype, (path, accept)
        assert client.get(f"{path}?f=html").mimetype == "text/html"
        assert page(client, f"{path}?f=json").mimetype.endswith("json")


def test_every_page_leads_to_its_other_formats(client, resources):
    for path in resources:
        html = page(client, f"{path}?lang=en").text
        links = [
            e.attributes
            for e in named(html, "link")
            if e.attributes.get("rel") == "alternate" and "type" in e.attributes
        ]
        shown = [e.attributes["href"] for e in named(html, "a") if e.attributes.get("rel") == "alternate"]
        assert [one["href"] for one in links] == shown
        assert links, path
        answer = client.get(links[0]["href"], headers=HTML)
        assert answer.status_code == 200
        assert answer.mimetype == links[0]["type"].partition(";")[0], path
        assert answer.headers["Content-Language"] in ("en", "de, en")


def test_every_page_says_where_it_is(client, resources):
    for path in resources:
        html = page(client, path).text
        here = [e for e in read(html) if e.attributes.get("aria-current") == "page"]
        assert len(here) == 1, path
        if path == "/api":
            continue
        way = [
            e.attributes["href"] for e in named(html, "a") if e.attributes.get("href", "").startswith("/api")
        ]
        assert "/api" in way
        languages = [e.attributes["href"] for e in named(html, "a") if "hreflang" in e.attributes]
        assert languages == [f"{path}?lang=de", f"{path}?lang=en"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_link_of_any_page_is_broken(client, language):
    """Walk from the landing page over all links of all pages of the API, following pages but not every item."""
    waiting, seen, items = [f"/api?f=html&lang={language}"], set(), 0
    while waiting:
        path = waiting.pop()
        answer = page(client, path)
        assert answer.status_code in (200, 303), path
        if answer.mimetype != "text/html" or not urlsplit(path).path.startswith("/api"):
            continue
        for element in named(answer.text, "a") + named(answer.text, "link"):
            target = urljoin(path, element.attributes["href"])
            parts = urlsplit(target)
            address = target.partition("#")[0]
            if parts.netloc or parts.scheme or "/static/" in address or "{" in address or address in seen:
                continue
            if re.search(r"/items/[^/]+$", parts.path):
                items += 1
                if items > 12:
                    continue
            if "cursor" in parts.query and re.search(r"sortby=|f=", parts.query):
                continue  # the first page of each order and each format stands for the others
            other_language = "lang=" in parts.query and f"lang={language}" not in parts.query
            seen.add(address)
            if not other_language:
                waiting.append(address)
        assert len(seen) < 3000, "addresses without end"
    paths = {urlsplit(each).path for each in seen}
    assert {
        "/api/openapi",
        "/api/conformance",
        ITEMS,
        f"{AREAS}/tiles",
        "/api/codelists",
        "/api/tileMatrixSets",
    } <= paths


def test_links_work_below_a_prefix(make_app, sample_settings):
    settings = sample_settings.model_copy(update={"public_url": "https://example.org/geo"})
    client = make_app(settings).test_client()
    for path in (
        "/api",
        "/api/collections",
        AREAS,
        ITEMS,
        AREA,
        "/api/openapi",
        f"{AREAS}/tiles/WebMercatorQuad",
        f"{ITEMS}?status=ongoing&limit=2",
    ):
        html = page(client, path).text
        assert all(address.startswith("/geo/") for address in loaded(html))
        links = [e.attributes["href"] for e in named(html, "a")]
        own = [
            link
            for link in links
            if not link.startswith(("#", "mailto:", "http://www.opengis.net", "https://www.govdata.de"))
        ]
        assert all(link.startswith("/geo/") for link in own if "example.org" not in link), path
        assert not any(link.startswith("https://example.org/geo") for link in own), path
    form = next(e for e in named(page(client, ITEMS).text, "form"))
    assert form.attributes["action"] == f"/geo{ITEMS}"
    assert page(client, f"{ITEMS}?status=").headers["Location"] == f"/geo{ITEMS}"


def test_a_page_is_asked_again_and_answered_in_short(client, resources):
    for path in resources:
        first = page(client, path)
        again = page(client, path, **{"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, path
        assert (
            page(
                client, path, **{"If-None-Match": first.headers["ETag"], "Accept-Language": "en"}
            ).status_code
            == 200
        )


@pytest.mark.parametrize(
    "path, status",
    [
        ("/api/nothing", 404),
        ("/api/collections/nowhere", 404),
        (f"{ITEMS}/nowhere", 404),
        ("/api/collections?no-such=1", 400),
        (f"{ITEMS}?bbox=1,2", 400),
        (f"{ITEMS}?f=no-such-format", 400),
        ("/api/codelists/nothing", 404),
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_errors_say_the_same_to_people_and_to_machines(client, path, status, language):
    separator = "&" if "?" in path else "?"
    answer = page(client, f"{path}{separator}lang={language}")
    problem = client.get(f"{path}{separator}lang={language}")
    assert answer.status_code == problem.status_code == status
    assert (answer.mimetype, problem.mimetype) == ("text/html", "application/problem+json")
    assert not faults(answer.text)
    assert texts(answer.text, "h1") == [problem.get_json()["title"]]
    assert texts(answer.text, "p", "lead") == [problem.get_json()["detail"]]
    assert [e.attributes["lang"] for e in named(answer.text, "html")] == [language]
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"Accept", "Accept-Language"} <= set(answer.vary)


def test_other_methods_are_refused_to_people_too(client):
    answer = client.delete("/api/collections", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "GET" in answer.headers["Allow"]


def test_conformance_is_grouped_by_standard_and_complete(client):
    html = page(client, "/api/conformance?lang=en").text
    declared = client.get("/api/conformance").get_json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html" in declared
    linked = [e.attributes["href"] for e in named(html, "a") if "/spec/" in e.attributes["href"]]
    assert sorted(linked) == sorted(declared)
    assert "OGC API – Features – Part 1: Core 1.0" in texts(html, "h2")
    assert not [title for title in texts(html, "h2") if re.match(r"[a-z-]+[0-9]? [0-9.]+$", title)], (
        "all standards have a name"
    )


def test_the_definition_shows_every_path_and_parameter(client):
    document = client.get("/api/openapi?lang=en").get_json()
    html = page(client, "/api/openapi?lang=en").text
    codes = set(texts(html, "code"))
    assert set(document["paths"]) <= codes
    assert set(document["components"]["schemas"]) <= codes
    names = {one["name"] for one in document["components"]["parameters"].values()}
    assert names <= codes
    for operation in (method for path in document["paths"].values() for method in path.values()):
        assert operation["summary"] in texts(html, "p")
    assert "default 100" in texts(html, "span")
    examples = [e.attributes["href"] for e in named(html, "a") if "/items?limit=10" in e.attributes["href"]]
    assert len(examples) == 4
    for example in examples:
        answer = client.get(example, headers=HTML)
        assert answer.mimetype == "application/geo+json"
        assert answer.get_json()["features"] or "/events/" in example, example


def test_a_collection_shows_its_fields_with_codes_and_labels(client):
    html = page(client, AREAS).text
    document = client.get(AREAS).get_json()
    rows = [e for e in named(html, "tr") if e.attributes.get("id", "").startswith("field-")]
    assert "Verfahrensstandstage Text" in " ".join(e.text for e in rows)
    assert "ongoing laufend" in next(e.text for e in rows if e.attributes["id"] == "field-status")
    assert "129" in texts(html, "dd")[1]
    assert document["links"]
    queryables = [
        e.attributes["href"] for e in named(html, "a") if e.attributes["href"].endswith("/queryables")
    ]
    assert queryables == [f"{AREAS}/queryables"]


def test_a_code_list_shows_both_languages(client):
    html = page(client, "/api/codelists/status").text
    assert (
        "ongoing laufend ongoing"
        in " | ".join(" ".join(e.parts).strip() for e in named(html, "tr"))
        .replace("\n", " ")
        .replace("  ", " ")
        or "laufend" in html
    )
    assert "Status nicht belegt" in texts(html, "td")
