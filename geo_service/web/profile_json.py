"""A profile for machines: the same facts, texts and documents as the page, with absolute links."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from geo_service.db.neighbours import Neighbour
from geo_service.db.profiles import AreaPage, Profile
from geo_service.domain.code_lists import LANGUAGES, PROFILE_SECTION
from geo_service.web.page import Page
from geo_service.web.persistent import FEATURES, persistent_address
from geo_service.web.profile_parts import cite


def profile_links(area_id: str, page: Page, *, as_json: bool) -> list[dict[str, str]]:
    """Return the links of a profile: itself, its other form, and the feature that it is about."""
    address = page.absolute(f"/profiles/{area_id}")
    html = {"href": address, "type": "text/html"}
    json = {"href": f"{address}?f=json", "type": "application/json"}
    return [
        {"rel": "self", **(json if as_json else html)},
        {"rel": "alternate", **(html if as_json else json)},
        {"rel": "about", "href": page.absolute(f"{FEATURES}/{area_id}"), "type": "application/geo+json"},
        {"rel": "cite-as", "href": persistent_address(area_id, page)},  # RFC 8574
    ]


def profile_json(profile: Profile, nearest: tuple[Neighbour, ...], page: Page) -> dict[str, Any]:
    """Return facts, sections (Markdown, both languages), milestones, contacts, documents and the nearest areas.

    Lengths are in metres (EPSG:25832), directions in degrees clockwise from north.
    """
    details = dict(profile.details)
    texts, sources = details.pop("sections", {}), details.pop("section_sources", {})
    documents = [
        {**document, "href": page.absolute(f"/profiles/{profile.area_id}/documents/{document['file_name']}")}
        for document in details.pop("documents", [])
    ]
    sections = [
        {
            "key": entry.code,
            **{f"title_{language}": entry.label.text(language) for language in LANGUAGES},
            **{f"text_{language}": texts.get(language, {}).get(entry.code) for language in LANGUAGES},
            **{f"source_{language}": sources.get(language, {}).get(entry.code) for language in LANGUAGES},
        }
        for entry in PROFILE_SECTION
    ]
    return {
        "id": profile.area_id,
        **profile.facts,
        "profile_url": page.absolute(f"/profiles/{profile.area_id}"),
        "persistent_url": persistent_address(profile.area_id, page),
        **{f"citation_{language}": cite(profile, page, language) for language in LANGUAGES},
        "profile": {"sections": sections, **details, "documents": documents},
        "nearest": [
            {
                **asdict(neighbour),
                "distance": round(neighbour.distance, 1),
                "azimuth": None if neighbour.azimuth is None else round(neighbour.azimuth),
                "profile_url": page.absolute(f"/profiles/{neighbour.area_id}"),
            }
            for neighbour in nearest
        ],
        "links": profile_links(profile.area_id, page, as_json=True),
    }


def profile_list_json(
    found: AreaPage, page: Page, previous_offset: int | None, next_offset: int | None
) -> dict[str, Any]:
    """Return a page of the list of profiles, with the address of each and of the neighbouring pages."""
    json_type = "application/json"
    links = [
        {"rel": "self", "href": page.address(), "type": json_type},
        {"rel": "alternate", "href": page.address(f="html"), "type": "text/html"},
    ]
    for relation, offset in (("prev", previous_offset), ("next", next_offset)):
        if offset is not None:
            links.append({"rel": relation, "href": page.address(offset=offset), "type": json_type})
    return {
        "profiles": [
            {
                "area_id": row.area_id,
                "name": row.name,
                "municipality": row.municipality,
                "ags": row.ags,
                "municipalities": row.municipalities,
                "status": row.status,
                "sections": row.sections,
                "geom_basis": row.geom_basis,
                "attr_basis": row.attr_basis,
                "profile_url": page.absolute(f"/profiles/{row.area_id}"),
            }
            for row in found.rows
        ],
        "numberMatched": found.number_matched,
        "numberReturned": len(found.rows),
        "links": links,
    }
