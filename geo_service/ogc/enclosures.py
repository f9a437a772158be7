"""Whole collections as files, for those who want everything: GeoPackage and FlatGeobuf.

A file is made on demand, from one state of the data, and kept under the dataset version until that changes;
so at most one file per collection, format and language takes room, and asking again costs no work.

A FlatGeobuf is the same bytes whenever and by whichever process it is made, and so it is sent in parts, too: programs
read its index first, and then the features that lie where they look. A GeoPackage holds the time that it was made at.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyogrio

from geo_service import __version__
from geo_service.db.engine import reading_snapshot
from geo_service.db.items import dataset_version
from geo_service.domain.collections import MUNICIPALITIES, Collection
from geo_service.domain.crs import STORAGE_CRS
from geo_service.errors import Message, UnavailableError
from geo_service.ogc.formats.files import FileContent
from geo_service.ogc.formats.tables import PackageContent, credits_of, whole_file
from geo_service.ogc.known import FILE, unknown
from geo_service.ogc.links import Link, link
from geo_service.ogc.negotiation import FLATGEOBUF_FORMAT, GEOPACKAGE_FORMAT, Format, Formats
from geo_service.ogc.responses import Answer

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

ENCLOSURE_FORMATS: Formats = (GEOPACKAGE_FORMAT, FLATGEOBUF_FORMAT)
STEADY_FORMATS: Formats = (FLATGEOBUF_FORMAT,)
# What writes the files, besides the data: the same versions, the same bytes.
WRITTEN_BY = f"{__version__} {pyogrio.__gdal_version__}"
PATIENCE_S = 10.0

_BUSY = Message(
    "Diese Datei wird gerade erstellt. Bitte versuchen Sie es gleich noch einmal.",
    "This file is being made at the moment. Please try again shortly.",
)


class Enclosures:
    """The files that are kept: per collection, format and language the one of the last version."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], tuple[str, FileContent]] = {}
        self._locks: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def turn(self, collection: Collection, chosen: Format) -> Iterator[None]:
        """Let one thread at a time deal with a file; those who wait hold no connection to the database.

        Raises
        ------
        UnavailableError
            Another thread takes too long.
        """
        lock = self._locks[collection.collection_id, chosen.name]
        if not lock.acquire(timeout=PATIENCE_S):
            raise UnavailableError("another thread makes this file", _BUSY, retry_after=30)
        try:
            yield
        finally:
            lock.release()

    def get(
        self, collection: Collection, chosen: Format, language: str, tag: str, make: Callable[[], FileContent]
    ) -> FileContent:
        """Return the file of this `tag`, made now unless it is kept."""
        key = (collection.collection_id, chosen.name, language)
        known = self._kept.get(key)
        if known is None or known[0] != tag:
            known = (tag, make())
            self._kept[key] = known
        return known[1]


def download_formats(file_name: str, **_path: str) -> Formats:
    """Return the one format that the ending of a file's name stands for, if any."""
    return tuple(one for one in ENCLOSURE_FORMATS if file_name.endswith(one.extension))


def download(api: OgcApi, request: OgcRequest, collection_id: str, file_name: str) -> Answer:
    """Answer with a whole collection as a file.

    The entity tag names the version of the data, the language and the address of the profiles. That of a GeoPackage is
    weak, because two files that say the same differ in the time that they were made at.
    """
    collection = api.collection(collection_id)
    if file_name != f"{collection.layer_name}{request.chosen.extension}":
        raise unknown(
            FILE, file_name, (f"{collection.layer_name}{one.extension}" for one in ENCLOSURE_FORMATS)
        )
    chosen = request.chosen
    with api.enclosures.turn(collection, chosen), reading_snapshot(api.engine) as connection:
        version = dataset_version(connection)
        told = f"{request.public_url} {request.language} {WRITTEN_BY}".encode()
        tag = f'"{version}-{hashlib.blake2b(told, digest_size=8).hexdigest()}"'
        if chosen not in STEADY_FORMATS:
            tag = f"W/{tag}"
        headers = {
            "Content-Type": chosen.media_type,
            "Content-Crs": f"<{STORAGE_CRS.crs_uri}>",
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "ETag": tag,
        }
        if chosen in STEADY_FORMATS:
            headers["Accept-Ranges"] = "bytes"
        if request.knows(tag):
            return headers, 200, b""
        credits_ = credits_of(api, collection, request.language)
        content = api.enclosures.get(
            collection,
            chosen,
            request.language,
            tag,
            lambda: whole_file(
                connection,
                collection,
                chosen,
                request.public_url,
                credits_,
                _package(api, request.language) if chosen is GEOPACKAGE_FORMAT else None,
            ),
        )
        return headers, 200, content


def _package(api: OgcApi, language: str) -> PackageContent:
    return PackageContent(language, credits_of(api, MUNICIPALITIES, language), api.map_style.style)


def enclosure_links(api: OgcApi, request: OgcRequest, collection: Collection) -> list[Link]:
    """Return links to the whole collection in each format."""
    url = f"{api.base_url}/collections/{collection.collection_id}/download/{collection.layer_name}"
    title = collection.title.text(request.language)
    return [
        link(
            "enclosure",
            one.media_type,
            request.url(f"{url}{one.extension}"),
            f"{title} ({one.title.text(request.language)}, EPSG:25832)",
        )
        for one in ENCLOSURE_FORMATS
    ]
