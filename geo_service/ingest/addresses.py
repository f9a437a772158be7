"""Imports the state's open building references (Gebäudereferenzen, ``gebref.txt``) as a table of addresses."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg2
from sqlalchemy import Engine, text

from geo_service.errors import Message, RejectedDataError
from geo_service.ingest.report import Finding, Progress

# The columns of the file, which has a header line or none. Numbers have a decimal comma.
COLUMNS = (
    "nba", "oid", "qua", "landschl", "land", "regbezschl", "regbez", "kreisschl", "kreis", "gmdschl", "gmd",
    "ottschl", "ott", "strschl", "str", "hnr", "adz", "zone", "ostwert", "nordwert",
)  # fmt: skip
_NEEDED = ("landschl", "regbezschl", "kreisschl", "gmdschl", "gmd", "str", "hnr", "ostwert", "nordwert")
# EPSG:4647 writes the zone before the easting; without it the easting is that of EPSG:25832.
_ZONE = 32_000_000.0
# Where addresses can be: min easting, min northing, max easting, max northing in EPSG:25832.
_BOX = (230_000.0, 5_500_000.0, 600_000.0, 5_900_000.0)
# After so many rows the progress is told.
_STEP = 50_000
# What reading an archive that was cut off or altered ends with.
_DAMAGED = (EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class AddressReport:
    """What an import of addresses did."""

    file_name: str
    addresses: int
    streets: int
    skipped: int

    def lines(self, language: str) -> list[str]:
        """Return the report, one line each."""
        if language == "de":
            return [
                f"{self.file_name}: {self.addresses} Adressen in {self.streets} Straßen eingelesen statt der alten.",
                f"Ausgelassen ohne Straße, Hausnummer oder brauchbare Koordinaten: {self.skipped}.",
            ]
        return [
            f"{self.file_name}: {self.addresses} addresses in {self.streets} streets read, replacing what was there.",
            f"Left out without street, number or usable coordinates: {self.skipped}.",
        ]


def import_addresses(engine: Engine, path: Path, progress: Progress | None = None) -> AddressReport:
    """Replace all addresses by those of a file (``gebref.txt`` or the ZIP archive with it), in one transaction.

    Raises
    ------
    RejectedDataError
        The file cannot be read, lacks columns, or holds no usable address.
    """
    skipped = [0]
    with engine.begin() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(
            "CREATE TEMPORARY TABLE read_address (name text, ags text, municipality text, quarter text,"
            " house_number integer, suffix text, x float8, y float8) ON COMMIT DROP"
        )
        with _opened(path) as lines:
            stream = _CopyText(_rows(path.name, lines, skipped), progress)
            try:
                cursor.copy_expert("COPY read_address FROM STDIN", stream)
            except psycopg2.Error:
                if stream.refusal is not None:  # the driver reports an error of ours as one of its own
                    raise stream.refusal from None
                raise
        cursor.close()
        connection.execute(text("TRUNCATE registry.address, registry.street"))
        connection.execute(
            text(
                "INSERT INTO registry.street (name, ags, municipality, quarter)"
                " SELECT DISTINCT ON (ags, name, quarter) name, ags, municipality, quarter FROM read_address"
            )
        )
        connection.execute(
            text(
                "INSERT INTO registry.address (street_no, house_number, suffix, point)"
                " SELECT street.street_no, house_number, suffix, ST_SetSRID(ST_MakePoint(x, y), 25832)"
                " FROM read_address AS read JOIN registry.street AS street USING (ags, name, quarter)"
            )
        )
        addresses = connection.execute(text("SELECT count(*) FROM registry.address")).scalar_one()
        streets = connection.execute(text("SELECT count(*) FROM registry.street")).scalar_one()
        if not addresses:
            raise _refusal(
                path.name, "Die Datei enthält keine brauchbare Adresse.", "The file has no usable address."
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE registry.street, registry.address"))
    return AddressReport(path.name, addresses, streets, skipped[0])


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """Open the text, from an archive where it is one.

    Raises
    ------
    RejectedDataError
        The file, or what the archive says of itself, cannot be read.
    """
    try:
        with _text_of(path) as lines:
            yield lines
    # RuntimeError: the archive has a password, or a method unknown here.
    except (OSError, RuntimeError, *_DAMAGED) as error:
        raise _unreadable(path.name, error) from error


@contextmanager
def _text_of(path: Path) -> Iterator[IO[str]]:
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        names = [one for one in archive.namelist() if one.lower().endswith((".txt", ".csv"))]
        wanted = [one for one in names if Path(one).name.lower() == "gebref.txt"]
        name = next(iter(wanted or names[:1])) if wanted or len(names) == 1 else None
        if name is None:
            raise _refusal(
                path.name, "Das Archiv enthält keine gebref.txt.", "The archive has no gebref.txt."
            )
        with archive.open(name) as member:
            yield io.TextIOWrapper(member, encoding="utf-8-sig", newline="")


def _rows(file_name: str, lines: IO[str], skipped: list[int]) -> Iterator[tuple[Any, ...]]:
    try:
        reader = csv.reader(lines, delimiter=";", quoting=csv.QUOTE_NONE)
        first = next(reader, [])
        names = [cell.strip().lower() for cell in first]
        has_header = "ostwert" in names
        if not has_header:
            names = list(COLUMNS)
        missing = [name for name in _NEEDED if name not in names]
        if missing or len(first) < len(COLUMNS) - 1:
            wanted = ", ".join(missing or _NEEDED)
            raise _refusal(file_name, f"Es fehlen die Spalten: {wanted}.", f"Columns are missing: {wanted}.")
        place = {name: names.index(name) for name in (*_NEEDED, *({"ott", "adz"} & set(names)))}
        for cells in reader if has_header else _again(first, reader):
            row = _row(cells, place)
            if row is None:
                skipped[0] += 1
            else:
                yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refusal(file_name, "Die Datei ist kein UTF-8-Text.", "The file is no UTF-8 text.") from error
    except _DAMAGED as error:
        raise _unreadable(file_name, error) from error


def _again(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _row(cells: list[str], place: dict[str, int]) -> tuple[Any, ...] | None:
    try:
        value = {name: cells[index].strip() for name, index in place.items()}
        number = int(value["hnr"])
        x, y = (float(value[name].replace(",", ".")) for name in ("ostwert", "nordwert"))
    except (IndexError, ValueError):
        return None
    x = x - _ZONE if x > _ZONE else x
    ags = f"{value['landschl']:0>2}{value['regbezschl']:0>1}{value['kreisschl']:0>2}{value['gmdschl']:0>3}"
    in_place = _BOX[0] <= x <= _BOX[2] and _BOX[1] <= y <= _BOX[3]
    if not (
        value["str"] and value["gmd"] and in_place and len(ags) == 8 and ags.isdigit() and 0 < number < 10_000
    ):
        return None
    return value["str"], ags, value["gmd"], value.get("ott", ""), number, value.get("adz", "").lower(), x, y


class _CopyText:
    """Rows as the text that COPY reads, made as it is asked for."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], progress: Progress | None) -> None:
        self._rows, self._progress, self._left, self._done = rows, progress, "", 0
        self.refusal: RejectedDataError | None = None

    def read(self, size: int = -1) -> str:
        parts = [self._left]
        length = len(self._left)
        while size < 0 or length < size:
            try:
                row = next(self._rows, None)
            except RejectedDataError as error:
                self.refusal = error
                raise
            if row is None:
                break
            line = "\t".join(_escaped(str(value)) for value in row) + "\n"
            parts.append(line)
            length += len(line)
            self._done += 1
            if self._progress is not None and self._done % _STEP == 0:
                self._progress("read", self._done, None)
        whole = "".join(parts)
        if size < 0:
            self._left = ""
            return whole
        self._left = whole[size:]
        return whole[:size]


def _escaped(value: str) -> str:
    return (
        value.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ").replace("\0", "")
    )


def _unreadable(file_name: str, error: Exception) -> RejectedDataError:
    return _refusal(
        file_name, f"Die Datei lässt sich nicht lesen: {error}", f"The file cannot be read: {error}"
    )


def _refusal(file_name: str, de: str, en: str) -> RejectedDataError:
    return RejectedDataError(f"{file_name}: {en}", [Finding(None, None, "addresses", "", Message(de, en))])
