"""News, events, the network and its municipalities: pages, feed and calendar file, on the sample data and on more."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import create_engine, text

from geo_service.db.entries import News
from geo_service.web import atom
from geo_service.web.page import Page
from tests.factories import square
from tests.web.conftest import HTML
from tests.web.html import faults, named

ATOM = "{http://www.w3.org/2005/Atom}"
EVENT = "2020-05-13-stadterneuerung-im-dialog"
FUNDING = "2020-03-30-staedtebaufoerderung-nrw-2020"


def page(client, path, **headers):
    return client.get(path, headers={**HTML, **headers})


def texts(html, name):
    return [element.text for element in named(html, name)]


@pytest.fixture(scope="module")
def busy(make_app, make_settings, clone, sample_template, cluster):
    """A client of a service with many entries, and the day that it is."""
    name = clone(sample_template)
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        today = connection.execute(text("SELECT (now() AT TIME ZONE 'Europe/Berlin')::date")).scalar_one()
        connection.execute(
            text("""
            INSERT INTO registry.entry (kind, slug, begin_date, title_de, body_de, released_at)
            SELECT 'news', 'meldung-' || n, date '2021-06-01' + n * 20, 'Meldung ' || n, 'Text & mehr ' || n, now()
            FROM generate_series(1, 50) AS n""")
        )
        rows = [
            ("heute", 0, 0, "10:00", "11:30", "Haus A", False),
            ("morgen", 1, 2, None, None, None, True),
            ("gestern", -1, -1, None, None, None, False),
            ("laeuft", -3, 3, "08:00", None, None, False),
        ]
        for slug, begin, end, begin_time, end_time, place, cancelled in rows:
            connection.execute(
                text("""
                INSERT INTO registry.entry (kind, slug, begin_date, end_date, begin_time, end_time, title_en, body_en, place,
                                            ags, is_cancelled, point, released_at)
                VALUES ('event', :slug, :begin, :end, CAST(:begin_time AS time), CAST(:end_time AS time), :title,
                        'Come, all; bring <b>cake</b>.' || chr(10) || chr(10) || repeat('Ä very long text. ', 20), :place,
                        '05999001', :cancelled, ST_SetSRID(ST_MakePoint(461465, 5657753), 25832), now())"""),
                {
                    "slug": slug,
                    "begin": today + timedelta(begin),
                    "end": today + timedelta(end) if end != begin else None,
                    "begin_time": begin_time,
                    "end_time": end_time,
                    "title": slug.title(),
                    "place": place,
                    "cancelled": cancelled,
                },
            )
        connection.execute(
            text("""
            INSERT INTO registry.entry_area (entry_no, area_no)
            SELECT e.entry_no, a.area_no FROM registry.entry AS e, registry.programme_area AS a
            WHERE e.slug IN ('meldung-1', 'gestern') AND a.area_id = 'musterstadt-beispielgebiet-altstadt'""")
        )
    engine.dispose()
    return make_app(make_settings(name)).test_client(), today


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "path",
    ["/news", f"/news/{FUNDING}", "/events", f"/events/{EVENT}", "/network", "/municipalities", "/municipalities/05116000"],
)  # fmt: skip
def test_every_page_is_sound_in_both_languages(client, path, language):
    answer = page(client, path, **{"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert not faults(answer.text)
    assert answer.headers["Content-Language"] == language
    assert len(named(answer.text, "h1")) == len(named(answer.text, "main")) == 1
    stylesheets = [
        e.attributes["href"] for e in named(answer.text, "link") if e.attributes["rel"] == "stylesheet"
    ]
    assert any("pages.css" in address for address in stylesheets)


def test_the_sample_has_three_news_items_and_one_event_with_their_facts(client):
    assert len(texts(page(client, "/news").text, "h2")) >= 3
    funding = page(client, f"/news/{FUNDING}").text
    for fact in (
        "396,6 Millionen Euro",
        "273 Gemeinden",
        "295 Vorhaben",
        "532 Millionen",
        "Lebendige Zentren",
        "30.03.2020",
    ):
        assert fact in funding
    assert "396.6 million euros" in page(client, f"/news/{FUNDING}?lang=en").text
    event = page(client, f"/events/{EVENT}?lang=en").text
    assert "13 May 2020" in event
    assert "shows its centre, not the venue" in event
    assert "/municipalities/05116000?lang=en" in event


def test_unknown_entries_are_not_found(client):
    for path in (
        "/news/nothing",
        "/events/nothing",
        "/events/nothing.ics",
        f"/events/{EVENT}.pdf",
        "/municipalities/0",
    ):
        assert page(client, path).status_code == 404, path
    for path in ("/news?year=x", "/news?year=-1", "/events?page=0", "/news?page=99999999999"):
        assert page(client, path).status_code == 400, path
    assert page(client, "/news?year=1999").status_code == 200
    assert page(client, "/news/a%00b").status_code == 404


def test_news_are_paged_and_chosen_by_year(busy):
    client, _ = busy
    first = page(client, "/news")
    assert texts(first.text, "h2")[:2] == ["Meldung 50", "Meldung 49"]
    links = {
        e.attributes.get("rel"): e.attributes["href"] for e in named(first.text, "a") if "rel" in e.attributes
    }
    assert links["next"] == "/news?page=2"
    second = page(client, links["next"])
    assert "Meldung 30" in texts(second.text, "h2")
    last = page(client, "/news?page=3").text
    assert FUNDING in last
    assert 'rel="next"' not in last
    year = page(client, "/news?year=2022&lang=en").text
    assert all(f".{2022}" in text or " 2022" in text for text in texts(year, "time"))
    assert "aria-current" in year


def test_the_split_of_the_events_depends_on_the_day_and_is_kept_by_nobody(busy):
    client, _ = busy
    answer = page(client, "/events?lang=en")
    assert answer.headers["Cache-Control"] == "no-store"
    sections = {e.attributes["aria-labelledby"]: e.text for e in named(answer.text, "section")}
    coming = sections["coming"]
    assert coming.index("Laeuft") < coming.index("Heute") < coming.index("Morgen")
    assert "cancelled" in coming
    assert "Gestern" not in coming
    assert sections["past"].index("Gestern") < sections["past"].index("Urban renewal in dialogue")


def test_a_text_in_the_other_language_only_is_shown_and_marked(busy):
    client, today = busy
    html = page(client, "/events/heute?lang=de").text
    assert [e.attributes["lang"] for e in named(html, "h1")] == ["en"]
    assert "liegt nur auf Englisch vor" in html
    assert "10:00\u2009–\u200911:30 Uhr" in html
    assert f"{today:%d.%m.%Y}" in html
    assert "&lt;b&gt;cake" in html


def test_an_event_is_a_calendar_file(busy):
    client, today = busy
    answer = client.get("/events/heute.ics")
    assert answer.mimetype == "text/calendar"
    assert 'filename="heute.ics"' in answer.headers["Content-Disposition"]
    raw = answer.data.decode()
    assert raw.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    lines = raw.replace("\r\n ", "").split("\r\n")
    values = dict(line.partition(":")[::2] for line in lines if line)
    assert values["SUMMARY"] == "Heute"
    assert values["DESCRIPTION"].startswith("Come\\, all\\; bring <b>cake</b>.")
    assert values["LOCATION"] == "Haus A\\, Musterstadt"
    assert values["STATUS"] == "CONFIRMED"
    assert values["GEO"].startswith("51.")
    # Ten o'clock in Germany is eight or nine in UTC.
    assert values["DTSTART"] in (f"{today:%Y%m%d}T080000Z", f"{today:%Y%m%d}T090000Z")
    days = client.get("/events/morgen.ics").text
    assert f"DTSTART;VALUE=DATE:{today + timedelta(1):%Y%m%d}\r\n" in days
    assert f"DTEND;VALUE=DATE:{today + timedelta(3):%Y%m%d}\r\n" in days, "the end is the first day after"
    assert "STATUS:CANCELLED" in days
    sample = client.get(f"/events/{EVENT}.ics").text
    assert "GEO:" not in sample, "the middle of a municipality is no venue"


@pytest.mark.parametrize(("language", "title"), [("de", "Aktuelles"), ("en", "News")])
def test_the_feed_is_valid_atom_in_each_language(busy, language, title):
    client, _ = busy
    answer = client.get(f"/news/atom.xml?lang={language}")
    assert answer.mimetype == "application/atom+xml"
    assert answer.headers["Content-Language"] == language
    feed = ET.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}title").text.startswith(title)
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == feed.find(f"{ATOM}id").text == f"http://localhost/news/atom.xml?lang={language}"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 50
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == 50
    assert all(
        client.get(one.removeprefix("http://localhost"), headers=HTML).status_code == 200 for one in ids[:3]
    )
    for entry in entries:
        for tag in ("updated", "published"):
            assert entry.find(f"{ATOM}{tag}").text.endswith("Z")
        assert entry.find(f"{ATOM}title").text
        assert entry.find(f"{ATOM}content").get("type") == "html"
    assert entries[0].find(f"{ATOM}content").text == "<p>Text &amp; mehr 50</p>\n"
    again = client.get(f"/news/atom.xml?lang={language}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    html = page(client, f"/news?lang={language}").text
    found = [
        e.attributes["href"]
        for e in named(html, "link")
        if e.attributes.get("type") == "application/atom+xml"
    ]
    assert found == [f"/news/atom.xml?lang={language}"]


def test_a_feed_without_news_and_with_signs_that_xml_cannot_hold_is_valid():
    here = Page("de", False, "https://example.org/geo", "/news/atom.xml", ())
    empty = ET.fromstring(atom.feed([], here))
    assert empty.find(f"{ATOM}updated").text == "1970-01-01T00:00:00Z"
    odd = News("a", date(2024, 1, 1), atom._NEVER, {"title": {"de": "A\x0b\x1fB"}, "body": {}}, (), ())
    feed = ET.fromstring(atom.feed([odd], here))
    assert feed.find(f"{ATOM}entry/{ATOM}title").text == "AB"
    assert feed.find(f"{ATOM}entry/{ATOM}id").text == "https://example.org/geo/news/a"


def test_municipalities_are_filtered_without_a_script(client):
    everything = page(client, "/municipalities").text
    assert len(named(everything, "tr")) == 399
    few = page(client, "/municipalities?region=Arnsberg&areas=1&lang=en").text
    names = [e.text for e in named(few, "a") if "/municipalities/" in e.attributes["href"]]
    assert {"Dortmund", "Bochum", "Hagen"} <= set(names)
    assert "Köln" not in names
    assert f"{len(names)} of 398 municipalities" in few
    assert [e.text for e in named(few, "option") if "selected" in e.attributes] == ["Arnsberg"]
    assert [e.attributes["value"] for e in named(few, "input") if e.attributes.get("name") == "lang"] == [
        "en"
    ]
    for query, expected in (
        ("q=münchengladbach", 0), ("q=Mönchen", 1), ("q=05116000", 1), ("participation=participating", 1),
        ("district=Borken", 17), ("q=%25", 0), ("q=%5C", 0), ("q=%00", 398), ("region=nirgends", 0),
    ):  # fmt: skip
        html = page(client, f"/municipalities?{query}").text
        assert max(0, len(named(html, "tr")) - 1) == expected, query
    assert "Keine Gemeinde passt" in page(client, "/municipalities?q=xyz").text


def town_names(html):
    rows = [
        e for e in named(html, "a") if re.fullmatch(r"/municipalities/\d{8}(\?.*)?", e.attributes["href"])
    ]
    return [e.text for e in rows]


@pytest.mark.parametrize("q", ["muenster", "MÜNSTER", "munster", "Münster"])
def test_a_municipality_is_found_however_its_umlauts_are_written(client, q):
    assert "Münster" in town_names(page(client, f"/municipalities?q={q}").text)


def test_letters_lead_to_the_first_municipality_of_each(client):
    html = page(client, "/municipalities").text
    letters = [e.attributes["href"] for e in named(html, "a") if re.fullmatch("#[A-Z]", e.attributes["href"])]
    names = town_names(html)
    assert letters == sorted({f"#{name[0].translate(str.maketrans('ÄÖÜ', 'AOU'))}" for name in names})
    starts = {e.attributes["id"]: e.text for e in named(html, "tr") if "id" in e.attributes}
    assert sorted(starts) == [letter[1:] for letter in letters]
    for letter, row in starts.items():
        first = next(name for name in names if name[0].translate(str.maketrans("ÄÖÜ", "AOU")) == letter)
        assert row.split("\n")[0].strip().startswith(first)
    few = [e.attributes["href"] for e in named(page(client, "/municipalities?q=bad").text, "a")]
    assert not [href for href in few if re.fullmatch("#[A-Z]", href)]


def test_municipalities_are_counted_and_sorted_by_any_column(client):
    html = page(client, "/municipalities?lang=en").text
    heads = {e.text: e.attributes["href"] for e in named(html, "a") if "sort=" in e.attributes["href"]}
    assert set(heads) == {
        "District or independent city",
        "Government region",
        "Participation in the network",
        "Programme areas",
    }
    most = page(client, heads["Programme areas"]).text
    counts = [int(e.text) for e in named(most, "td") if "count-cell" in e.attributes.get("class", "")]
    assert counts == sorted(counts, reverse=True)
    with_areas = sum(count > 0 for count in counts)
    assert f"398 of 398 municipalities, {with_areas} of them with programme areas" in most
    assert [e.attributes["aria-sort"] for e in named(most, "th") if "aria-sort" in e.attributes] == [
        "descending"
    ]
    fields = {e.attributes.get("name"): e.attributes.get("value") for e in named(most, "input")}
    assert (fields["sort"], fields["lang"]) == ("areas", "en")
    district = page(client, "/municipalities?district=Borken&sort=areas").text
    assert len(town_names(district)) == 17
    by_region = [town["text"] for town in rows_of(page(client, "/municipalities?sort=region").text)]
    assert by_region == sorted(by_region)
    assert client.get("/municipalities?sort=size", headers=HTML).status_code == 400
    assert client.get(f"/municipalities?q={'x' * 201}", headers=HTML).status_code == 400


def rows_of(html):
    cells = [e for e in named(html, "td") if e.attributes.get("data-title") == "Regierungsbezirk"]
    return [{"text": e.text} for e in cells if e.text != "–"]


def test_the_form_of_municipalities_leads_to_a_tidy_address(client):
    answer = client.get("/municipalities?q=&region=&district=Borken&participation=&lang=en", headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/municipalities?district=Borken&lang=en",
    )


def test_a_municipality_shows_its_areas_and_what_is_about_it(busy):
    client, _ = busy
    html = page(client, "/municipalities/05999001").text
    areas = {e.attributes["href"] for e in named(html, "a") if e.attributes.get("class") == "area-link"}
    assert "/profiles/musterstadt-beispielgebiet-altstadt" in areas
    assert "/profiles/musterstadt-beispielgebiet-grenzweg" in areas, "one that it shares"
    headings = texts(html, "h3")
    assert "Meldung 1" in headings, "news about one of its areas"
    assert {"Heute", "Gestern"} <= set(headings)
    assert "Meldung 2" not in headings
    assert "Diese Gemeinde ist erfunden" in html
    empty = page(client, "/municipalities/05116000?lang=en").text
    assert "Urban renewal in dialogue" in empty
    assert "not documented" in empty


def sketch_of(html):
    (sketch,) = [e for e in named(html, "svg") if e.attributes.get("class") == "sketch"]
    return sketch


def test_the_sketch_of_a_municipality_shows_its_areas_and_leads_to_their_profiles(client):
    html = page(client, "/municipalities/05913000?lang=en").text
    assert (
        sketch_of(html).attributes["aria-label"]
        == "Sketch map: programme areas in Dortmund with places nearby"
    )
    listed = {e.attributes["href"] for e in named(html, "a") if e.attributes.get("class") == "area-link"}
    drawn = {
        e.attributes["href"]: e.attributes["aria-label"]
        for e in named(html, "a")
        if "aria-label" in e.attributes
    }
    assert listed == {href for href in drawn if "/profiles/dortmund" in href}
    assert len(listed) == 3
    drawn_own = [
        e for e in named(html, "a") if e.attributes.get("href") in listed and "aria-label" in e.attributes
    ]
    assert {e.attributes.get("tabindex") for e in drawn_own} == {"-1"}, "the keyboard has the list"
    assert drawn["/profiles/dortmund-nordstadt?lang=en"] == "Dortmund-Nordstadt, ongoing"
    assert "Dashed boundaries are schematic." in html
    assert "/?ags=05913000&amp;lang=en" in html
    assert not faults(html)
    assert not named(html, "script")


def test_the_areas_of_a_municipality_are_the_ones_of_map_and_list(client):
    html = page(client, "/municipalities/05999001").text
    shared = [e.attributes["href"] for e in named(html, "a") if e.attributes.get("class") == "area-link"]
    assert "/profiles/musterstadt-beispielgebiet-grenzweg" in shared
    (path,) = {e.attributes["href"] for e in named(html, "a") if "/profiles?" in e.attributes["href"]}
    found = page(client, path).text
    assert {
        e.attributes["href"] for e in named(found, "a") if e.attributes.get("class") == "area-link"
    } == set(shared)


def test_a_municipality_without_areas_or_without_a_place_has_what_there_is(
    make_app, make_settings, clone, sample_template, cluster
):
    name = clone(sample_template)
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        empty, lost = connection.execute(
            text(
                "SELECT ags FROM registry.municipality m WHERE NOT EXISTS"
                " (SELECT FROM registry.area_municipality a WHERE a.ags = m.ags) AND point IS NOT NULL ORDER BY ags LIMIT 2"
            )
        ).scalars()
        connection.execute(
            text("UPDATE registry.municipality SET point = NULL WHERE ags = :ags"), {"ags": lost}
        )
        connection.execute(
            text("UPDATE registry.municipality SET outline = :outline WHERE ags = '05913000'"),
            {"outline": square(373_000, 5_690_000, 40_000)},
        )
    engine.dispose()
    client = make_app(make_settings(name)).test_client()
    html = page(client, f"/municipalities/{empty}?lang=de").text
    assert sketch_of(html).attributes["aria-label"].endswith("mit Orten und Programmgebieten der Umgebung")
    assert "kein Programmgebiet veröffentlicht" in html
    assert f"/?ags={empty}" not in html, "the map has nothing to show of it"
    html = page(client, f"/municipalities/{lost}").text
    assert 'class="sketch"' not in html
    assert not faults(html)
    html = page(client, "/municipalities/05913000").text
    assert 'stroke="#b9b6a8"' in html, "its outline"
    width = float(sketch_of(html).attributes["viewbox"].split()[2])
    assert 40_000 < width < 80_000, "all of the municipality is in view"


def test_a_service_without_texts_says_so(make_app, make_settings, clone, database_template):
    client = make_app(make_settings(clone(database_template))).test_client()
    assert "noch nicht verfügbar" in page(client, "/network").text
    assert "Keine Meldungen" in page(client, "/news").text
    assert "Zurzeit sind keine Termine" in page(client, "/events").text
    assert "Keine Gemeinde passt" in page(client, "/municipalities").text
    assert client.get("/news/atom.xml").status_code == 200
