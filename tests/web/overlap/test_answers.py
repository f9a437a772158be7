"""``/overlap``: what is measured, as page, JSON, CSV and GeoJSON; nothing of a plan is kept."""

import csv
import io
import json
import logging
import tempfile
from pathlib import Path

import pytest
import shapely

from tests.web.conftest import HTML
from tests.web.html import faults, named
from tests.web.overlap.asking import SQUARE, WIDE, post, zipped


def test_a_square_of_100_m_is_one_hectare_of_the_area_it_lies_in(client):
    document = post(client, SQUARE.wkt, crs="EPSG:25832").get_json()
    assert document["plan"]["area_ha"] == pytest.approx(1, rel=1e-3)
    (area,) = document["areas"]
    assert area["area_id"] == "musterstadt-beispielgebiet-altstadt"
    assert area["overlap_ha"] == document["plan"]["area_ha"]
    assert area["share_of_plan"] == 1
    assert area["share_of_area"] == pytest.approx(area["overlap_ha"] / area["area_ha"], rel=1e-4)
    assert (document["authoritative"], area["authoritative"]) == (True, True)
    assert client.get(area["profile_url"]).status_code == 200


def test_a_plan_over_several_areas_sums_each_spot_once(client):
    document = post(client, f"SRID=25832;{WIDE}").get_json()
    areas = document["areas"]
    assert len(areas) == document["number_of_areas"] == 6
    assert [area["overlap_ha"] for area in areas] == sorted(
        (area["overlap_ha"] for area in areas), reverse=True
    )
    schematic = [area for area in areas if area["geom_basis"] == "schematic"]
    assert schematic
    assert document["authoritative"] is False
    assert all(
        not area["authoritative"] and area["note"].startswith("Grenze nur schematisch") for area in schematic
    )
    total = document["total"]
    assert total["official_overlap_ha"] < total["overlap_ha"] < document["plan"]["area_ha"]
    assert total["overlap_ha"] <= sum(area["overlap_ha"] for area in areas) + 0.001


def test_the_answer_comes_in_all_formats(client):
    fields = {"crs": "EPSG:25832"}
    table = post(client, WIDE, f="csv", **fields)
    assert table.mimetype == "text/csv"
    assert table.data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    document = post(client, WIDE, f="json", **fields).get_json()
    assert [row["gebiet_id"] for row in rows] == [area["area_id"] for area in document["areas"]] + [""]
    assert rows[0]["ueberschneidung_ha"].replace(",", ".") == f"{document['areas'][0]['overlap_ha']:.4f}"
    assert rows[-1]["ueberschneidung_ha"].replace(",", ".") == f"{document['total']['overlap_ha']:.4f}"
    assert {row["grenze"] for row in rows[:-1]} == {"amtlich", "schematisch"}

    pieces = post(client, WIDE, f="geojson", **fields)
    assert pieces.mimetype == "application/geo+json"
    features = json.loads(pieces.data)["features"]
    assert {feature["properties"]["area_id"] for feature in features} == {
        area["area_id"] for area in document["areas"]
    }
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    assert all(shape.is_valid and shapely.is_ccw(shape.exterior) for shape in shapes)
    assert sum(feature["properties"]["overlap_ha"] for feature in features) == pytest.approx(
        sum(area["overlap_ha"] for area in document["areas"]), abs=0.01
    )
    page = client.post("/overlap?lang=de", data={"plan": WIDE, **fields}, headers=HTML)
    assert page.mimetype == "text/html"
    assert not faults(page.text), faults(page.text)
    assert "ca. 4" in page.text
    assert "Summe ohne Doppelzählung" in page.text
    assert post(client, WIDE, 400, f="pdf", **fields).get_json()["parameter"] == "f"


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [("application/geo+json", "application/geo+json"), ("text/csv", "text/csv"), ("*/*", "application/json")],
)
def test_programs_choose_the_format_by_accept(client, accept, mimetype):
    answer = client.post(
        "/overlap?crs=EPSG:25832", data=WIDE, content_type="text/plain", headers={"Accept": accept}
    )
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


def test_a_plan_that_touches_nothing_is_an_answer(client):
    far = "POLYGON((300000 5600000, 300100 5600000, 300100 5600100, 300000 5600000))"
    document = post(client, far, crs="EPSG:25832").get_json()
    assert document["areas"] == []
    assert document["total"]["overlap_ha"] == 0
    page = client.post("/overlap?lang=en", data={"plan": far, "crs": "EPSG:25832"}, headers=HTML).text
    assert "touches no programme area" in page


def test_nothing_of_a_plan_is_stored_or_logged(client, tmp_path, monkeypatch, caplog, capfd, shapefile):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "empty"))
    Path(tmp_path / "empty").mkdir()
    caplog.set_level(logging.DEBUG)
    secret = "461432.1234"
    plan = SQUARE.wkt.replace("461400", secret)
    big = plan + " " * 2_000_000
    for fields in ({"plan": plan, "crs": "EPSG:25832"}, {"plan": plan}, {"plan": plan.replace("(", "[")}):
        client.post("/overlap", data=fields)
    post(client, file=("plan.wkt", big.encode()), crs="EPSG:25832")
    post(client, file=("geheim.zip", zipped(shapefile)))
    written = capfd.readouterr()
    for place in (caplog.text, written.out, written.err):
        assert secret not in place
        assert "geheim" not in place
    assert list((tmp_path / "empty").rglob("*")) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_form_is_a_sound_page_and_takes_no_plan_in_its_address(client, language):
    answer = client.get(f"/overlap?lang={language}", headers=HTML)
    assert answer.status_code == 200
    assert not faults(answer.text), faults(answer.text)
    assert all(form.attributes["method"] == "post" for form in named(answer.text, "form"))
    assert "style=" not in answer.text
