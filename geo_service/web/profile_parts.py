"""Parts of a profile beside its sections: versions of the boundary, the nearest areas, how to cite it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_service.db.area_entries import AreaEntry
from geo_service.db.neighbours import Neighbour
from geo_service.db.profiles import Profile
from geo_service.domain.code_lists import GEOM_BASIS
from geo_service.web import formats
from geo_service.web.messages import text
from geo_service.web.page import Page
from geo_service.web.persistent import persistent_address

_POINTS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


@dataclass(frozen=True)
class VersionView:
    """One version of the boundary; `since` is the ISO text of its first day, `kind` official or schematic."""

    since: str | None
    period: str
    is_current: bool
    kind: str
    size: str | None
    difference: str | None
    reason: str | None
    source: str | None


@dataclass(frozen=True)
class NeighbourView:
    """One of the nearest areas, with the way there in words."""

    area_id: str
    name: str
    municipality: str
    status_key: str
    way: str
    is_fictional: bool


@dataclass(frozen=True)
class EntryView:
    """A news item or an event about the area; `language` is set where the title is not in the page's."""

    path: str
    since: str
    day: str
    title: str
    language: str | None


def entries(found: tuple[AreaEntry, ...], page: Page) -> tuple[EntryView, ...]:
    """Return news and events about the area, each with a title in the page's language or in the other."""
    views = []
    for each in found:
        language = page.language if page.language in each.title else next(iter(each.title), page.language)
        views.append(
            EntryView(
                f"/{each.kind}/{each.entry_id}",
                each.day.isoformat(),
                formats.day(each.day, page.language),
                each.title.get(language, each.entry_id),
                None if language == page.language else language,
            )
        )
    return tuple(views)


def versions(details: Mapping[str, Any], page: Page) -> tuple[VersionView, ...]:
    """Return the versions of the boundary, newest first."""
    return tuple(_version(row, page) for row in reversed(details.get("boundaries", ())))


def _version(row: Mapping[str, Any], page: Page) -> VersionView:
    language = page.language
    since, until = formats.day(row["valid_from"], language), formats.day(row["valid_to"], language)
    if since and until:
        period = page.text("version.period", start=since, end=until)
    elif since:
        period = page.text("fact.since", start=since)
    elif until:
        period = page.text("version.until", end=until)
    else:
        period = page.text("version.undated")
    official = row["geom_basis"] == "official"
    size = formats.number(row["area_ha"], language, 1) if official else ""
    difference = row.get("difference_ha")
    return VersionView(
        row["valid_from"],
        period,
        row["valid_to"] is None,
        GEOM_BASIS.label(row["geom_basis"], language) or row["geom_basis"],
        f"{size}\u00a0ha" if size else None,
        None if difference is None else f"{_signed(difference, language)}\u00a0ha",
        row["reason"],
        row["source"],
    )


def _signed(value: float, language: str) -> str:
    """Return a difference with its sign, a true minus included; a change that rounds away is ±0."""
    rounded = formats.number(abs(value), language, 1)
    if rounded == "0":
        return "±0"
    sign = "+" if value > 0 else "\u2212"
    return f"{sign}{rounded}"


def neighbours(nearest: tuple[Neighbour, ...], page: Page) -> tuple[NeighbourView, ...]:
    """Return the nearest areas as the page tells them."""
    return tuple(
        NeighbourView(
            each.area_id,
            each.name,
            each.municipality,
            each.status or "unknown",
            _way(each, page),
            each.attr_basis == "fictional",
        )
        for each in nearest
    )


def _way(neighbour: Neighbour, page: Page) -> str:
    """Say how far and in which direction; what rests on a schematic boundary is only about right."""
    direction = page.text(f"direction.{_point(neighbour.azimuth)}") if neighbour.azimuth is not None else ""
    if neighbour.distance < 1:
        key = "neighbour.adjacent" if neighbour.exact else "neighbour.adjacent_about"
        return page.text(key, direction=direction).strip(" ,")
    metres = formats.distance(neighbour.distance, page.language)
    key = "neighbour.away" if neighbour.exact else "neighbour.away_about"
    return page.text(key, distance=metres, direction=direction).strip()


def _point(azimuth: float) -> str:
    return _POINTS[round(azimuth / 45) % 8]


def cite(profile: Profile, page: Page, language: str) -> str:
    """Return how to cite a profile, with its date and the address that lasts."""
    facts = profile.facts
    return text(
        "profile.citation",
        language,
        site=text("site.name", language),
        year=str(facts["updated_at"])[:4],
        name=facts["name"],
        municipality=", ".join(facts["municipalities"]),
        day=formats.day(facts["updated_at"], language),
        address=persistent_address(profile.area_id, page),
    )
