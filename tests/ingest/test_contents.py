"""News, events and pages as a folder: out, in, looked through; and published in the same transaction."""

import re

import pytest
from sqlalchemy import text

from geo_service.db.publication import dataset_version, rebuild
from geo_service.errors import ConfigError, RejectedDataError
from geo_service.ingest.area_life import rename, restore
from geo_service.ingest.contents import check_contents, get_contents, put_contents
from geo_service.settings import PROJECT_DIR
from tests.factories import make_area, make_municipality

pytestmark = pytest.mark.usefixtures("rebuilt")

NEWS = "---\ntitle: Neues\ndate: 2024-05-01\nareas: [musterstadt-a]\nreleased: true\n---\nEin **Text**.\n"
EVENT = """---
title: Fest
begin: 2024-06-01
begin_time: 10:30
end: 2024-06-02
end_time: 09:00
place: Haus der Begegnung
municipality: 05999990
easting: 390100.5
northing: 5710200.0
areas: [musterstadt-a]
municipalities: [05999991]
source: Testquelle
source_url: https://example.org/fest
released: true
---
Siehe [das Gebiet](/profiles/musterstadt-a).
"""


@pytest.fixture(scope="module", autouse=True)
def places(engine):
    with engine.begin() as connection:
        make_municipality(connection, ags="05999990", name="Musterstadt")
        make_municipality(connection, ags="05999991", name="Musterdorf")
        make_area(connection, area_id="musterstadt-a", ags="05999990")
        make_area(connection, area_id="musterstadt-b", ags="05999990", released_at=None)


@pytest.fixture(autouse=True)
def empty(engine):
    yield
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM registry.entry"))


@pytest.fixture
def folder(tmp_path):
    def _write(**files):
        for name, content in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.with_name(f"{path.name.replace('_en', '.en')}.md").write_text(content, encoding="utf-8")
        return tmp_path

    return _write


def published(engine, sql):
    with engine.connect() as connection:
        return connection.execute(text(sql)).one_or_none()


def lines(refused):
    return [finding.line("en") for finding in refused.value.findings]


def test_entries_are_published_with_what_belongs_to_them(engine, folder):
    root = folder(
        news__neu=NEWS, news__neu_en="---\ntitle: News\n---\nA text.\n", events__fest=EVENT,
        network__network="---\ntitle: Netz\nreleased: true\n---\nDas Netz.\n",
    )  # fmt: skip
    assert put_contents(engine, root).added == 3
    news = published(engine, "SELECT * FROM publication.news")
    assert (news.news_id, news.area_ids, news.ags_all) == ("neu", ["musterstadt-a"], None)
    assert news.content["title"] == {"de": "Neues", "en": "News"}
    assert news.content["body"] == {"de": "Ein **Text**.", "en": "A text."}
    event = published(engine, "SELECT *, ST_X(geom) AS x, ST_AsText(geom) FROM publication.event")
    assert (event.begin_time, event.end_time, str(event.end_date)) == ("10:30", "09:00", "2024-06-02")
    assert (event.x, event.point_basis, event.municipality) == (390100.5, "place", "Musterstadt")
    assert event.ags_all == ["05999990", "05999991"]
    assert published(engine, "SELECT page_id FROM publication.site_page").page_id == "network"
    changed = "SELECT array_agg(DISTINCT collection ORDER BY collection) AS names FROM publication.change"
    assert {"news", "events", "pages"} <= set(published(engine, changed).names)


def test_what_is_got_can_be_put_and_changes_nothing(engine, folder, tmp_path):
    english = "---\nbegin: 2025-01-01\ncancelled: true\nreleased: false\n---\n"
    root = folder(
        news__neu=NEWS, events__fest=EVENT, events__only=english, events__only_en="---\ntitle: Party\n---\n"
    )
    put_contents(engine, root)
    with engine.connect() as connection:
        before = dataset_version(connection), connection.execute(text("TABLE registry.entry")).all()
    got = tmp_path / "got"
    assert get_contents(engine, got) == 3
    report = put_contents(engine, got, prune=True)
    assert (report.unchanged, report.changed, report.added, report.removed) == (3, 0, 0, 0)
    with engine.connect() as connection:
        after = dataset_version(connection), connection.execute(text("TABLE registry.entry")).all()
    assert after == before
    written = (got / "events" / "fest.md").read_text()
    assert written == EVENT.replace("[musterstadt-a]", "\n- musterstadt-a").replace(
        "[05999991]", "\n- 05999991"
    ).replace(": \n", ":\n")
    with pytest.raises(ConfigError, match="--overwrite"):
        get_contents(engine, got)
    (got / "news" / "old.md").write_text("---\ntitle: Old\n---\n")
    get_contents(engine, got, overwrite=True)
    assert not (got / "news" / "old.md").exists()


def test_the_sample_can_be_put_again_and_changes_nothing(engine, tmp_path):
    with engine.begin() as connection:
        make_municipality(connection, ags="05116000", name="Mönchengladbach")
    assert put_contents(engine, PROJECT_DIR / "data").added == 5
    assert not list(check_contents(engine, PROJECT_DIR / "data").findings)
    get_contents(engine, tmp_path)
    names = [path.relative_to(tmp_path) for path in sorted(tmp_path.rglob("*.md"))]
    assert len(names) == 10
    for name in names:
        assert (tmp_path / name).read_text() == (PROJECT_DIR / "data" / name).read_text(), name


def test_areas_that_were_withdrawn_are_noted(engine, folder):
    root = folder(news__neu=NEWS)
    put_contents(engine, root)
    rename(engine, "musterstadt-a", new_id="musterstadt-neu")
    assert published(engine, "SELECT area_ids FROM publication.news").area_ids == ["musterstadt-neu"]
    for report in (check_contents(engine, root), put_contents(engine, root)):
        (note,) = [finding for finding in report.findings if finding.rule == "withdrawn-area"]
        assert note.line("en").startswith(
            "news/neu.md:4: withdrawn-area: the programme area musterstadt-a was"
        )
        assert note.is_note
    # The file said so: it names an area that is no more, until that comes back.
    assert published(engine, "SELECT area_ids FROM publication.news").area_ids is None
    restore(engine, "musterstadt-a")
    assert published(engine, "SELECT area_ids FROM publication.news").area_ids == ["musterstadt-a"]
    assert "withdrawn-area" not in {finding.rule for finding in check_contents(engine, root).findings}


def test_a_change_is_published_and_a_kept_entry_stays(engine, folder):
    root = folder(news__neu=NEWS, events__fest=EVENT)
    put_contents(engine, root)
    folder(news__neu=NEWS.replace("Neues", "Neueres"))
    (root / "events" / "fest.md").unlink()
    dry = put_contents(engine, root, dry_run=True)
    assert (dry.changed, dry.kept) == (1, 1)
    assert published(engine, "SELECT content FROM publication.news").content["title"]["de"] == "Neues"
    report = put_contents(engine, root)
    assert "--prune" in "".join(report.lines("en"))
    assert published(engine, "SELECT content FROM publication.news").content["title"]["de"] == "Neueres"
    assert published(engine, "SELECT event_id FROM publication.event")
    assert put_contents(engine, root, prune=True).removed == 1
    assert published(engine, "SELECT event_id FROM publication.event") is None


def test_one_fault_and_nothing_is_changed(engine, folder):
    root = folder(
        news__neu=NEWS,
        news__b="---\ntitle: B\ndate: 2024-05-01\nareas: [nowhere]\nmunicipalities: ['05000000']\n---\n",
        events__c=EVENT.replace("05999990", "05000001"),
    )
    with pytest.raises(RejectedDataError) as refused:
        put_contents(engine, root)
    assert lines(refused) == [
        "events/c.md:8: unknown-municipality: there is no municipality 05000001",
        "news/b.md:4: unknown-area: there is no programme area nowhere",
        "news/b.md:5: unknown-municipality: there is no municipality 05000000",
    ]
    assert published(engine, "SELECT entry_no FROM registry.entry") is None


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("end: 2024-06-02", "end: 2024-05-02", "5: order: “end” is before the begin"),
        ("end: 2024-06-02\n", "", "5: order: “end_time” is before begin_time"),
        ("begin_time: 10:30\n", "", "5: order: “end_time” needs begin_time, too"),
        ("easting: 390100.5\n", "", "1: missing: “easting” and northing belong together"),
        ("390100.5", "6.4", "9: outside: “easting” and northing are outside of the region (EPSG:25832)"),
        ("https://", "", "14: address: “source_url” is no address with http(s)://"),
        ("title: Fest\n", "", "1: missing: “title” is missing"),
        ("place:", "plaice:", "7: unknown-key: “plaice” is unknown; perhaps “place” is meant"),
    ],
)  # fmt: skip
def test_an_event_that_makes_no_sense_is_refused_with_its_line(engine, folder, old, new, finding):
    assert old in EVENT
    with pytest.raises(RejectedDataError) as refused:
        put_contents(engine, folder(events__fest=EVENT.replace(old, new)))
    assert [re.sub(r"^events/fest\.md:", "", line) for line in lines(refused)][-1] == finding


def test_names_that_are_no_addresses_are_refused(engine, folder):
    root = folder(
        news__Ärger=NEWS, network__other="---\ntitle: A\n---\n", news__lost_en="---\ntitle: A\n---\n"
    )
    (root / "news" / "bild.png").write_bytes(b"")
    with pytest.raises(RejectedDataError) as refused:
        put_contents(engine, root)
    assert [line.split(": ")[:2] for line in lines(refused)] == [
        ["network/other.md", "file-name"],
        ["news/bild.png", "not-markdown"],
        ["news/lost.en.md", "no-facts"],
        ["news/Ärger.md", "file-name"],
    ]
    with pytest.raises(RejectedDataError, match="none of the folders"):
        put_contents(engine, root / "news")


def test_check_names_missing_languages_and_broken_links_and_changes_nothing(engine, folder):
    body = "\n\nEins [a](/profiles/nowhere)\n[b](/municipalities/05999990) [c](https://example.org) [d](www.example.org)"
    root = folder(news__neu=NEWS.replace("true", "false") + body)
    report = check_contents(engine, root)
    assert [finding.line("en") for finding in report.findings] == [
        "news/neu.md: one-language: is missing in English",
        "news/neu.md: not-released: is not released",
        "news/neu.md:10: broken-link: there is no /profiles/nowhere",
        "news/neu.md:10: broken-link: www.example.org is no complete address",
    ]
    assert published(engine, "SELECT entry_no FROM registry.entry") is None


def test_entries_follow_their_areas_and_municipalities(engine, folder):
    root = folder(events__fest=EVENT.replace("easting: 390100.5\nnorthing: 5710200.0\n", ""))
    put_contents(engine, root)
    event = published(engine, "SELECT *, ST_X(geom) AS x FROM publication.event")
    assert (event.point_basis, event.x, event.area_ids) == ("municipality", 390000, ["musterstadt-a"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE registry.municipality SET name = 'Neustadt', point = ST_SetSRID("
                                "ST_MakePoint(391000, 5710000), 25832) WHERE ags = '05999990'"))  # fmt: skip
        connection.execute(text("UPDATE registry.programme_area SET released_at = NULL"))
    event = published(engine, "SELECT *, ST_X(geom) AS x FROM publication.event")
    assert (event.municipality, event.x, event.area_ids) == ("Neustadt", 391000, None)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE registry.programme_area SET released_at = now() WHERE area_id = 'musterstadt-a'")
        )
        connection.execute(text("UPDATE registry.municipality SET name = 'Musterstadt', point = ST_SetSRID("
                                "ST_MakePoint(390000, 5710000), 25832) WHERE ags = '05999990'"))  # fmt: skip
    assert published(engine, "SELECT area_ids FROM publication.event").area_ids == ["musterstadt-a"]


def test_an_entry_that_is_not_released_is_not_published_and_its_address_lasts(engine, folder):
    put_contents(engine, folder(news__neu=NEWS))
    put_contents(engine, folder(news__neu=NEWS.replace("true", "false")))
    assert published(engine, "SELECT news_id FROM publication.news") is None
    assert rebuild(engine).corrected_rows == 0
    with pytest.raises(Exception, match="cannot be renamed"), engine.begin() as connection:
        connection.execute(text("UPDATE registry.entry SET slug = 'anders'"))


@pytest.mark.parametrize("role", ["geo_service_reader", "geo_service_writer"])
def test_readers_see_what_is_published_and_writers_may_change_entries(engine, folder, role):
    put_contents(engine, folder(news__neu=NEWS))
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {role}"))
        assert connection.execute(text("SELECT news_id FROM publication.news")).scalar_one() == "neu"
        change = text("UPDATE registry.entry SET title_de = 'Anders'")
        if role == "geo_service_writer":
            connection.execute(change)
            connection.commit()
        else:
            with pytest.raises(Exception, match=r"permission denied|read-only"):
                connection.execute(change)
            connection.rollback()
    title = published(engine, "SELECT content FROM publication.news").content["title"]["de"]
    assert title == ("Anders" if role == "geo_service_writer" else "Neues")
