"""A table of places in, the same table with answers out: what spreadsheets of both languages write."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from geo_service.db.lookup import NEAREST
from geo_service.domain.places import CRS84, PlaceSystem, find_system, parse_number
from geo_service.errors import InvalidParameterError, Message
from geo_service.ogc.arguments import refuse
from geo_service.ogc.places import Place, place_at

MAX_ROWS = 10_000
MAX_COLUMNS = 200
_NAMES = {
    "lon": ("lon", "lng", "long", "longitude", "laenge", "länge", "längengrad", "laengengrad", "geogr länge"),
    "lat": ("lat", "latitude", "breite", "breitengrad", "geogr breite"),
    "x": ("x", "e", "easting", "east", "ost", "ostwert", "rechtswert", "rw", "utm ost", "utm e", "utm x", "xcoord"),
    "y": ("y", "n", "northing", "north", "nord", "nordwert", "hochwert", "hw", "utm nord", "utm n", "utm y", "ycoord"),
}  # fmt: skip
_HEADERS = {
    "result": ("ergebnis", "result"),
    "message": ("hinweis", "note"),
    "area_ids": ("gebiet_id", "area_id"),
    "areas": ("gebiet", "area"),
    "statuses": ("status", "status"),
    "profiles": ("profil", "profile"),
}
_NEAR_HEADERS = {
    "name": ("naechstes_{}", "nearest_{}"),
    "area_id": ("naechstes_{}_id", "nearest_{}_id"),
    "status": ("naechstes_{}_status", "nearest_{}_status"),
    "distance_m": ("naechstes_{}_m", "nearest_{}_m"),
    "boundary": ("naechstes_{}_grenze", "nearest_{}_boundary"),
}
_RESULTS = {
    "inside": ("im Gebiet", "inside"),
    "outside": ("außerhalb", "outside"),
    "unknown": ("keine Auskunft", "no answer"),
    "error": ("Fehler", "error"),
}
_BOUNDARIES = {True: ("schematisch, Abstand ca.", "schematic, distance ca."), False: ("amtlich", "official")}


@dataclass(frozen=True)
class Row:
    """One line of the table: what stood in it, and the place, or why there is none."""

    cells: tuple[str, ...]
    place: Place | None
    fault: Message | None


@dataclass(frozen=True)
class PlaceTable:
    """A table as it was sent, with a place per row.

    Attributes
    ----------
    delimiter : str
        Between cells.
    decimal_comma : bool
        Whether its numbers are written with a comma; so are the answers.
    columns : tuple of str
        The two columns that were read, and the system: for the page.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    decimal_comma: bool
    columns: tuple[str, str]
    system: PlaceSystem


def read_table(content: bytes, crs: str | None) -> PlaceTable:
    """Read a CSV file: UTF-8 or what German Excel writes; commas, semicolons or tabs; a header line.

    Raises
    ------
    InvalidParameterError
        It is empty, too long, no table, or has no columns that could be coordinates. Rows that hold no place
        are no reason: they stay in their order, with their fault.
    """
    lines = _decode(content)
    delimiter = _delimiter(lines)
    try:
        table = [row for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise InvalidParameterError(
            "file", Message(f"Die Tabelle ist nicht lesbar: {error}", f"The table cannot be read: {error}")
        ) from error
    if len(table) < 2:
        refuse(
            "file",
            "Die Tabelle ist leer: gebraucht werden eine Kopfzeile und mindestens eine Zeile.",
            "The table is empty: a header line and at least one row are needed.",
        )
    if len(table) - 1 > MAX_ROWS:
        refuse(
            "file",
            f"Die Tabelle hat {len(table) - 1} Zeilen; beantwortet werden höchstens {MAX_ROWS} auf einmal.",
            f"The table has {len(table) - 1} rows; at most {MAX_ROWS} are answered at once.",
        )
    header = tuple(cell.strip() for cell in table[0])
    first, second, kind = _find_columns(header)
    system = _system(kind, crs)
    cells = [(*row, *("",) * (len(header) - len(row))) for row in table[1:]]
    comma = any("," in row[first] for row in cells) if delimiter != "," else False
    rows = tuple(_read_row(row, (first, second), header, system) for row in cells)
    return PlaceTable(header, rows, delimiter, comma, (header[first], header[second]), system)


def write_table(table: PlaceTable, answers: Iterable[dict[str, Any]], language: str) -> Iterator[str]:
    """Yield the table as CSV text, each row with what was sent and the answer behind it.

    Parameters
    ----------
    answers : iterable of dict
        A document of ``ogc.lookup`` for each row that has a place, in order.
    """
    which = 0 if language == "de" else 1
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=table.delimiter, lineterminator="\r\n")
    width = len(table.header)
    yield "\ufeff"  # by which Excel knows UTF-8
    writer.writerow([*table.header, *_free_names(_new_names(which), table.header)])
    given = iter(answers)
    for row in table.rows:
        answer = None if row.place is None else next(given)
        cells = row.cells[:width]
        if answer is None:
            assert row.fault is not None
            added = [_RESULTS["error"][which], row.fault.text(language)]
        else:
            added = _answer_cells(answer, which, table.decimal_comma)
        writer.writerow([*cells, *added, *[""] * (len(_new_names(which)) - len(added))])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _new_names(which: int) -> list[str]:
    names = [pair[which] for pair in _HEADERS.values()]
    for number in range(1, NEAREST + 1):
        names += [pair[which].format(number) for pair in _NEAR_HEADERS.values()]
    return names


def _free_names(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Return names that the table does not have yet."""
    used = {name.lower() for name in taken}
    return [name if name not in used else f"{name}_nrw" for name in names]


def _answer_cells(answer: dict[str, Any], which: int, comma: bool) -> list[str]:
    status = "status_de" if which == 0 else "status_en"
    areas = answer["areas"]
    joined = [
        " | ".join(str(area[name]) for area in areas) for name in ("area_id", "name", status, "profile_url")
    ]
    cells = [_RESULTS[answer["result"]][which], answer["message"], *joined]
    for area in answer["nearest"]:
        metres = f"{area['distance_m']:.0f}" if area["approximate"] else f"{area['distance_m']:.2f}"
        cells += [
            area["name"],
            area["area_id"],
            area[status],
            metres.replace(".", ",") if comma else metres,
            _BOUNDARIES[area["approximate"]][which],
        ]
    return cells


def _decode(content: bytes) -> str:
    is_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidParameterError(
        "file",
        Message(
            "Die Datei ist kein Text und damit keine CSV-Tabelle.", "The file is no text and so no CSV table."
        ),
    )


def _delimiter(text: str) -> str:
    head = text.lstrip("\r\n").partition("\n")[0]
    return max(";\t,|", key=head.count)


def _simple(name: str) -> str:
    return re.sub(r"[\s_.\-]+", " ", re.sub(r"[(\[].*", "", name)).strip().lower()


def _find_columns(header: Sequence[str]) -> tuple[int, int, str]:
    if len(header) > MAX_COLUMNS:
        refuse("file", f"Höchstens {MAX_COLUMNS} Spalten.", f"At most {MAX_COLUMNS} columns.")
    simple = [_simple(name) for name in header]
    for pair in (("lon", "lat"), ("x", "y")):
        found = [next((i for i, name in enumerate(simple) if name in _NAMES[one]), None) for one in pair]
        if found[0] is not None and found[1] is not None:
            return found[0], found[1], pair[0]
    shown = ", ".join(name[:30] for name in header[:12])
    raise InvalidParameterError(
        "file",
        Message(
            "Keine Spalten für Koordinaten gefunden; erwartet werden etwa lon und lat, Länge und Breite, x und y, "
            f"Rechtswert und Hochwert, Ost und Nord. Die Tabelle hat: {shown}.",
            "No columns with coordinates found; expected are lon and lat, longitude and latitude, x and y, easting and "
            f"northing, for example. The table has: {shown}.",
        ),
    )


def _system(kind: str, crs: str | None) -> PlaceSystem:
    """Return the system of a table: degrees by its names, else what was said, else EPSG:25832."""
    if not crs:
        named = find_system("CRS84" if kind == "lon" else "EPSG:25832")
        assert named is not None
        return named
    system = find_system(crs)
    if system is None:
        refuse(
            "crs",
            f"Das Koordinatenreferenzsystem {crs[:60]!r} ist hier nicht bekannt.",
            f"The coordinate reference system {crs[:60]!r} is not known here.",
        )
    return CRS84 if kind == "lon" else system


def _read_row(
    cells: tuple[str, ...], columns: tuple[int, int], header: Sequence[str], system: PlaceSystem
) -> Row:
    names = (header[columns[0]], header[columns[1]])
    numbers = []
    for column, name in zip(columns, names, strict=True):
        number = parse_number(cells[column])
        if number is None:
            shown = cells[column].strip()[:40]
            fault = (
                Message(f"{name} ist leer.", f"{name} is empty.")
                if not shown
                else Message(f"{name} ist keine Zahl: {shown}", f"{name} is no number: {shown}")
            )
            return Row(cells, None, fault)
        numbers.append(number)
    try:
        return Row(cells, place_at(numbers[0], numbers[1], system, names=names), None)
    except InvalidParameterError as error:
        return Row(cells, None, error.public)
