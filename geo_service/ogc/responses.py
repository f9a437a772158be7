"""From ``(headers, status, content)``, the shape of pygeoapi's functions, to an HTTP response.

Entity tags are hashes of content, so that after an edit only what changed gets a new one. Where nobody else has made
one they are weak, because what stands before the application may still code the content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from flask import Request, Response

from geo_service.domain.codings import IDENTITY, MIN_CODED_BYTES, choose_coding, compress
from geo_service.ogc.formats.files import FileContent

Content = bytes | str | FileContent
Answer = tuple[Mapping[str, str], int, Content]

# Answers may be kept by everybody, but each use asks first; that costs a 304 and shows every edit at once.
CACHE_CONTROL = "public, no-cache"


def content_etag(*parts: bytes | str) -> str:
    """Return a weak entity tag for content in parts; what is not passed (a time stamp) does not count."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
    return f'W/"{digest.hexdigest()}"'


def make_response(answer: Answer, request: Request, language: str) -> Response:
    """Complete an answer: entity tag (unless it brings one), language, caching; 304 where it is known."""
    headers, status, content = answer
    if isinstance(content, FileContent):
        response = Response(iter(content), status=status)
        response.content_length = content.size
    else:
        response = Response(content, status=status)
    response.headers.update(headers)
    if status == 204:
        del response.headers["Content-Type"]
    response.headers.setdefault("Content-Language", language)
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    response.headers.setdefault("Vary", "Accept, Accept-Language")
    if status in (200, 204):
        if not isinstance(content, FileContent) and "ETag" not in response.headers:
            response.headers["ETag"] = content_etag(content, language)
        if response.mimetype == "text/html":
            return code_and_compare(response, request)
        in_parts = isinstance(content, FileContent) and "Accept-Ranges" in response.headers
        if in_parts and asks_for_a_part(request):
            response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)
        else:
            response.make_conditional(request)
    return response


def asks_for_a_part(request: Request) -> bool:
    """Tell whether one part is asked for; to all else that ``Range`` may say, the whole is a good answer.

    RFC 9110, sections 14.2 (it means something for GET alone) and 15.3.7 (several parts need not be answered as such).
    """
    asked = request.range if request.method == "GET" else None
    return asked is not None and asked.units == "bytes" and len(asked.ranges) == 1


def code_and_compare(response: Response, request: Request) -> Response:
    """Compress an answer for a client that takes it, and answer 304 to one that has it.

    A strong entity tag is that of one coding, so each gets its own. A page of four hundred rows is a twentieth then,
    for less than a millisecond. There is no secret in a page that its length could tell of: nobody is logged in.
    """
    if response.is_streamed or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response.make_conditional(request)
    response.vary.add("Accept-Encoding")
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    content = response.get_data()
    if coding == IDENTITY or len(content) < MIN_CODED_BYTES:
        return response.make_conditional(request)
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:
        response.set_etag(f"{tag}-{coding}")
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(compress(content, coding))
        response.headers["Content-Encoding"] = coding
    return response


def options_response(methods: Iterable[str]) -> Response:
    """Answer ``OPTIONS`` with the methods that are true for the resource."""
    response = Response(status=204, headers={"Allow": ", ".join(methods)})
    del response.headers["Content-Type"]
    return response
