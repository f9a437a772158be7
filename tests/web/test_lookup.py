"""``/lookup``: one place as page and JSON, many as a table; what is wrong is said in words."""

import csv
import io

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.web.conftest import HTML
from tests.web.html import faults, named

HERE = "lon=8.45&lat=51.07"  # in the old town of the fictional Musterstadt, with an official boundary
NEAR_SCHEMATIC = "lon=7.468&lat=51.527"
SENTENCE = "Grenze nur schematisch, keine Auskunft, ob der Ort im Gebiet liegt"


def ask(client, query, status=200):
    answer = client.get(f"/lookup?{query}&f=json")
    assert answer.status_code == status, answer.text
    return answer.get_json()


def test_a_place_in_an_area_names_it_with_status_and_profile(client):
    document = ask(client, HERE)
    assert (document["result"], document["authoritative"]) == ("inside", True)
    (area,) = document["areas"]
    assert area["area_id"] == "musterstadt-beispielgebiet-altstadt"
    assert area["status"] == "ongoing"
    assert area["contains"] is True
    assert document["nearest"] == []
    assert client.get(area["profile_url"]).status_code == 200
    assert client.get(area["item_url"]).get_json()["id"] == area["area_id"]
    assert client.get(document["links"][1]["href"], headers=HTML).mimetype == "text/html"


@pytest.mark.parametrize(
    "query",
    ["x=461464.945&y=5657753.081&crs=EPSG:25832", "x=32461464.945&y=5657753.081&crs=4647", "q=8,45+51,07",
     "q=461464,945+5657753,081", "q=32461464.945+5657753.081", "lon=8,45&lat=51,07",
     "x=8.45&y=51.07&crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
)  # fmt: skip
def test_the_same_place_in_other_words_gets_the_same_answer(client, query):
    expected = ask(client, HERE)
    document = ask(client, query)
    assert document["areas"] == expected["areas"]
    assert document["place"]["easting"] == pytest.approx(expected["place"]["easting"], abs=0.01)


def test_for_a_schematic_boundary_there_is_no_yes_and_no_no(client):
    document = ask(client, NEAR_SCHEMATIC)
    assert (document["result"], document["authoritative"]) == ("unknown", False)
    assert document["areas"] == []
    assert len(document["nearest"]) == 3
    for area in document["nearest"]:
        assert area["geom_basis"] == "schematic"
        assert area["contains"] is None
        assert area["authoritative"] is False
        assert area["approximate"] is True
        assert area["distance_m"] % 100 == 0
        assert area["note"] == SENTENCE
    page = client.get(f"/lookup?{NEAR_SCHEMATIC}", headers=HTML).text
    assert page.count(SENTENCE) == 3
    assert "ca. 3.400\N{NO-BREAK SPACE}m" in page or "ca. 3.400 m" in page


def test_distances_to_official_boundaries_are_exact(client):
    document = ask(client, "lon=8.44&lat=51.05")
    official = [area for area in document["nearest"] if area["geom_basis"] == "official"]
    assert official
    assert all(area["contains"] is False and not area["approximate"] for area in official)
    assert any(area["distance_m"] % 100 for area in official)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("lon=51.527&lat=7.468", "vertauscht"),
        ("x=5709544&y=393725&crs=EPSG:25832", "vertauscht"),
        ("lon=0&lat=0", "außerhalb von Nordrhein-Westfalen"),
        ("lon=13.4&lat=52.5", "außerhalb von Nordrhein-Westfalen"),
        ("x=393725&y=5709544&crs=EPSG:99999", "nicht bekannt"),
        ("x=393725&y=5709544", "keine Grade"),
        ("lon=7.468&lat=51.527&crs=EPSG:25832", "immer Grade"),
        ("lon=7.468", "nur: lon"),
        ("lon=7.468&y=5709544", "nur: lon, y"),
        ("lon=abc&lat=51.5", "keine Zahl"),
        ("lon=1e400&lat=51.5", "keine Zahl"),
        ("q=1+2", "keinem der üblichen Systeme"),
        ("q=7.468+51.527&lon=7", "q steht allein"),
        ("", "lon und lat"),
    ],
)
def test_what_is_wrong_is_said_in_words_to_programs_and_people(client, query, words):
    problem = ask(client, f"{query}&lang=de", 400)
    assert words in problem["detail"]
    english = ask(client, f"{query}&lang=en", 400)["detail"]
    assert english != problem["detail"]
    if query:
        answer = client.get(f"/lookup?{query}&lang=de", headers=HTML)
        assert answer.status_code == 400
        assert any(words in e.text for e in named(answer.text, "p")), (
            "the form comes back with the words in it"
        )
        assert named(answer.text, "form")
        assert not faults(answer.text)


@pytest.mark.parametrize("path", ["/lookup", f"/lookup?{HERE}", f"/lookup?{NEAR_SCHEMATIC}"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_is_sound_in_both_languages(client, path, language):
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}", headers=HTML)
    assert answer.status_code == 200
    assert not faults(answer.text), faults(answer.text)
    assert len(named(answer.text, "h1")) == 1
    assert answer.headers["Content-Language"] == language
    assert "style=" not in answer.text


def upload(client, content, name="orte.csv", **fields):
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(content), name), **fields})
    return client.post("/lookup?lang=de", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def rows_of(answer, delimiter):
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


def test_a_table_from_german_excel_comes_back_with_answers(client):
    table = (
        "Objekt;Rechtswert;Hochwert;Bemerkung\r\n"
        'Kita;461464,945;5657753,081;"mit; Semikolon"\r\n'
        "Markt;393725,4;5709544,4;\r\n"
        "leer;;;\r\n"
        "verdreht;5709544;393725;\r\n"
        "fern;900000;5709544;\r\n"
        "kurz;1\r\n"
    ).encode("cp1252")
    rows = rows_of(upload(client, table), ";")
    assert [row["Objekt"] for row in rows] == ["Kita", "Markt", "leer", "verdreht", "fern", "kurz"]
    assert rows[0]["Bemerkung"] == "mit; Semikolon"
    assert (rows[0]["Rechtswert"], rows[0]["Hochwert"]) == ("461464,945", "5657753,081")
    assert (rows[0]["ergebnis"], rows[0]["gebiet"]) == ("im Gebiet", "Beispielgebiet Altstadt")
    assert rows[0]["status"] == "laufend"
    assert rows[0]["profil"].endswith("/profiles/musterstadt-beispielgebiet-altstadt")
    assert rows[1]["ergebnis"] == "keine Auskunft"
    assert rows[1]["naechstes_1"] == "Dortmund-Nordstadt"
    assert rows[1]["naechstes_2_grenze"] == "schematisch, Abstand ca."
    assert int(rows[1]["naechstes_2_m"]) % 100 == 0
    assert [row["ergebnis"] for row in rows[2:]] == ["Fehler"] * 4
    assert [
        word in row["hinweis"]
        for row, word in zip(rows[2:], ("leer", "vertauscht", "außerhalb", "leer"), strict=True)
    ]
    assert "vertauscht" in rows[3]["hinweis"]


@pytest.mark.parametrize(
    ("header", "row", "crs", "delimiter"),
    [
        ("lon,lat", "8.45,51.07", "", ","),
        ("Latitude;Longitude", "51,07;8,45", "", ";"),
        ("\ufeffLänge (°)\tBreite (°)", "8,45\t51,07", "", "\t"),
        ("id,X,Y", "1,461464.945,5657753.081", "", ","),
        ("UTM_Ost;UTM_Nord", "461464,945;5657753,081", "", ";"),
        ("x,y", "32461464.945,5657753.081", "EPSG:4647", ","),
        ("lon,lat,ergebnis", "8.45,51.07,alt", "", ","),
    ],
)
def test_columns_are_found_by_their_usual_names(client, header, row, crs, delimiter):
    (found,) = rows_of(upload(client, f"{header}\n{row}\n".encode(), crs=crs), delimiter)
    new = "ergebnis_nrw" if "ergebnis" in header else "ergebnis"
    assert found[new] == "im Gebiet"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leer"),
        (b"lon,lat\n", "leer"),
        (b"name;ort\na;b\n", "Keine Spalten"),
        (b"\x00\x01\x02\x03", "kein Text"),
        (b"lon,lat\n" + b"7,51\n" * 10_001, "10001 Zeilen"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(client, content, words):
    answer = upload(client, content)
    assert answer.status_code == 400
    assert words in answer.get_json()["detail"]


def test_a_table_is_bounded_whatever_its_header_says(client):
    assert upload(client, b"lon,lat\n" + b"x" * 5_100_000).status_code == 413
    stream = {
        "wsgi.input": io.BytesIO(b"lon,lat\n" + b"1" * 5_100_000),
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    answer = client.post("/lookup", content_type="text/csv", environ_overrides=stream)
    assert answer.status_code == 413


def test_a_table_can_be_the_body_and_the_answer_json(client):
    body = "lon,lat\n8.45,51.07\nx,y\n"
    answer = client.post("/lookup?f=json&lang=en", data=body, content_type="text/csv")
    document = answer.get_json()
    assert document["numberReturned"] == 2
    assert document["faults"] == 1
    assert document["rows"][0]["result"] == "inside"
    assert document["rows"][1] == {"row": 2, "result": "error", "message": "lon is no number: x"}


def test_ten_thousand_places_are_answered(client):
    rows = "".join(f"{n},{6 + n % 300 / 100:.2f},{50.5 + n // 300 / 20:.3f}\n" for n in range(10_000))
    found = rows_of(upload(client, f"id,lon,lat\n{rows}".encode()), ",")
    assert [row["id"] for row in found] == [str(n) for n in range(10_000)]
    assert {row["ergebnis"] for row in found} <= {"im Gebiet", "außerhalb", "keine Auskunft"}
    assert all(row["naechstes_1"] or row["gebiet"] for row in found)
