"""A profile for machines: the same facts, texts and documents as the page, with absolute links."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from geo_service.db.neighbours import Neighbour
from geo_service.db.profiles import Profile
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
