"""The state's building references: read with and without header, from an archive, and found by spelling."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from geo_service.db.addresses import find_addresses, has_addresses
from geo_service.domain.addresses import parse_address
from geo_service.errors import RejectedDataError
from geo_service.ingest.addresses import import_addresses

FILE = Path(__file__).parents[1] / "data" / "gebref.txt"


@pytest.fixture(scope="module")
def imported(engine):
    return import_addresses(engine, FILE)


@pytest.fixture
def reader(engine, imported):
    with engine.connect() as connection:
        connection.execute(text("SET search_path = publication, public"))
        yield connection


def ask(connection, line):
    typed = parse_address(line)
    assert typed is not None
    return find_addresses(connection, typed.words, typed.number, typed.suffix)


def test_every_usable_line_becomes_an_address(imported, reader):
    assert (imported.addresses, imported.streets, imported.skipped) == (14, 6, 1)
    assert has_addresses(reader)
    assert all("6" in line or "1" in line for line in imported.lines("de") + imported.lines("en"))


def test_eastings_with_the_zone_become_those_of_utm_32(reader):
    (found,) = ask(reader, "Kaiserstraße 1, Musterstadt")
    assert (found.easting, found.northing) == pytest.approx((461_400.5, 5_657_700.25))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Kaiserstr. 5a Musterstadt", "Kaiserstraße 5a, Musterstadt"),
        ("kaiserstrasse 5, 99999 Neumusterhausen", "Kaiserstraße 5, Neumusterhausen"),
        ("Musterstadt, Kaiser Str. 5", "Kaiserstraße 5, Musterstadt"),
        ("Kaiser-Straße 5 A, Musterstadt", "Kaiserstraße 5a, Musterstadt"),
        ("Kaisrstraße 5 Musterstadt", "Kaiserstraße 5, Musterstadt"),
        ("Gruenstr 2", "Grünstraße 2, Musterstadt"),
        ("Grunstraße 2", "Grünstraße 2, Musterstadt"),
        ("alter markt 2", "Am Alten Markt 2, Musterstadt"),
        ("Straße des 17. Juni 17", "Straße des 17. Juni 17, Musterstadt"),
        ("Zum Suedbahnhof 12", "Zum Süd-Bahnhof 12, Musterstadt"),
    ],
)
def test_addresses_are_found_by_abbreviation_umlaut_and_typing_error(reader, line, expected):
    found = ask(reader, line)
    assert found[0].text == expected
    assert found[0].exact
    assert len(found) == 1


def test_a_street_of_two_towns_is_named_twice(reader):
    assert [one.municipality for one in ask(reader, "Kaiserstr. 5")] == ["Musterstadt", "Neumusterhausen"]


def test_a_number_that_is_missing_gives_the_next_one_and_says_so(reader):
    found = ask(reader, "Kaiserstraße 6, Musterstadt")
    assert [(one.number, one.exact) for one in found] in ([(5, False)], [(7, False)])


@pytest.mark.parametrize("line", ["Hauptstraße 5", "Nordstadt", "%%%% ' aa"])
def test_what_is_nowhere_is_not_found(reader, line):
    assert ask(reader, line) == []


def test_without_header_and_from_an_archive(engine, imported, tmp_path):
    bare = tmp_path / "gebref.txt"
    bare.write_text("\n".join(FILE.read_text("utf-8-sig").splitlines()[1:]), encoding="utf-8")
    archive = tmp_path / "gebref_EPSG4647_ASCII.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(bare, "gebref.txt")
        packed.writestr("gebref_schluessel.txt", "G;05;9;99;001;Musterstadt")
    for path in (bare, archive):
        assert import_addresses(engine, path).addresses == imported.addresses


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Columns are missing"),
        (b"a;b;c\n1;2;3\n", "Columns are missing"),
        (b"\xff\xfe\x00;", "no UTF-8 text"),
        (b"nba;ostwert\n1;2\n", "Columns are missing"),
    ],
)
def test_a_file_that_is_something_else_is_refused_and_changes_nothing(
    engine, imported, tmp_path, content, words
):
    path = tmp_path / "gebref.txt"
    path.write_bytes(content)
    with pytest.raises(RejectedDataError, match=words):
        import_addresses(engine, path)
    with engine.connect() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM registry.address")).scalar_one()
            == imported.addresses
        )


def test_an_archive_that_is_damaged_is_refused_and_changes_nothing(engine, imported, tmp_path):
    archive = tmp_path / "gebref.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("gebref.txt", FILE.read_text("utf-8-sig") * 50)
    whole = archive.read_bytes()
    directory = whole.index(b"PK\1\2")
    for at in (60, directory - 20, directory, len(whole) - 4):
        archive.write_bytes(whole[:at] + b"\xaa\x55\xaa" + whole[at + 3 :])
        with pytest.raises(RejectedDataError, match="cannot be read"):
            import_addresses(engine, archive)
    with pytest.raises(RejectedDataError, match="cannot be read"):
        import_addresses(engine, tmp_path)
    with engine.connect() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM registry.address")).scalar_one()
            == imported.addresses
        )


def test_a_file_without_one_usable_address_is_refused(engine, imported, tmp_path):
    path = tmp_path / "gebref.txt"
    path.write_text(FILE.read_text("utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(RejectedDataError, match="no usable address"):
        import_addresses(engine, path)
