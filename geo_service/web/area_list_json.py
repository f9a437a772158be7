"""The list of areas for machines: a page of it, with the addresses of its profiles and of the pages beside it."""

from __future__ import annotations

from typing import Any

from geo_service.db.area_list import AreaRows
from geo_service.web.area_filters import AreaFilters, state_of
from geo_service.web.page import Page

JSON = "application/json"
FIELDS = (
    "area_id", "name", "municipality", "ags", "municipalities", "district", "status", "start_year", "end_year",
    "area_ha", "sections", "geom_basis", "attr_basis",
)  # fmt: skip


def area_list_json(
    found: AreaRows, filters: AreaFilters, page: Page, neighbours: dict[str, str]
) -> dict[str, Any]:
    """Return a page of the list; with a year, each area says what it was then (``state``)."""
    links = [
        {"rel": "self", "href": page.address(), "type": JSON},
        {"rel": "alternate", "href": page.address(f="html"), "type": "text/html"},
    ]
    for relation, cursor in neighbours.items():
        href = page.address(cursor=cursor, offset=None)
        links.append({"rel": relation, "href": href, "type": JSON})
    profiles = []
    for row in found.rows:
        shown = {name: row[name] for name in FIELDS}
        if filters.year is not None:
            shown["state"] = state_of(row, filters.year)
        profiles.append({**shown, "profile_url": page.absolute(f"/profiles/{row['area_id']}")})
    matched = {} if found.number_matched is None else {"numberMatched": found.number_matched}
    return {"profiles": profiles, **matched, "numberReturned": len(profiles), "links": links}
