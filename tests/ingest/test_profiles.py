"""Profiles out of the registry and back: nothing changes, or all of it does, or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from geo_service.db.publication import dataset_version, rebuild
from geo_service.errors import ConfigError, NotFoundError, RejectedDataError
from geo_service.ingest.profiles import check_profiles, get_profiles, put_profiles
from geo_service.settings import PROJECT_DIR

AREA = "musterstadt-beispielgebiet-altstadt"
EMPTY = "aachen-nord"
SAMPLE = PROJECT_DIR / "data" / "profiles"


@pytest.fixture(scope="module")
def filled(cluster, clone, sample_template) -> Engine:
    """A copy of the sample data of our own."""
    name = clone(sample_template)
    engine = create_engine(cluster.url(name))
    yield engine
    engine.dispose()
    cluster.drop_database(name)


def version(engine: Engine) -> int:
    with engine.connect() as connection:
        return dataset_version(connection)


def one(engine: Engine, statement: str, **values: object):
    with engine.connect() as connection:
        return connection.execute(text(statement), values).one_or_none()


def profile(engine: Engine, area_id: str = AREA) -> dict:
    row = one(engine, "SELECT profile FROM publication.profile WHERE area_id = :a", a=area_id)
    return dict(row.profile)


@pytest.fixture
def mine(filled: Engine, tmp_path: Path) -> Path:
    get_profiles(filled, tmp_path, [AREA])
    return tmp_path / AREA


def test_getting_everything_and_putting_it_back_changes_nothing(filled: Engine, tmp_path: Path) -> None:
    before = version(filled)
    assert get_profiles(filled, tmp_path) == 130
    report = put_profiles(filled, tmp_path)
    assert (report.read, report.changes) == (130, {})
    assert put_profiles(filled, SAMPLE).changes == {}, "the sample is what its folders say"
    assert version(filled) == before
    for path in (SAMPLE / AREA / "documents").iterdir():
        assert (tmp_path / AREA / "documents" / path.name).read_bytes() == path.read_bytes()


def test_stored_values_that_no_file_would_give_come_back_unchanged_too(
    filled: Engine, tmp_path: Path
) -> None:
    with filled.begin() as connection:
        connection.execute(
            text(
                "UPDATE registry.contact SET organisation = ' A ', phone = '', expires_at = now() + interval '1 day'"
                " WHERE area_no = (SELECT area_no FROM registry.programme_area WHERE area_id = :a)"
            ),
            {"a": AREA},
        )
        connection.execute(
            text(
                "UPDATE registry.profile_section SET body = E'---\\r\\nA\\r\\n\\r\\nB \\r\\n', source = ' '"
                " WHERE section = 'outlook' AND language = 'de' AND area_no = 1 + 0 * area_no"
            )
        )
    before = version(filled)
    get_profiles(filled, tmp_path)
    assert put_profiles(filled, tmp_path).changes == {}
    assert version(filled) == before
    put_profiles(filled, SAMPLE)


def test_a_change_in_a_folder_is_published_and_nothing_else(filled: Engine, mine: Path) -> None:
    before, others = (
        version(filled),
        one(filled, "SELECT count(*), max(updated_at) FROM publication.programme_area"),
    )
    (mine / "de" / "outlook.md").write_text("---\nsource: Rat\n---\nNeue **Perspektive**.\n")
    (mine / "en" / "outlook.md").unlink()
    toml = (mine / "profile.toml").read_text()
    toml = toml.replace("2016\n", "2017\n").replace(
        '"kurzfassung-handlungskonzept.pdf"', '"Kurzfassung (Größe).pdf"'
    )
    (mine / "profile.toml").write_text(toml.replace("population_year = 2019", "population_year = 2021"))
    (mine / "documents" / "kurzfassung-handlungskonzept.pdf").rename(
        mine / "documents" / "Kurzfassung (Größe).pdf"
    )
    report = put_profiles(filled, mine)
    assert list(report.changes) == [AREA]
    told = {change.part: (change.added, change.changed, change.removed) for change in report.changes[AREA]}
    assert told == {"facts": (0, 1, 0), "texts": (0, 1, 1), "milestones": (0, 1, 0), "documents": (1, 0, 1)}
    assert report.lines("de")[0] == (
        f"{AREA}: Angaben (1 geändert), Texte (1 geändert, 1 entfernt), Meilensteine (1 geändert), "
        "Dokumente (1 neu, 1 entfernt)"
    )
    shown = profile(filled)
    assert shown["sections"]["de"]["outlook"] == "Neue **Perspektive**."
    assert "outlook" not in shown["sections"]["en"]
    assert shown["population_year"] == 2021
    assert "Kurzfassung (Größe).pdf" in [document["file_name"] for document in shown["documents"]]
    assert version(filled) == before + 1
    newer = "SELECT count(*) FROM publication.programme_area WHERE updated_at > :t"
    assert one(filled, newer, t=others[1])[0] <= 1
    assert rebuild(filled).corrected_rows == 0
    put_profiles(filled, SAMPLE)
    assert "outlook" in profile(filled)["sections"]["en"]


def test_an_area_without_a_profile_gets_one_and_loses_it(filled: Engine, tmp_path: Path) -> None:
    get_profiles(filled, tmp_path, [EMPTY])
    folder = tmp_path / EMPTY
    assert [path.name for path in folder.iterdir()] == ["profile.toml"]
    (folder / "en").mkdir()
    (folder / "en" / "character.md").write_text("A text.")
    assert put_profiles(filled, tmp_path).changes[EMPTY][0].added == 1
    (folder / "en" / "character.md").write_text("")
    assert put_profiles(filled, tmp_path).changes[EMPTY][0].removed == 1
    assert profile(filled, EMPTY)["sections"] == {}


def test_facts_and_programmes_stay_where_a_folder_does_not_name_them(filled: Engine, mine: Path) -> None:
    toml = (mine / "profile.toml").read_text()
    assert '[[programmes]]\nprogramme = "SOS"\nstart_year = 2008\nend_year = 2019\n' in toml
    periods = profile(filled)["programme_periods"]
    (mine / "profile.toml").write_text("[[contacts]]\nfunction_de = 'Stadt'\nreleased = true\n")
    put_profiles(filled, mine)
    assert profile(filled)["programme_periods"] == periods
    assert profile(filled)["milestones"] == []
    (mine / "profile.toml").write_text("[[programmes]]\nprogramme = 'SOS'\nstart_year = 2008\n")
    put_profiles(filled, mine)
    assert profile(filled)["programme_periods"] == [
        {"programme": "SOS", "start_year": 2008, "end_year": None}
    ]
    (mine / "profile.toml").write_text(toml)
    put_profiles(filled, mine)
    assert put_profiles(filled, SAMPLE).changes == {}


def test_with_one_fault_nothing_changes(filled: Engine, tmp_path: Path) -> None:
    get_profiles(filled, tmp_path, [AREA, EMPTY])
    before = version(filled)
    (tmp_path / AREA / "de" / "outlook.md").write_text("Would be new.")
    (tmp_path / EMPTY / "de").mkdir()
    (tmp_path / EMPTY / "de" / "nonsense.md").write_text("Fault.")
    (tmp_path / "no-such-area").mkdir()
    with pytest.raises(RejectedDataError, match="2 finding") as refused:
        put_profiles(filled, tmp_path)
    lines = [finding.line("en") for finding in refused.value.findings if not finding.is_note]
    assert lines[0].startswith(f"{EMPTY}/de/nonsense.md: section: ")
    assert lines[1].startswith("no-such-area: area: ")
    assert version(filled) == before
    with pytest.raises(RejectedDataError):
        check_profiles(filled, tmp_path)


def test_a_trial_run_says_what_would_change_and_changes_nothing(filled: Engine, mine: Path) -> None:
    before = version(filled)
    (mine / "de" / "outlook.md").write_text("Would be new.")
    report = put_profiles(filled, mine, dry_run=True)
    assert list(report.changes) == [AREA]
    assert report.lines("en")[-1] == "Dry run: nothing was stored"
    assert version(filled) == before


def test_getting_does_not_replace_what_is_there_unless_told(filled: Engine, mine: Path) -> None:
    (mine / "de" / "outlook.md").write_text("Mine.")
    (mine / "notes.txt").write_text("Mine too.")
    with pytest.raises(ConfigError, match="--overwrite"):
        get_profiles(filled, mine.parent, [AREA])
    assert (mine / "de" / "outlook.md").read_text() == "Mine."
    get_profiles(filled, mine.parent, [AREA], overwrite=True)
    assert (mine / "de" / "outlook.md").read_text() != "Mine."
    assert (mine / "notes.txt").read_text() == "Mine too."
    assert sorted(path.name for path in mine.parent.iterdir()) == [AREA], "nothing is left behind"


def test_unknown_areas_and_empty_directories_are_said(filled: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        get_profiles(filled, tmp_path / "out", ["nowhere"])
    with pytest.raises(RejectedDataError, match="no folder of a profile"):
        put_profiles(filled, tmp_path)
    with pytest.raises(RejectedDataError, match="1 finding"):
        put_profiles(filled, SAMPLE, ["nowhere"])


def test_the_stored_profiles_are_checked_without_a_folder(filled: Engine) -> None:
    report = check_profiles(filled, None)
    assert report.read == 130
    lines = [note.line("de") for note in report.notes]
    assert f"{EMPTY}/de: section-missing: 7 von 7 Abschnitten fehlen: " in "\n".join(lines)
    assert not [line for line in lines if line.startswith(f"{AREA}/")]


def test_a_contact_that_stays_keeps_the_moment_of_its_release(filled: Engine, mine: Path) -> None:
    moment = "SELECT released_at FROM registry.contact WHERE email = 'altstadt@musterstadt.example.org'"
    before = one(filled, moment)
    with (mine / "profile.toml").open("a") as file:
        file.write("\n[[contacts]]\nfunction_de = 'Neu'\nreleased = true\n")
    put_profiles(filled, mine)
    assert one(filled, moment) == before
    put_profiles(filled, SAMPLE)
