"""Asks a geocoder for addresses: one that speaks as Nominatim does, whose address is in the settings.

It is asked by the server, so that a visitor's browser talks to nobody else. What it answers is text from
outside: bounded, checked, and its failures are words.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from geo_service import __version__
from geo_service.domain.places import VALID_AREA, in_valid_area
from geo_service.settings import Settings

MAX_ANSWER_BYTES = 500_000
MAX_HITS = 6
# Each question holds a thread of this process until it is answered; the others are for the pages.
_AT_ONCE = threading.BoundedSemaphore(3)


class GeocoderError(Exception):
    """The geocoder did not answer, or not in a way that can be read."""


@dataclass(frozen=True)
class GeocodedPlace:
    """One place that the geocoder named, in degrees."""

    name: str
    lon: float
    lat: float


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Whoever configured one host did not mean another."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def geocode(settings: Settings, words: str, language: str) -> list[GeocodedPlace]:
    """Return places in and around North Rhine-Westphalia for an address.

    Raises
    ------
    GeocoderError
        No answer within ``geocoder_timeout_s``, an error, or too many questions at once.
    """
    west, south, east, north = VALID_AREA
    query = urlencode(
        {
            "q": words,
            "format": "jsonv2",
            "limit": MAX_HITS,
            "countrycodes": "de",
            "viewbox": f"{west},{north},{east},{south}",
            "bounded": 1,
            "accept-language": language,
        }
    )
    address = settings.geocoder_url
    request = urllib.request.Request(  # noqa: S310 - the settings allow http and https only
        f"{address}{'&' if '?' in address else '?'}{query}",
        headers={"User-Agent": f"geo-service/{__version__}", "Accept": "application/json"},
    )
    if not _AT_ONCE.acquire(blocking=False):
        raise GeocoderError("too many questions at once")
    try:
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler())
        with opener.open(request, timeout=settings.geocoder_timeout_s) as answer:
            content = _within(answer, time.monotonic() + settings.geocoder_timeout_s)
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
        raise GeocoderError(f"no answer: {type(error).__name__}") from error
    finally:
        _AT_ONCE.release()
    if len(content) > MAX_ANSWER_BYTES:
        raise GeocoderError("an answer that is too long")
    return _read(content)


def _within(answer: Any, deadline: float) -> bytes:
    """Read to the end or to the limit; who answers a byte at a time does not hold us for ever."""
    content = b""
    while chunk := answer.read1(65_536):
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            break
        if time.monotonic() > deadline:
            raise TimeoutError
    return content


def _read(content: bytes) -> list[GeocodedPlace]:
    try:
        hits = json.loads(content)
        places = [
            GeocodedPlace(str(hit["display_name"])[:200], float(hit["lon"]), float(hit["lat"]))
            for hit in hits[:MAX_HITS]
        ]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise GeocoderError("an answer that cannot be read") from error
    return [place for place in places if in_valid_area(place.lon, place.lat)]
