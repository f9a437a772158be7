"""News, events and standing pages as Markdown files: read from a folder, and written as they are read.

::

    news/{slug}.md        facts in the front matter, title and text in German
    news/{slug}.en.md     title and text in English
    events/{slug}.md, events/{slug}.en.md
    network/network.md, network/network.en.md

The name of a file is the last part of its address. An entry in English alone has a ``{slug}.md`` with the facts and
without title and text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geo_service.ingest.facts import Facts
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.front_matter import MarkdownFile, read, write

FOLDERS = {"news": "news", "events": "event", "network": "page"}
PAGES = {"network": "network"}
"""Folders that hold one standing page, and what it is called."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_URL = re.compile(r"https?://\S+")
TRANSLATION = ".en.md"


@dataclass(frozen=True)
class EntryFile:
    """An entry as its files say.

    Attributes
    ----------
    columns : dict
        Values of ``registry.entry`` but for kind, slug, point and release.
    point : tuple of float or None
        Easting and northing in EPSG:25832.
    area_ids, ags_all : tuple of str
        Programme areas and municipalities that it is about.
    files : dict
        The files by language, for findings.
    """

    kind: str
    slug: str
    columns: dict[str, Any]
    point: tuple[float, float] | None = None
    area_ids: tuple[str, ...] = ()
    ags_all: tuple[str, ...] = ()
    is_released: bool = False
    files: Mapping[str, MarkdownFile] = field(default_factory=dict, compare=False, repr=False)

    @property
    def path(self) -> str:
        """The main file as seen from the folder."""
        folder = next(folder for folder, kind in FOLDERS.items() if kind == self.kind)
        return f"{folder}/{self.slug}.md"


def has_content(root: Path) -> bool:
    """Tell whether there is any of the folders in `root`."""
    return any((root / folder).is_dir() for folder in FOLDERS)


def read_entries(root: Path, findings: FileFindings) -> list[EntryFile]:
    """Read all entries below `root`, those that cannot be used left out; `findings` says why."""
    entries = []
    for folder, kind in FOLDERS.items():
        for path in _markdown_files(root, folder, findings):
            if not path.name.endswith(TRANSLATION):
                entry = _read_entry(path, root, kind, findings)
                entries += [entry] if entry else []
            elif not path.with_name(path.name.removesuffix(TRANSLATION) + ".md").exists():
                findings.add(
                    path.relative_to(root).as_posix(),
                    None,
                    "no-facts",
                    f"es fehlt die Datei {path.name.removesuffix(TRANSLATION)}.md mit den Angaben",
                    f"the file {path.name.removesuffix(TRANSLATION)}.md with the facts is missing",
                )
    return entries


def _markdown_files(root: Path, folder: str, findings: FileFindings) -> Iterator[Path]:
    directory = root / folder
    for path in sorted(directory.iterdir()) if directory.is_dir() else ():
        name = path.relative_to(root).as_posix()
        slug = path.name.removesuffix(".md").removesuffix(".en")
        if path.name.startswith("."):
            continue
        if not path.is_file() or path.suffix != ".md":
            findings.add(
                name,
                None,
                "not-markdown",
                "hier stehen nur Dateien mit der Endung .md",
                "only .md files belong here",
            )
        elif not _SLUG.fullmatch(slug) or len(slug) > 80:
            findings.add(
                name,
                None,
                "file-name",
                "der Name wird zur Adresse: kleine Buchstaben, Ziffern und einzelne Bindestriche, höchstens 80 Zeichen",
                "the name becomes an address: small letters, digits and single hyphens, 80 characters at most",
            )
        elif PAGES.get(folder, slug) != slug:
            findings.add(
                name,
                None,
                "file-name",
                f"hier gibt es nur {PAGES[folder]}.md",
                f"there is only {PAGES[folder]}.md here",
            )
        else:
            yield path


def _read_entry(path: Path, root: Path, kind: str, findings: FileFindings) -> EntryFile | None:
    main = read(path, root, findings)
    translated = path.with_name(f"{path.stem}{TRANSLATION}")
    translation = read(translated, root, findings) if translated.exists() else None
    if main is None or (translation is None and translated.exists()):
        return None
    facts = Facts(main, findings)
    files = {"de": main, **({"en": translation} if translation else {})}
    entry = EntryFile(kind, path.stem, _texts(facts, translation, findings), files=files)
    entry = _event_facts(entry, facts) if kind == "event" else _plain_facts(entry, facts)
    entry.columns["source"] = facts.text("source")
    entry.columns["source_url"] = _address(facts, "source_url")
    entry = replace(entry, is_released=facts.flag("released"))
    facts.finish()
    return entry


def _texts(facts: Facts, translation: MarkdownFile | None, findings: FileFindings) -> dict[str, Any]:
    title, body = facts.text("title", max_length=300), facts.file.body or None
    texts = {"title_de": title, "title_en": None, "body_de": body, "body_en": None}
    if translation is not None:
        other = Facts(translation, findings)
        texts["title_en"] = other.text("title", required=True, max_length=300)
        texts["body_en"] = translation.body or None
        other.finish()
    if (body and not title) or (not title and translation is None):
        facts.fault("title", "missing", "fehlt", "is missing")
    return texts


def _plain_facts(entry: EntryFile, facts: Facts) -> EntryFile:
    if entry.kind != "news":
        return entry
    entry.columns["begin_date"] = facts.day("date", required=True)
    return _ties(entry, facts)


def _event_facts(entry: EntryFile, facts: Facts) -> EntryFile:
    begin, end = facts.day("begin", required=True), facts.day("end")
    begin_time, end_time = facts.clock("begin_time"), facts.clock("end_time")
    if begin and end and end < begin:
        facts.fault("end", "order", "liegt vor dem Beginn", "is before the begin")
    if end_time and not begin_time:
        facts.fault("end_time", "order", "braucht auch begin_time", "needs begin_time, too")
    elif begin_time and end_time and (end is None or end == begin) and end_time < begin_time:
        facts.fault("end_time", "order", "liegt vor begin_time", "is before begin_time")
    entry.columns.update(
        begin_date=begin,
        begin_time=begin_time,
        end_date=None if end == begin else end,
        end_time=end_time,
        place=facts.text("place"),
        address=facts.text("address"),
        ags=facts.text("municipality"),
        organiser=facts.text("organiser"),
        is_cancelled=facts.flag("cancelled"),
    )
    easting, northing = facts.number("easting"), facts.number("northing")
    if (easting is None) != (northing is None):
        facts.fault("easting", "missing", "und northing gehören zusammen", "and northing belong together")
    elif easting is not None and northing is not None:
        if not (200_000 <= easting <= 600_000 and 5_500_000 <= northing <= 5_900_000):
            facts.fault(
                "easting", "outside", "und northing liegen nicht in der Region (EPSG:25832)",
                "and northing are outside of the region (EPSG:25832)",
            )  # fmt: skip
        entry = replace(entry, point=(round(easting, 3), round(northing, 3)))
    return _ties(entry, facts)


def _ties(entry: EntryFile, facts: Facts) -> EntryFile:
    areas, towns = sorted(facts.texts("areas")), sorted(facts.texts("municipalities"))
    return replace(entry, area_ids=tuple(areas), ags_all=tuple(towns))


def _address(facts: Facts, key: str) -> str | None:
    value = facts.text(key, max_length=2000)
    if value is not None and not _URL.fullmatch(value):
        facts.fault(
            key, "address", "ist keine Adresse mit http:// oder https://", "is no address with http(s)://"
        )
        return None
    return value


def file_texts(entry: EntryFile) -> dict[str, str]:
    """Return the files of an entry by their path."""
    columns = entry.columns
    facts: dict[str, Any] = {"title": columns["title_de"]}
    if entry.kind == "news":
        facts["date"] = columns["begin_date"]
    if entry.kind == "event":
        facts |= {
            "begin": columns["begin_date"], "begin_time": columns["begin_time"],
            "end": columns["end_date"], "end_time": columns["end_time"],
            "place": columns["place"], "address": columns["address"], "municipality": columns["ags"],
            "easting": entry.point and entry.point[0], "northing": entry.point and entry.point[1],
            "organiser": columns["organiser"], "cancelled": columns["is_cancelled"] or None,
        }  # fmt: skip
    facts |= {
        "areas": entry.area_ids, "municipalities": entry.ags_all, "source": columns["source"],
        "source_url": columns["source_url"], "released": entry.is_released,
    }  # fmt: skip
    files = {entry.path: write(facts, columns["body_de"] or "")}
    if columns["title_en"]:
        path = f"{entry.path.removesuffix('.md')}{TRANSLATION}"
        files[path] = write({"title": columns["title_en"]}, columns["body_en"] or "")
    return files
