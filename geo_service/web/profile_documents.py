"""The documents of a profile as downloads: whole or in parts, and nothing runs what they contain."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Blueprint, Response, request

from geo_service.db.documents import DocumentFile, DocumentStream, find_document
from geo_service.db.engine import reading
from geo_service.db.profiles import find_withdrawal, is_published
from geo_service.errors import NotFoundError
from geo_service.ogc.responses import asks_for_a_part
from geo_service.web.context import shared
from geo_service.web.messages import NO_DOCUMENT
from geo_service.web.persistent import absent, redirect

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})

blueprint = Blueprint("profile_documents", __name__, url_prefix="/profiles")


@blueprint.get("/<area_id>/documents/<file_name>")
def document(area_id: str, file_name: str) -> Response:
    """Answer a document, or the part of it that ``Range`` asks for."""
    engine = shared().engine
    with reading(engine) as connection:
        found = find_document(connection, area_id, file_name)
        if found is None:
            if not is_published(connection, area_id):
                gone = find_withdrawal(connection, area_id)
                # One that was merged may have had another document of this name.
                if gone is not None and gone.successor_id is not None and gone.is_same:
                    return redirect(301, f"/profiles/{gone.successor_id}/documents/{file_name}")
                raise absent(area_id, gone)
            raise NotFoundError(f"no document {file_name!r} of area {area_id!r}", NO_DOCUMENT)
    response = Response(DocumentStream(engine, found), mimetype=found.media_type, direct_passthrough=True)
    response.content_length = found.size_bytes
    response.set_etag(found.sha256)
    response.headers.update(_headers(found))
    response.headers["Accept-Ranges"] = "bytes"
    if not asks_for_a_part(request):
        return response.make_conditional(request)
    return response.make_conditional(request, accept_ranges=True, complete_length=found.size_bytes)


def _headers(found: DocumentFile) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition(found.file_name),
        "Cache-Control": "no-cache",
        # Should a browser show it after all, then without scripts, forms or an origin.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Disposition, Content-Length, Content-Range, ETag",
    }


def content_disposition(file_name: str) -> str:
    """Return the header for a download with any name (RFC 6266): in ASCII for old readers, and as it is."""
    plain = unicodedata.normalize("NFKD", file_name.translate(_GERMAN)).encode("ascii", "ignore").decode()
    plain = "".join(
        "_" if character in '"\\%' or not character.isprintable() else character for character in plain
    )
    header = f'attachment; filename="{plain}"'
    if plain != file_name:
        header += f"; filename*=UTF-8''{quote(file_name, safe='')}"
    return header
