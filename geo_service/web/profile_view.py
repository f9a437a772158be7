"""A profile as its template shows it: labels in one language, sections in their order, gaps named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from geo_service.db.profiles import Profile
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
from geo_service.domain.fields import PROGRAMME_AREA_FIELDS
from geo_service.web import formats
from geo_service.web.markdown import render
from geo_service.web.page import Page

_TITLES = {entry.name: entry.title for entry in PROGRAMME_AREA_FIELDS}


@dataclass(frozen=True)
class Fact:
    """One of the key facts: label, value (its first line), further lines, notes; `href` where it leads somewhere."""

    label: str
    value: str
    href: str | None = None
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    documents: tuple[Mapping[str, Any], ...] = field(default=())


def view_profile(profile: Profile, page: Page) -> ProfileView:
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
        sections=tuple(_sections(details, page)),
        milestones=tuple(details.get("milestones", ())),
        contacts=tuple(details.get("contacts", ())),
        documents=tuple(details.get("documents", ())),
    )


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
    lines.append(Fact(_title("population", page), population or unknown))
    return lines


def _municipalities(facts: Mapping[str, Any], details: Mapping[str, Any], page: Page) -> Fact:
    towns = details.get("municipalities") or [{"name": facts["municipality"], "leading": True}]
    if len(towns) == 1:
        return Fact(page.text("fact.municipality"), towns[0]["name"])
    names = [
        f"{town['name']} ({page.text('fact.leading')})" if town.get("leading") else town["name"]
        for town in towns
    ]
    return Fact(page.text("fact.municipalities"), ", ".join(names))


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
    label = page.text("fact.area")
    if facts.get("area_ha") is None:
        return Fact(label, page.text("fact.unknown"))
    documented = facts["geom_basis"] == "schematic" or details.get("documented_area_ha") == facts["area_ha"]
    value = f"{formats.number(facts['area_ha'], page.language, 1)}\u00a0ha"
    return Fact(label, value, notes=(page.text("fact.area_documented"),) if documented else ())


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
            lines.append(Fact(label, value, _web_address(value)))
    names = ", ".join(entry["name"] for entry in details.get("former_names", ()))
    if names:
        lines.append(Fact(page.text("fact.former_names"), names))
    lines.append(Fact(page.text("fact.updated"), formats.day(facts["updated_at"], page.language)))
    return lines


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


def _sections(details: Mapping[str, Any], page: Page) -> list[SectionView]:
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
                html=render(body) if body else None,
                language=language,
                source=sources.get(language, {}).get(entry.code) if body else None,
                missing=not body and not has_list,
            )
        )
    return sections
