"""Choices of areas that every view of them has to understand alike, and what the API says about them."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from geo_service.web.area_filters import AreaFilters, parse_filters

ITEMS = "/api/collections/programme-areas/items"

# Each filter alone, with a year, and together. All of them choose some areas of the sample, and not all.
CHOICES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("q", "Nordstadt"),),
    (("status", "ongoing"),),
    (("status", "planned"), ("status", "unknown")),
    (("programme", "SOS"),),
    (("government_region", "Arnsberg"),),
    (("district", "Musterkreis (fiktiv)"),),
    (("ags", "05913000"),),
    (("from", "2009"), ("to", "2011")),
    (("to", "2000"),),
    (("period", "unknown"),),
    (("year", "2008"),),
    (("year", "2026"),),
    (("status", "completed"), ("year", "2016")),
    (("q", "Beispielgebiet"), ("status", "ongoing"), ("programme", "SOS"), ("year", "2008")),
)


def named(choice: tuple[tuple[str, str], ...]) -> str:
    return " ".join("=".join(pair) for pair in choice)


def filters_of(choice: tuple[tuple[str, str], ...]) -> AreaFilters:
    return parse_filters(MultiDict(choice))


def all_areas(client: FlaskClient) -> list[dict[str, Any]]:
    features = client.get(f"{ITEMS}?limit=10000").get_json()["features"]
    return [feature["properties"] for feature in features]


def state(area: dict[str, Any], year: int) -> str | None:
    """Return the state in a year as the design has it, counted in years by hand."""
    start, end = area["start_year"], area["end_year"]
    is_open = end is None and area["status"] in ("planned", "ongoing")
    if start is None or (end is None and not is_open) or year < start:
        return None
    return "ongoing" if is_open or year <= end else "completed"


def fulfils(area: dict[str, Any], choice: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether an area fulfils a choice, by plain comparison of its properties (all but ``q``)."""
    asked = MultiDict(choice)
    year = int(asked["year"]) if "year" in asked else None
    shown = state(area, year) if year else area["status"] or "unknown"
    known = area["start_year"] is not None and (
        area["end_year"] is not None or area["status"] in ("planned", "ongoing")
    )
    return (
        shown is not None
        and ("status" not in asked or shown in asked.getlist("status"))
        and ("programme" not in asked or asked["programme"] in (area["programmes"] or ()))
        and ("government_region" not in asked or area["government_region"] == asked["government_region"])
        and ("district" not in asked or area["district"] == asked["district"])
        and ("ags" not in asked or asked["ags"] in area["ags_all"])
        and ("period" not in asked or not known)
        and ("from" not in asked or (known and (area["end_year"] or 9999) >= int(asked["from"])))
        and ("to" not in asked or (known and area["start_year"] <= int(asked["to"])))
    )


def expected(client: FlaskClient, choice: tuple[tuple[str, str], ...]) -> set[str]:
    """Return the ids of the areas that fulfil a choice; the words are left to the API's own ``q``."""
    words = MultiDict(choice).get("q")
    found = {area["area_id"] for area in all_areas(client) if fulfils(area, choice)}
    if words:
        answer = client.get(ITEMS, query_string={"q": words, "limit": 10000}).get_json()
        found &= {feature["id"] for feature in answer["features"]}
    return found
