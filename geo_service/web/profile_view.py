"""A profile as its template shows it: labels in one language, sections in their order, gaps named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from geo_service.db.area_entries import AreaEntry
from geo_service.db.neighbours import Neighbour
from geo_service.db.profiles import Profile
from geo_service.domain.area_fields import PROGRAMME_AREA_FIELDS
from geo_service.domain.code_lists import (
    ATTR_BASIS,
    GEOM_BASIS,
    LANGUAGES,
    PROFILE_SECTION,
    PROGRAMME,
    STAGE,
    STATUS,
    CodeList,
)
from geo_service.web import formats
from geo_service.web.markdown import render
from geo_service.web.page import Page
from geo_service.web.persistent import persistent_address
from geo_service.web.profile_parts import (
    EntryView,
    NeighbourView,
    VersionView,
    cite,
    entries,
    neighbours,
    versions,
)

LICENCES = {
    "dl-de/zero-2-0": "https://www.govdata.de/dl-de/zero-2-0",
    "dl-de/by-2-0": "https://www.govdata.de/dl-de/by-2-0",
}
_TITLES = {entry.name: entry.title for entry in PROGRAMME_AREA_FIELDS}


@dataclass(frozen=True)
class Fact:
    """One of the key facts: label, value (its first line), further lines, notes.

    `href` is where the value leads, `path` the page of this service that it leads to; `more` are further values with
    the paths of theirs.
    """

    label: str
    value: str
    href: str | None = None
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: str | None = None
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SectionView:
    """One of the seven sections.

    `language` is the language of `html`: not the page's own where only the other one was written.
    `missing` means that there is neither text nor anything listed below the title.
    """

    key: str
    title: str
    html: Markup | None
    language: str
    source: str | None
    missing: bool


@dataclass(frozen=True)
class ProfileView:
    """Everything that the template of a profile shows."""

    area_id: str
    name: str
    status_key: str
    status_label: str
    stage_label: str | None
    period: str
    facts: tuple[Fact, ...]
    basis: tuple[Fact, ...]
    notices: tuple[str, ...]
    sections: tuple[SectionView, ...]
    milestones: tuple[Mapping[str, Any], ...] = ()
    contacts: tuple[Mapping[str, Any], ...] = ()
    documents: tuple[Mapping[str, Any], ...] = ()
    versions: tuple[VersionView, ...] = ()
    neighbours: tuple[NeighbourView, ...] = ()
    entries: tuple[EntryView, ...] = ()
    map_source: str = ""
    missing_hint: str = ""
    persistent_url: str = ""
    citation: str = ""


def view_profile(
    profile: Profile, nearest: tuple[Neighbour, ...], about: tuple[AreaEntry, ...], page: Page
) -> ProfileView:
    """Put a profile into the language of the page."""
    facts, details = profile.facts, profile.details
    return ProfileView(
        area_id=profile.area_id,
        name=facts["name"],
        status_key=facts.get("status") or "unknown",
        status_label=_label(STATUS, facts.get("status"), page) or "",
        stage_label=_label(STAGE, facts.get("stage"), page),
        period=formats.period(facts, page.language),
        facts=tuple(_facts(facts, details, page)),
        basis=tuple(_basis(facts, details, page)),
        notices=tuple(page.text(key) for key in _notices(facts)),
        sections=tuple(_sections(profile, page)),
        milestones=tuple(details.get("milestones", ())),
        contacts=tuple(details.get("contacts", ())),
        documents=tuple(details.get("documents", ())),
        versions=versions(details, page),
        neighbours=neighbours(nearest, page),
        entries=entries(about, page),
        map_source=_map_source(facts, page),
        missing_hint=page.text(
            "profile.missing_hint.one" if len(facts["municipalities"]) == 1 else "profile.missing_hint.many",
            names=_listing(facts["municipalities"], page),
        ),
        persistent_url=persistent_address(profile.area_id, page),
        citation=cite(profile, page, page.language),
    )


def _listing(names: Sequence[str], page: Page) -> str:
    *first, last = names
    return f"{', '.join(first)} {page.text('fact.and')} {last}" if first else last


def _map_source(facts: Mapping[str, Any], page: Page) -> str:
    """Return the line below the map: where the boundary comes from, and under which licence."""
    source = facts.get("geom_source") or _label(GEOM_BASIS, facts["geom_basis"], page) or ""
    licence = f" ({facts['licence']})" if facts.get("licence") else ""
    return page.text("profile.map_source", source=source.rstrip(".") + licence)


def _label(codes: CodeList, code: str | None, page: Page) -> str | None:
    """Return a code's label; a code that came in from elsewhere stands for itself."""
    return codes.label(code, page.language) if code is None or code in codes else code


def _title(name: str, page: Page) -> str:
    return _TITLES[name].text(page.language)


def _facts(facts: Mapping[str, Any], details: Mapping[str, Any], page: Page) -> list[Fact]:
    unknown = page.text("fact.unknown")
    lines = [_municipalities(facts, details, page)]
    for name in ("district", "government_region"):
        if facts.get(name):
            lines.append(Fact(_title(name, page), facts[name]))
    status = _label(STATUS, facts.get("status"), page) or unknown
    stage = _label(STAGE, facts.get("stage"), page)
    lines.append(Fact(_title("status_de" if page.language == "de" else "status_en", page), status,
                      notes=(stage,) if stage else ()))  # fmt: skip
    lines.append(Fact(page.text("fact.period"), formats.period(facts, page.language)))
    lines.append(_programmes(details, page))
    resolution = formats.day(facts.get("resolution_date"), page.language)
    lines.append(Fact(_title("resolution_date", page), resolution or unknown))
    lines.append(
        Fact(_title("concept", page), facts.get("concept") or unknown, _web_address(facts.get("concept_url")))
    )
    lines.append(_area(facts, details, page))
    population = formats.number(facts.get("population"), page.language, 0)
    year = (_year(details.get("population_year"), page),) if population else ()
    lines.append(Fact(_title("population", page), population or unknown, notes=year))
    return lines


def _municipalities(facts: Mapping[str, Any], details: Mapping[str, Any], page: Page) -> Fact:
    """Return the municipalities, the leading one first, each with its page."""
    towns = details.get("municipalities") or [
        {"ags": facts["ags"], "name": facts["municipality"], "leading": True}
    ]
    named = []
    for town in towns:
        leads = len(towns) > 1 and town.get("leading")
        name = f"{town['name']} ({page.text('fact.leading')})" if leads else town["name"]
        named.append((name, f"/municipalities/{town['ags']}"))
    label = page.text("fact.municipality" if len(towns) == 1 else "fact.municipalities")
    return Fact(label, named[0][0], path=named[0][1], more=tuple(named[1:]))


def _programmes(details: Mapping[str, Any], page: Page) -> Fact:
    lines = []
    for entry in details.get("programme_periods", ()):
        name = _label(PROGRAMME, entry["programme"], page)
        known = entry.get("start_year") or entry.get("end_year")
        lines.append(f"{name} ({formats.period(entry, page.language)})" if known else str(name))
    if not lines:
        return Fact(page.text("fact.programmes"), page.text("fact.unknown"))
    return Fact(page.text("fact.programmes"), lines[0], lines=tuple(lines[1:]))


def _area(facts: Mapping[str, Any], details: Mapping[str, Any], page: Page) -> Fact:
    """Return the size by an official boundary, and what a source says; without such a boundary only that."""
    label = page.text("fact.area")
    measured = facts.get("area_ha") if facts["geom_basis"] == "official" else None
    documented = details.get("documented_area_ha")
    year = _year(details.get("documented_area_year"), page)
    if measured is None:
        if documented is None:
            return Fact(label, page.text("fact.unknown"))
        return Fact(label, _hectares(documented, page), notes=(page.text("fact.area_documented", year=year),))
    notes = [page.text("fact.area_measured")]
    if documented is not None:
        notes.append(page.text("fact.area_both", size=_hectares(documented, page), year=year))
    return Fact(label, _hectares(measured, page), notes=tuple(notes))


def _hectares(value: float, page: Page) -> str:
    return f"{formats.number(value, page.language, 1)}\u00a0ha"


def _year(year: int | None, page: Page) -> str:
    return page.text("fact.year", year=year) if year else page.text("fact.year_unknown")


def _basis(facts: Mapping[str, Any], details: Mapping[str, Any], page: Page) -> list[Fact]:
    lines = [
        Fact(_title("geom_basis", page), _label(GEOM_BASIS, facts["geom_basis"], page) or ""),
        Fact(_title("attr_basis", page), _label(ATTR_BASIS, facts["attr_basis"], page) or ""),
    ]
    for label, value in (
        (_title("geom_source", page), facts.get("geom_source")),
        (page.text("fact.attr_source"), details.get("attr_source")),
        (_title("licence", page), facts.get("licence")),
    ):
        if value:
            lines.append(Fact(label, value, LICENCES.get(value) or _web_address(value)))
    names = [_former_name(entry, page) for entry in details.get("former_names", ())]
    if names:
        lines.append(Fact(page.text("fact.former_names"), names[0], lines=tuple(names[1:])))
    lines.append(Fact(page.text("fact.updated"), formats.day(facts["updated_at"], page.language)))
    return lines


def _former_name(entry: Mapping[str, Any], page: Page) -> str:
    until = formats.day(entry["valid_to"], page.language)
    return f"{entry['name']} ({page.text('version.until', end=until)})"


def _web_address(value: str | None) -> str | None:
    """Return `value` if it is a web address: nothing else becomes a link (``javascript:`` …)."""
    if not value or any(character.isspace() for character in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.netloc else None


def _notices(facts: Mapping[str, Any]) -> list[str]:
    keys = []
    if facts["attr_basis"] == "fictional":
        keys.append("profile.notice.fictional")
    if facts["geom_basis"] == "schematic":
        keys.append("profile.notice.schematic")
    if facts["attr_basis"] == "partly":
        keys.append("profile.notice.partly")
    return keys


def _sections(profile: Profile, page: Page) -> list[SectionView]:
    details = profile.details
    documents = f"{page.prefix}/profiles/{profile.area_id}/documents/"
    texts, sources = details.get("sections", {}), details.get("section_sources", {})
    listed = {"milestones": "milestones", "contact": "contacts", "materials": "documents"}
    order = (page.language, *(other for other in LANGUAGES if other != page.language))
    sections = []
    for entry in PROFILE_SECTION:
        language = next((each for each in order if texts.get(each, {}).get(entry.code)), page.language)
        body = texts.get(language, {}).get(entry.code)
        has_list = bool(details.get(listed.get(entry.code, ""), ()))
        sections.append(
            SectionView(
                key=entry.code,
                title=entry.label.text(page.language),
                html=render(body, documents=documents, prefix=page.prefix) if body else None,
                language=language,
                source=sources.get(language, {}).get(entry.code) if body else None,
                missing=not body and not has_list,
            )
        )
    return sections
