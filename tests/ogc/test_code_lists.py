"""Code lists: what the codes mean, in both languages."""

from __future__ import annotations

from flask.testing import FlaskClient

from geo_service.domain.code_lists import CODE_LISTS
from tests.ogc.documents import get


def test_the_landing_page_leads_to_every_code_list(api: FlaskClient) -> None:
    related = next(one for one in get(api, "/api")["links"] if one["rel"] == "related")
    entries = get(api, related["href"])["codelists"]

    assert [one["id"] for one in entries] == list(CODE_LISTS)
    for entry in entries:
        document = get(api, entry["links"][0]["href"])
        assert [one["code"] for one in document["codes"]] == list(CODE_LISTS[entry["id"]].codes)


def test_a_code_has_its_german_and_its_english_label(api: FlaskClient) -> None:
    document = get(api, "/api/codelists/status?lang=en")

    assert document["codes"][1] == {
        "code": "ongoing",
        "title": "ongoing",
        "label": {"de": "laufend", "en": "ongoing"},
    }
    assert document["null"]["label"]["de"] == "Status nicht belegt"


def test_every_list_that_a_schema_names_exists(api: FlaskClient) -> None:
    for name in ("programme-areas", "municipalities"):
        properties = get(api, f"/api/collections/{name}/schema")["properties"]
        coded = [{**one, **one.get("items", {})} for one in properties.values()]
        addresses = [(one["x-ogc-codelistUri"], one["enum"]) for one in coded if "enum" in one]
        assert addresses
        for address, codes in addresses:
            assert [one["code"] for one in get(api, address)["codes"]] == codes


def test_an_unknown_list_is_a_404_that_names_the_lists(api: FlaskClient) -> None:
    response = api.get("/api/codelists/colours?lang=en")

    assert response.status_code == 404
    assert "status" in response.json["detail"]
