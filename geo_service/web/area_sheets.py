"""Tables as files: an XLSX with typed cells, and a CSV that a German Excel opens as it is."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from geo_service.web.area_table import Cell, Column, Rows, Table

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_LINKS = 65_000  # Excel opens no sheet with more than 65,530
MAX_CELL = 32_767  # characters that Excel keeps in a cell


def write_xlsx(path: Path, table: Table, rows: Rows) -> None:
    """Write row by row, so that memory stays small however many there are.

    Texts are written as texts: what looks like a formula, a number or a link remains what it says.
    """
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EDF1F5"}
        )
        looks = {
            "key": book.add_format({"num_format": "@"}),
            "number": book.add_format({"num_format": "0"}),
            "hectares": book.add_format({"num_format": "#,##0.00"}),
            "date": book.add_format({"num_format": "dd.mm.yyyy"}),
            "link": book.add_format({"font_color": "#0B4F94", "underline": 1}),
        }
        sheet = book.add_worksheet(table.title)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width, looks.get(column.kind))
            sheet.write_string(0, place, column.title, head)
        number = 0
        for number, row in enumerate(rows, start=1):
            for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                _write_cell(sheet, number, place, column, cell, looks)
        sheet.autofilter(0, 0, max(number, 1), len(table.columns) - 1)
        notes = book.add_worksheet("Info")
        notes.set_column(0, 0, 24, book.add_format({"bold": True, "valign": "top"}))
        notes.set_column(1, 1, 100, book.add_format({"text_wrap": True, "valign": "top"}))
        for line, (name, value) in enumerate(table.about):
            notes.write_string(line, 0, name)
            notes.write_string(line, 1, value)
        book.set_properties({"title": table.about[0][1], "comments": table.about[1][1]})


def _write_cell(
    sheet: Worksheet, number: int, place: int, column: Column, cell: Cell, looks: Mapping[str, Format]
) -> None:
    if cell is None:
        return
    look = looks.get(column.kind)
    if isinstance(cell, str):
        if column.kind == "link" and number <= MAX_LINKS:
            sheet.write_url(number, place, cell, look)
        else:
            sheet.write_string(number, place, cell[:MAX_CELL], look)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(number, place, dt.datetime(cell.year, cell.month, cell.day), look)
    else:
        sheet.write_number(number, place, cell, look)


def write_csv(path: Path, table: Table, rows: Rows) -> None:
    """Write what a German Excel reads by itself: a mark of UTF-8, semicolons, CRLF, decimal commas, DD.MM.YYYY.

    Source, licence and day stand in columns at the end, so that every line has them and all have the same length.
    """
    about = table.about[1:4]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerow([*(column.title for column in table.columns), *(name for name, _ in about)])
        told = [_csv_text(value) for _, value in about]
        for row in rows:
            cells = [_csv_cell(column, cell) for column, cell in zip(table.columns, row, strict=True)]
            writer.writerow([*cells, *told])


def _csv_cell(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if column.kind == "key":
        # Excel would make a number of it and lose the zero in front; as this formula it is a text.
        return f'="{cell}"'
    if isinstance(cell, dt.date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, Decimal | int):
        return format(cell, ".2f").replace(".", ",") if column.kind == "hectares" else str(cell)
    return _csv_text(cell)


def _csv_text(text: str) -> str:
    """Return a text that no spreadsheet computes: an apostrophe before what would begin a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


WRITERS: dict[str, Callable[[Path, Table, Rows], None]] = {"xlsx": write_xlsx, "csv": write_csv}
