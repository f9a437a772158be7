"""What a profile still lacks, and what in it does not hold together; no reason to refuse it, but to look."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from geo_service.domain.code_lists import LANGUAGES, PROFILE_SECTION
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.profile_folder import DOCUMENTS, ProfileFolder, SectionText
from geo_service.ingest.profile_tables import Row
from geo_service.ingest.profile_toml import FILE_NAME

# Sections that need no text where there is something to list.
_LISTED = {"milestones": "milestones", "contact": "contacts", "materials": "documents"}
_TITLES = {"milestones": ("text_de", "text_en"), "contacts": ("function_de", "function_en"),
           "documents": ("title_de", "title_en")}  # fmt: skip


def check_profile(profile: ProfileFolder, area_ids: Collection[str], findings: FileFindings) -> None:
    """Note what is missing, broken links, languages that fall apart, and contacts whose time is up.

    Parameters
    ----------
    area_ids : collection of str
        The areas that a text may link to.
    """
    _check_sections(profile, findings)
    _check_links(profile, area_ids, findings)
    _check_languages(profile, findings)
    _check_contacts(profile, findings)


def _check_sections(profile: ProfileFolder, findings: FileFindings) -> None:
    written = {(text.language, text.section) for text in profile.texts}
    listed = {code for code, part in _LISTED.items() if _shown(getattr(profile, part), part)}
    for language in LANGUAGES:
        missing = [
            f"{code}.md"
            for code in PROFILE_SECTION.codes
            if (language, code) not in written and code not in listed
        ]
        if missing:
            names = ", ".join(missing)
            count = len(missing)
            findings.note(f"{profile.name}/{language}", None, "section-missing",
                          f"{count} von 7 Abschnitten fehlen: {names}",
                          f"{count} of 7 sections are missing: {names}")  # fmt: skip


def _shown(rows: Iterable[Row], part: str) -> list[Row]:
    return [row for row in rows if part == "milestones" or row["released"]]


# --- links ----------------------------------------------------------------------------------------------------


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable("image")


def _links(text: SectionText) -> list[tuple[str, int]]:
    """Return the targets of a text's links, with the line of the file on which each stands."""
    lines = text.body.split("\n")
    found = []
    for token in _parser().parse(text.body):
        start, end = token.map or [0, len(lines)]
        for child in token.children or ():
            if child.type == "link_open":
                target = str(child.attrGet("href") or "")
                near = next((n for n in range(start, end) if unquote(target) in unquote(lines[n])), start)
                found.append((target, text.line + near))
    return found


def _check_links(profile: ProfileFolder, area_ids: Collection[str], findings: FileFindings) -> None:
    released = {row["file_name"] for row in profile.documents if row["released"]}
    for text in profile.texts:
        for target, line in _links(text):
            if fault := _fault_of_link(target, released, area_ids):
                findings.note(
                    f"{profile.name}/{text.language}/{text.section}.md", line, "link-broken", *fault
                )


def _fault_of_link(target: str, released: set[str], area_ids: Collection[str]) -> tuple[str, str] | None:
    parts = urlsplit(target)
    path = unquote(parts.path)
    if parts.scheme in ("http", "https") and parts.netloc:
        return None
    if parts.scheme == "mailto" and re.fullmatch(r"[^@\s]+@[^@\s]+", path):
        return None
    if not parts.scheme and not parts.netloc:
        if not path and parts.fragment in PROFILE_SECTION:
            return None
        if path.startswith(f"{DOCUMENTS}/") and path.removeprefix(f"{DOCUMENTS}/") in released:
            return None
        if path.startswith(f"{DOCUMENTS}/"):
            return (
                f"{target}: kein freigegebenes Dokument dieses Profils",
                f"{target}: no released document of this profile",
            )
        match = re.fullmatch(r"/profiles/([^/]+)(?:/.*)?", path)
        if match:
            if match[1] in area_ids:
                return None
            return f"{target}: dieses Gebiet gibt es nicht", f"{target}: there is no such area"
        if re.fullmatch(r"/(profiles|news|events|network|municipalities|api)?(/.*)?", path):
            return None
    return (
        f"{target}: führt nirgendwohin; möglich sind https://…, mailto:…, {DOCUMENTS}/… und /profiles/…",
        f"{target}: leads nowhere; there are https://…, mailto:…, {DOCUMENTS}/… and /profiles/…",
    )


# --- languages ------------------------------------------------------------------------------------------------


def _check_languages(profile: ProfileFolder, findings: FileFindings) -> None:
    texts = {(text.language, text.section): text for text in profile.texts}
    for section in PROFILE_SECTION.codes:
        german, english = texts.get(("de", section)), texts.get(("en", section))
        if german is None and english is None:
            continue
        if german is None or english is None:
            there, lacks = ("de", "en") if english is None else ("en", "de")
            findings.note(f"{profile.name}/{there}/{section}.md", None, "languages-differ",
                          f"es gibt keine Fassung {lacks}/{section}.md", f"there is no {lacks}/{section}.md")  # fmt: skip
        elif difference := _difference(german, english):
            findings.note(f"{profile.name}/en/{section}.md", english.line, "languages-differ", *difference)
    for part, (german_key, english_key) in _TITLES.items():
        for number, row in enumerate(getattr(profile, part)):
            if row[german_key] and not row[english_key]:
                findings.note(f"{profile.name}/{FILE_NAME}", _line(profile, part, number), "languages-differ",
                              f"{english_key} fehlt", f"{english_key} is missing")  # fmt: skip


def _difference(german: SectionText, english: SectionText) -> tuple[str, str] | None:
    if german.body == english.body:
        return "derselbe Text in beiden Sprachen", "the same text in both languages"
    here, there = _shape(german), _shape(english)
    for kind, (name_de, name_en) in _COUNTED.items():
        if here[kind] != there[kind]:
            return (
                f"{name_de}: deutsch {here[kind]}, englisch {there[kind]}",
                f"{name_en}: German {here[kind]}, English {there[kind]}",
            )
    return None


_COUNTED = {
    "heading_open": ("Überschriften", "headings"),
    "list_item_open": ("Listenpunkte", "list items"),
    "tr_open": ("Tabellenzeilen", "table rows"),
    "link_open": ("Verweise", "links"),
}


def _shape(text: SectionText) -> dict[str, int]:
    """Count what a translation keeps: headings, list items, rows, links."""
    tokens: list[Token] = []
    for token in _parser().parse(text.body):
        tokens += [token, *(token.children or ())]
    return {kind: sum(token.type == kind for token in tokens) for kind in _COUNTED}


# --- contacts -------------------------------------------------------------------------------------------------


def _check_contacts(profile: ProfileFolder, findings: FileFindings) -> None:
    for number, row in enumerate(profile.contacts):
        if not row["released"]:
            continue
        place = (f"{profile.name}/{FILE_NAME}", _line(profile, "contacts", number))
        if row["expires_at"] is not None and row["expires_at"] <= datetime.now(UTC):
            findings.note(
                *place, "contact-expired", "abgelaufen und nicht mehr zu sehen", "expired, no longer shown"
            )
        elif row["person"] and row["person_released"] and row["expires_at"] is None:
            findings.note(*place, "contact-forever", "der Name einer Person ohne Ablaufdatum (expires)",
                          "the name of a person without a date of expiry (expires)")  # fmt: skip


def _line(profile: ProfileFolder, part: str, number: int) -> int | None:
    lines = profile.toml_lines.get(part, ())
    return lines[number] if number < len(lines) else None
