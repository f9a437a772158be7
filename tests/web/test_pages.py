"""The frame of all pages: language, addresses, formats, errors, headers, files."""

import gzip
import re

import brotli
import pytest
import zstandard

from geo_service.errors import ConfigError
from geo_service.ogc.map_style import load_map_style
from geo_service.web.navigation import ENTRIES
from tests.web.conftest import HTML
from tests.web.html import loaded, named

PAGES = ("/", "/profiles", "/profiles/dortmund-nordstadt", "/profiles/nowhere")


def page(client, path, **headers):
    return client.get(path, headers={**HTML, **headers})


def language(answer):
    return named(answer.text, "html")[0].attributes["lang"]


@pytest.mark.parametrize("path", PAGES)
def test_the_language_is_german_unless_the_browser_or_the_address_says_otherwise(client, path):
    assert language(page(client, path)) == "de"
    assert language(page(client, path, **{"Accept-Language": "fr"})) == "de"
    assert language(page(client, path, **{"Accept-Language": "en-GB,de;q=0.5"})) == "en"
    assert language(page(client, f"{path}?lang=de", **{"Accept-Language": "en"})) == "de"
    assert language(page(client, f"{path}?lang=en")) == "en"
    assert {"Accept", "Accept-Language"} <= set(page(client, path).vary)


def test_a_chosen_language_stays_in_the_links(client):
    for path in PAGES:
        links = [e.attributes["href"] for e in named(page(client, f"{path}?lang=en").text, "a")]
        inside = [link for link in links if link.startswith("/") and "hreflang" not in link]
        assert inside
        assert all("lang=" in link for link in inside), path
    unchosen = [e.attributes["href"] for e in named(page(client, "/profiles").text, "a")]
    assert sum("lang=" in link for link in unchosen) == 2, "only the two language links name a language"


def test_the_root_is_the_map_for_people_and_the_landing_page_for_machines(client):
    assert page(client, "/").mimetype == "text/html"
    assert client.get("/?f=html").mimetype == "text/html"
    for accept in ("*/*", "application/json", "application/json, text/html;q=0.5"):
        answer = client.get("/", headers={"Accept": accept})
        assert answer.mimetype == "application/json"
        assert {"service-desc", "conformance", "data"} <= {link["rel"] for link in answer.get_json()["links"]}
    assert page(client, "/?f=json").mimetype == "application/json"
    assert client.get("/").mimetype == "application/json"


def test_every_link_carries_the_public_address_and_its_prefix(make_app, sample_settings):
    settings = sample_settings.model_copy(update={"public_url": "https://example.org/geo"})
    client = make_app(settings).test_client()
    for path in PAGES:
        html = page(client, path).text
        assert all(address.startswith("/geo/") for address in loaded(html))
        links = [e.attributes["href"] for e in named(html, "a")]
        assert any(link.startswith("/geo/") for link in links), path
        assert all(link.startswith(("/geo/", "#", "https://", "mailto:", "tel:")) for link in links), path
    style = client.get("/api/styles/status").get_json()
    assert style["sprite"] == "https://example.org/geo/api/resources/sprite"
    profile = client.get("/profiles/dortmund-nordstadt?f=json").get_json()
    assert profile["profile_url"] == "https://example.org/geo/profiles/dortmund-nordstadt"


def test_errors_are_pages_for_people_and_problems_for_machines(client):
    answer = page(client, "/profiles/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Seite nicht gefunden" in answer.text
    assert "There is no area with this id" in page(client, "/profiles/nowhere?lang=en").text
    machine = client.get("/profiles/nowhere")
    assert (machine.status_code, machine.mimetype) == (404, "application/problem+json")
    assert page(client, "/no/such/page").status_code == 404
    assert client.get("/profiles/a%00b").status_code == 404
    posted = client.post("/profiles/dortmund-nordstadt", headers=HTML)
    assert posted.status_code == 405
    assert "GET" in posted.headers["Allow"]


def test_head_and_options_are_answered(client):
    for path in ("/", "/profiles", "/profiles/dortmund-nordstadt", "/healthz", "/api/styles/status"):
        head = client.head(path, headers=HTML)
        assert (head.status_code, head.data) == (200, b""), path
        assert {"GET", "HEAD", "OPTIONS"} <= set(client.options(path).allow), path


def test_nothing_from_elsewhere_may_run_or_load(client):
    for path in (*PAGES, "/api/styles/status", "/healthz", "/api", "/static/js/map.js"):
        with page(client, path) as answer:
            answer.get_data()
        policy = dict(
            rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"]


def test_pages_hold_no_inline_script_or_style(client):
    for path in PAGES:
        html = page(client, path).text
        scripts = [e.attributes for e in named(html, "script")]
        assert all("src" in each or each.get("type") == "application/json" for each in scripts)
        assert not named(html, "style")
        assert not re.search(r"\s(?:style|on[a-z]+)=", html)


def test_a_background_map_enters_style_and_policy(make_app, sample_settings):
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
    settings = sample_settings.model_copy(
        update={"background_tiles": tiles, "background_attribution": "© Example"}
    )
    client = make_app(settings).test_client()
    style = client.get("/api/styles/status").get_json()
    assert style["sources"]["background-tiles"]["tiles"] == [tiles]
    assert style["sources"]["background-tiles"]["attribution"] == "© Example"
    assert [layer["id"] for layer in style["layers"]][:2] == ["background", "background-tiles"]
    policy = page(client, "/").headers["Content-Security-Policy"]
    assert "connect-src 'self' https://tiles.example.org;" in policy


def test_the_legend_of_the_map_is_that_of_its_style(client):
    html = page(client, "/").text
    shown = [e.text for e in named(html, "span") if e.attributes.get("class") == "legend-label"]
    status = client.get("/api/styles/status/legend").get_json()["groups"][0]
    assert shown == [entry["title"] for entry in status["entries"]]
    assert shown == [
        "laufende Programmgebiete",
        "abgeschlossene Programmgebiete",
        "Programmgebiete in Planung",
        "Status nicht belegt",
    ]


def test_a_style_that_cannot_be_used_is_named_at_the_start(tmp_path, sample_settings):
    (tmp_path / "config").mkdir()
    settings = sample_settings.model_copy(update={"project_dir": tmp_path})
    with pytest.raises(ConfigError, match=r"map-style\.json"):
        load_map_style(settings)
    (tmp_path / "config" / "map-style.json").write_text('{"layers": []}')
    with pytest.raises(ConfigError, match="lacks planned"):
        load_map_style(settings)


def test_the_map_library_is_served_compressed_and_nothing_beside_it(client):
    address = next(
        e.attributes["href"]
        for e in named(page(client, "/").text, "link")
        if "vendor" in e.attributes["href"]
    )
    assert client.get(address).mimetype == "text/css"
    module = client.get("/vendor/maplibre-gl/maplibre-gl.mjs?v=1", headers={"Accept-Encoding": "gzip"})
    assert (module.mimetype, module.headers["Content-Encoding"]) == ("text/javascript", "gzip")
    assert "immutable" in module.headers["Cache-Control"]
    assert (
        client.get(
            "/vendor/maplibre-gl/maplibre-gl.mjs",
            headers={"Accept-Encoding": "gzip", "If-None-Match": module.headers["ETag"]},
        ).status_code
        == 304
    )
    for outside in (
        "..%2fpackage.json",
        "../package.json",
        "maplibre-gl.d.ts",
        "%2e%2e%2fpackage.json",
        "nothing.mjs",
        "nothing%00.mjs",
        "long" * 100 + ".mjs",
    ):
        assert client.get(f"/vendor/maplibre-gl/{outside}").status_code == 404, outside


def test_without_the_map_library_the_list_is_the_page(make_app, sample_settings):
    client = make_app(sample_settings.model_copy(update={"vendor_dir": None})).test_client()
    html = page(client, "/").text
    assert "Die Kartensoftware ist auf diesem Server nicht eingerichtet" in html
    assert not named(html, "script")
    assert len([e for e in named(html, "a") if e.attributes.get("class") == "area-link"]) == 100
    assert "Alle 129 Gebiete als Tabelle" in html


def test_pages_are_asked_again_and_answered_in_short_when_nothing_changed(client):
    for path in ("/", "/profiles", "/profiles/dortmund-nordstadt", "/profiles/dortmund-nordstadt?f=json"):
        first = page(client, path)
        assert first.headers["Cache-Control"] == "no-cache"
        assert page(client, path, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert page(
            client, path, **{"If-None-Match": first.headers["ETag"], "Accept-Language": "en"}
        ).status_code in ((200,) if first.mimetype == "text/html" else (304,))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/profiles/dortmund-nordstat", "dortmund nordstat"),
        ("/k%C3%B6ln_chorweiler/", "köln chorweiler"),
        ("/profiles/%22%3E%3Cscript%3Ealert", "script alert"),
        ("/profiles/123", None),
        ("/" + "x" * 300, None),
        ("/api/collections/nothing", None),
    ],
)
def test_an_address_that_leads_nowhere_offers_to_search_for_its_words(client, path, words):
    answer = page(client, f"{path}?lang=en")
    assert answer.status_code == 404
    found = [e for e in named(answer.text, "a") if e.attributes["href"].startswith("/search?q=")]
    assert [e.text for e in found] == ([f"Search for “{words}”"] if words else [])
    for link in found:
        assert page(client, link.attributes["href"]).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/profiles", "/municipalities?lang=en", "/profiles?f=json", "/api/openapi?f=html"]
)
def test_pages_are_compressed_for_those_who_take_it(client, path):
    plain = page(client, path)
    assert "Content-Encoding" not in plain.headers
    for accepted, coding in (("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"), ("zstd", "zstd")):
        coded = page(client, path, **{"Accept-Encoding": accepted})
        assert coded.headers["Content-Encoding"] == coding
        assert "Accept-Encoding" in coded.vary
        assert int(coded.headers["Content-Length"]) == len(coded.data) < len(plain.data) / 2
        assert unpacked(coded) == plain.data
        tag = coded.headers.get("ETag")
        if plain.status_code == 200:
            assert tag is not None
            assert tag.startswith("W/") or tag != plain.headers["ETag"]
            again = page(client, path, **{"Accept-Encoding": accepted, "If-None-Match": tag})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
            if not tag.startswith("W/"):
                assert page(client, path, **{"If-None-Match": tag}).status_code == 200


def unpacked(answer):
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstandard.decompress}
    return unpack[answer.headers["Content-Encoding"]](answer.data)


def test_scripts_and_styles_are_compressed_and_kept(client):
    html = page(client, "/").text
    addresses = [e.attributes["href"] for e in named(html, "link") if "/static/css" in e.attributes["href"]]
    addresses += [
        e.attributes["src"] for e in named(html, "script") if "/static/js" in e.attributes.get("src", "")
    ]
    assert len(addresses) > 3
    for address in (*addresses, "/static/js/map-base.js", "/static/favicon.svg"):
        plain = client.get(address)
        coded = client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert coded.headers["Content-Encoding"] == "gzip"
        assert unpacked(coded) == plain.data
        assert ("immutable" in coded.headers["Cache-Control"]) == ("v=" in address)
        tag = {"Accept-Encoding": "gzip", "If-None-Match": coded.headers["ETag"]}
        assert client.get(address, headers=tag).status_code == 304
    picture = client.get("/static/img/qgis-form.de.png", headers={"Accept-Encoding": "gzip"})
    assert picture.mimetype == "image/png"
    assert "Content-Encoding" not in picture.headers
    for outside in (
        "../app.py",
        "js/../../app.py",
        "js",
        "js/nothing.js",
        "%00.js",
        "long" * 100 + ".css",
        "x.png",
    ):
        assert client.get(f"/static/{outside}").status_code == 404, outside


def test_a_host_that_is_none_is_refused_without_a_page(client):
    answer = client.get("/profiles", headers={**HTML, "Host": "exa mple<script>"})
    assert answer.status_code == 400
    assert "<script>" not in answer.text


def test_the_navigation_leads_to_pages_that_exist_and_shows_where_one_is(client):
    for language in ("de", "en"):
        for entry in ENTRIES:
            answer = page(client, f"{entry.path}?lang={language}")
            assert (answer.status_code, answer.mimetype) == (200, "text/html"), entry.path
            current = [e for e in named(answer.text, "a") if e.attributes.get("aria-current") == "page"]
            assert [e.text for e in current][:1] == [entry.title.text(language)], entry.path
    html = page(client, "/profiles/dortmund-nordstadt").text
    assert "Stadtteilprofile" in {
        e.text for e in named(html, "a") if e.attributes.get("aria-current") == "true"
    }, "a page below an entry shows where it belongs"


def test_search_engines_learn_both_languages_and_one_address_of_a_page(make_app, sample_settings):
    settings = sample_settings.model_copy(update={"public_url": "https://example.org/geo"})
    client = make_app(settings).test_client()
    for path in PAGES[:3]:
        address = f"https://example.org/geo{path}"
        links = [e.attributes for e in named(page(client, f"{path}?q=Nord&lang=en").text, "link")]
        assert [e["href"] for e in links if e["rel"] == "canonical"] == [f"{address}?lang=en"]
        assert {e["hreflang"]: e["href"] for e in links if "hreflang" in e} == {
            "de": f"{address}?lang=de",
            "en": f"{address}?lang=en",
            "x-default": address,
        }
        unchosen = [e.attributes for e in named(page(client, path).text, "link")]
        assert [e["href"] for e in unchosen if e["rel"] == "canonical"] == [address]
    titles, descriptions = set(), set()
    for path in PAGES[:3]:
        for lang in ("de", "en"):
            html = page(client, f"{path}?lang={lang}").text
            titles.add(named(html, "title")[0].text)
            descriptions.add(
                next(
                    e.attributes["content"]
                    for e in named(html, "meta")
                    if e.attributes.get("name") == "description"
                )
            )
    # The title of a profile is the same in both languages: the name of the area.
    assert len(titles) >= 5
    assert len(descriptions) >= 5
    assert "canonical" not in page(client, "/profiles/nowhere").text


def test_robots_are_kept_from_endless_addresses_only(make_app, sample_settings):
    settings = sample_settings.model_copy(update={"public_url": "https://example.org/geo"})
    answer = make_app(settings).test_client().get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    closed = [line.removeprefix("Disallow: ") for line in lines[1:]]
    assert "/geo/api/*/tiles/" in closed
    assert not {"/", "/geo/", "/geo/profiles", "/geo/profiles/"} & set(closed)
