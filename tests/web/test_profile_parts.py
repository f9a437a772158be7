"""What a profile tells beside its sections: figures with years, versions, neighbours, who can complete it."""

import pytest
from sqlalchemy import text

from geo_service.web import formats
from geo_service.web.markdown import render
from tests.factories import make_area, make_municipality, square
from tests.web.conftest import HTML
from tests.web.html import named, read

FULL = "musterstadt-beispielgebiet-altstadt"


@pytest.fixture(scope="module")
def parts(engine, database, make_app, make_settings):
    """Areas in a row: one that grew and shrank, one 350 m east of it, a schematic one 1.4 km north, one far away."""
    with engine.begin() as connection:
        main = make_area(
            connection,
            area_id="main",
            name="Mitte",
            geom=square(390_000, 5_710_000),
            documented_area_ha=99.5,
            documented_area_year=2018,
            population=4210,
            population_year=2019,
        )
        second = make_municipality(connection, name="Nebenstadt")
        connection.execute(
            text("INSERT INTO registry.area_municipality (area_no, ags) VALUES (:area_no, :ags)"),
            {"area_no": main, "ags": second},
        )
        make_area(connection, area_id="touching", name="Nachbar", geom=square(389_000, 5_709_000))
        make_area(connection, area_id="east", name="Ost", geom=square(391_350, 5_710_000), population=12)
        north = make_area(connection, area_id="north", name="Nord", geom=square(390_000, 5_712_400))
        connection.execute(
            text("UPDATE registry.boundary SET geom_basis = 'schematic' WHERE area_no = :area_no"),
            {"area_no": north},
        )
        connection.execute(
            text("UPDATE registry.programme_area SET documented_area_ha = 1442 WHERE area_no = :area_no"),
            {"area_no": north},
        )
        make_area(connection, area_id="far", name="Fern", geom=square(450_000, 5_710_000))
        _grow_and_shrink(connection, main)
        connection.execute(
            text(
                "INSERT INTO registry.profile_section (area_no, language, section, body) VALUES (:area_no, 'de',"
                " 'potential', 'Zum [Plan](documents/plan.pdf), zum [Osten](/profiles/east), [weg](https://example.org)')"
            ),
            {"area_no": main},
        )
    return make_app(make_settings(database, public_url="https://example.org/geo")).test_client()


def _grow_and_shrink(connection, area_no):
    for side, start, end, reason, basis in (
        (800, None, "2010-05-01", None, "schematic"),
        (900, "2010-05-01", "2013-05-13", "Festlegung", "official"),
        (1100, "2013-05-13", "2020-05-13", "Erweiterung", "official"),
        (500, "2020-05-13", "2020-05-13", "Versehen", "official"),
    ):
        connection.execute(
            text(
                "INSERT INTO registry.boundary (area_no, geom, geom_basis, reason, valid_from, valid_to)"
                " VALUES (:area_no, :geom, :basis, :reason, :start, :end)"
            ),
            {"area_no": area_no, "geom": square(side=side), "basis": basis, "reason": reason,
             "start": start, "end": end},
        )  # fmt: skip
    connection.execute(
        text(
            "UPDATE registry.boundary SET valid_from = '2020-05-13', reason = 'Verkleinerung'"
            " WHERE area_no = :area_no AND valid_to IS NULL"
        ),
        {"area_no": area_no},
    )


def words(html, css_class):
    return [" ".join(e.text.split()) for e in named(html, "p") if e.attributes.get("class") == css_class]


def test_versions_have_date_reason_and_difference(parts):
    html = parts.get("/profiles/main", headers=HTML).text
    assert words(html, "version-head") == [
        "seit 13.05.2020 aktuell",
        "13.05.2013 bis 13.05.2020",
        "01.05.2010 bis 13.05.2013",
        "bis 01.05.2010",
    ]
    assert words(html, "version-meta") == [
        "amtliche Abgrenzung, 100 ha Unterschied zur vorigen Fassung: (−21 ha)",
        "amtliche Abgrenzung, 121 ha Unterschied zur vorigen Fassung: (+40 ha)",
        "amtliche Abgrenzung, 81 ha",
        "schematische Darstellung",
    ]
    for reason in ("Verkleinerung", "Erweiterung", "Festlegung", "Anlass nicht belegt"):
        assert f"<p>{reason}</p>" in html
    assert "Versehen" not in html, "what held for no day is no version"
    english = parts.get("/profiles/main?lang=en", headers=HTML).text
    assert words(english, "version-head")[:2] == ["since 13 May 2020 current", "13 May 2013 to 13 May 2020"]
    differences = [
        b["difference_ha"] for b in parts.get("/profiles/main?f=json").get_json()["profile"]["boundaries"]
    ]
    assert differences == [None, None, 40.0, -21.0]


def test_the_three_nearest_areas_are_told_with_distance_and_direction(parts):
    html = parts.get("/profiles/main", headers=HTML).text
    ways = [
        " ".join(e.text.split()) for e in named(html, "span") if e.attributes.get("class") == "neighbour-way"
    ]
    assert ways == [
        "Musterstadt, angrenzend, südwestlich",
        "Musterstadt, 350 m östlich",
        "Musterstadt, ca. 1,4 km nördlich",
    ]
    english = parts.get("/profiles/main?lang=en", headers=HTML).text
    assert "about 1.4\u00a0km to the north" in english
    nearest = parts.get("/profiles/main?f=json").get_json()["nearest"]
    assert [(n["area_id"], n["distance"], n["exact"]) for n in nearest] == [
        ("touching", 0.0, True), ("east", 350.0, True), ("north", 1400.0, False)]  # fmt: skip
    assert nearest[1]["profile_url"] == "https://example.org/geo/profiles/east"


def test_figures_have_a_year_or_say_that_it_is_not_documented(parts):
    main = parts.get("/profiles/main", headers=HTML).text
    assert "laut Quelle 99,5\u00a0ha, Stand 2018" in main
    assert "Stand 2019" in main
    assert "Jahr nicht belegt" in parts.get("/profiles/east", headers=HTML).text
    north = parts.get("/profiles/north?lang=en", headers=HTML).text
    assert "1,442\u00a0ha" in north
    assert "as documented, year not documented" in north


def test_municipalities_lead_to_their_pages(parts):
    html = parts.get("/profiles/main?lang=en", headers=HTML).text
    paths = [
        e.attributes["href"] for e in named(html, "a") if "/municipalities/" in e.attributes.get("href", "")
    ]
    assert len(paths) == 3, "the crumbs, the leading one, the other one"
    assert paths[0] == paths[1] != paths[2]
    for path in paths:
        assert path.startswith("/geo/municipalities/")
        assert parts.get(path.removeprefix("/geo"), headers=HTML).status_code == 200
    assert "Musterstadt (leading)" in html


def test_news_and_coming_events_about_the_area_are_named(parts, engine):
    assert "Aktuelles und Termine" not in parts.get("/profiles/main", headers=HTML).text
    with engine.begin() as connection:
        for kind, slug, begin, title_de, title_en in (
            ("news", "2020-01-01-alt", "2020-01-01", "Alte Nachricht", None),
            ("news", "2021-01-01-neu", "2021-01-01", "Neue Nachricht", "New item"),
            ("event", "2020-02-02-vorbei", "2020-02-02", "Vergangenes Fest", None),
            ("event", "2199-02-02-fest", "2199-02-02", "Kommendes Fest", "Coming feast"),
        ):
            connection.execute(
                text(
                    "WITH made AS (INSERT INTO registry.entry"
                    " (kind, slug, begin_date, end_date, title_de, title_en, body_de, body_en, place, released_at)"
                    " VALUES (:kind, :slug, :begin, CASE WHEN :kind = 'event' THEN CAST(:begin AS date) END,"
                    " :de, :en, 'Text', CASE WHEN CAST(:en AS text) IS NOT NULL THEN 'Text' END,"
                    " CASE WHEN :kind = 'event' THEN 'Platz' END, now()) RETURNING entry_no)"
                    " INSERT INTO registry.entry_area (entry_no, area_no) SELECT entry_no, area_no FROM made,"
                    " registry.programme_area WHERE area_id = 'main'"
                ),
                {"kind": kind, "slug": slug, "begin": begin, "de": title_de, "en": title_en},
            )
    html = parts.get("/profiles/main?lang=en", headers=HTML).text
    shown = [e for e in named(html, "a") if e.attributes["href"].startswith(("/geo/news/2", "/geo/events/2"))]
    assert [link.text for link in shown] == ["Coming feast", "New item", "Alte Nachricht"]
    assert [link.attributes.get("lang") for link in shown] == [None, None, "de"]
    for link in shown:
        assert parts.get(link.attributes["href"].removeprefix("/geo"), headers=HTML).status_code == 200
    assert "Vergangenes Fest" not in html
    assert (
        "News and events" not in parts.get("/profiles/east?lang=en", headers=HTML).text.partition("<main")[2]
    )


def test_a_gap_says_who_can_fill_it(parts):
    many = parts.get("/profiles/main", headers=HTML).text
    assert (
        words(many, "missing-hint")
        == ["Ergänzen können diesen Abschnitt die Gemeinden Musterstadt und Nebenstadt."] * 6
    )
    assert (
        "completed by the municipality of Musterstadt."
        in parts.get("/profiles/east?lang=en", headers=HTML).text
    )


def test_links_in_a_text_lead_to_documents_and_profiles_below_the_prefix(parts):
    html = parts.get("/profiles/main", headers=HTML).text
    for href in ("/geo/profiles/main/documents/plan.pdf", "/geo/profiles/east", "https://example.org"):
        assert f'<a href="{href}" rel="noopener noreferrer">' in html


def test_the_only_area_has_no_neighbours(clone, cluster, database_template, make_app, make_settings):
    from sqlalchemy import create_engine

    name = clone(database_template)
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        make_area(connection, area_id="alone")
    engine.dispose()
    client = make_app(make_settings(name)).test_client()
    assert "keine anderen Programmgebiete" in client.get("/profiles/alone", headers=HTML).text


def test_contents_lead_to_every_section(client):
    html = client.get(f"/profiles/{FULL}", headers=HTML).text
    targets = [e.attributes["href"] for e in named(html, "a") if e.attributes.get("href", "").startswith("#")]
    ids = {e.attributes.get("id") for e in named(html, "section")}
    assert len(targets) == 8
    assert {target[1:] for target in targets} - {"content"} <= ids


def test_a_profile_is_answered_in_short_to_who_has_it(client):
    for path in (f"/profiles/{FULL}", f"/profiles/{FULL}?f=json"):
        first = client.get(path, headers=HTML)
        again = client.get(path, headers={**HTML, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    german, english = (client.get(f"/profiles/{FULL}?lang={each}", headers=HTML) for each in ("de", "en"))
    assert german.headers["ETag"] != english.headers["ETag"]


@pytest.mark.parametrize(
    ("metres", "de", "en"),
    [
        (3, "10\u00a0m", "10\u00a0m"),
        (344, "340\u00a0m", "340\u00a0m"),
        (996, "1\u00a0km", "1\u00a0km"),
        (1449, "1,4\u00a0km", "1.4\u00a0km"),
        (9960, "10\u00a0km", "10\u00a0km"),
        (23_400, "23\u00a0km", "23\u00a0km"),
        (1_234_567, "1.235\u00a0km", "1,235\u00a0km"),
    ],
)
def test_distances_are_as_exact_as_people_say_them(metres, de, en):
    assert formats.distance(metres, "de") == de
    assert formats.distance(metres, "en") == en


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("[x](documents/a%20b.pdf)", "/geo/d/a%20b.pdf"),
        ("[x](/profiles/y)", "/geo/profiles/y"),
        ("[x](//elsewhere.example/)", "//elsewhere.example/"),
        ("[x](#contact)", "#contact"),
    ],
)
def test_links_in_markdown_are_resolved(source, href):
    assert f'href="{href}"' in render(source, documents="/geo/d/", prefix="/geo")


@pytest.mark.parametrize(
    "source",
    ["[x](javascript:alert(1))", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](https://e.org/a.png)",
     "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)"],
)  # fmt: skip
def test_markdown_holds_nothing_that_runs_or_loads(source):
    elements = read(render(source, documents="/d/", prefix=""))
    assert {element.name for element in elements} <= {"p", "a"}
    assert not [e for e in elements if set(e.attributes) - {"href", "rel"}]
    assert not [e for e in elements if ":" in e.attributes.get("href", "").removeprefix("https:")]
