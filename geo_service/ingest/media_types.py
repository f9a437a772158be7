"""Which kinds of documents are taken, and what a file really is: its content decides, its name has to agree."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

_OPENXML = "application/vnd.openxmlformats-officedocument."
_OPENDOCUMENT = "application/vnd.oasis.opendocument."

# Nothing among them runs by itself: no page, no picture that holds scripts (SVG), no programme, no macros.
KINDS: dict[str, str] = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".docx": f"{_OPENXML}wordprocessingml.document",
    ".xlsx": f"{_OPENXML}spreadsheetml.sheet",
    ".pptx": f"{_OPENXML}presentationml.presentation",
    ".odt": f"{_OPENDOCUMENT}text",
    ".ods": f"{_OPENDOCUMENT}spreadsheet",
    ".odp": f"{_OPENDOCUMENT}presentation",
    ".zip": "application/zip",
    ".gpkg": "application/geopackage+sqlite3",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
_TEXTS = ("text/plain", "text/csv")
_PARTS = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(frozen=True)
class Content:
    """What a file is by its content: `media_type`, or None and the reason why it is not taken."""

    media_type: str | None
    reason_de: str = ""
    reason_en: str = ""


def look_into(path: Path) -> Content:
    """Say what a file is; never what its name claims.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        return Content(None, "ist leer", "is empty")
    for signature, media_type in (
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"II*\x00", "image/tiff"),
        (b"MM\x00*", "image/tiff"),
    ):
        if head.startswith(signature):
            return Content(media_type)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Content("image/webp")
    if head.startswith(b"SQLite format 3\x00"):
        if head[68:72] == b"GPKG":
            return Content(KINDS[".gpkg"])
        return Content(None, "ist eine Datenbank, aber kein GeoPackage", "is a database, but no GeoPackage")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path)
    return _text(path)


def _archive(path: Path) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            kind = (
                archive.open("mimetype").read(100).decode("ascii", "replace") if "mimetype" in names else ""
            )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, KeyError, EOFError):
        return Content(None, "ist ein beschädigtes Archiv", "is a damaged archive")
    if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names) or any(
        name.startswith(("Basic/", "Scripts/")) and kind for name in names
    ):
        return Content(None, "enthält Makros", "holds macros")
    if kind in KINDS.values():
        return Content(kind)
    if "[Content_Types].xml" in names:
        for prefix, suffix in _PARTS.items():
            if any(name.startswith(prefix) for name in names):
                return Content(KINDS[suffix])
    return Content("application/zip")


def _text(path: Path) -> Content:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Content(
            None, "ist von unbekannter Art (Texte bitte als UTF-8)", "is of no known kind (texts in UTF-8)"
        )
    if _CONTROL.search(content):
        return Content(None, "ist von unbekannter Art", "is of no known kind")
    if re.match(r"\s*<[!?a-zA-Z]", text) or content.startswith(b"#!"):
        return Content(None, "ist eine Seite, eine Zeichnung oder ein Programm, kein Dokument",
                       "is a page, a drawing or a programme, no document")  # fmt: skip
    return Content("text/plain")


def fits(media_type: str, expected: str) -> bool:
    """Say whether content of one type may carry a name of another: any text may be CSV."""
    return media_type == expected or (media_type == "text/plain" and expected in _TEXTS)
