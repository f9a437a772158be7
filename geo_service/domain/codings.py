"""Content codings: gzip, br and zstd. The same content always gives the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import zstandard

# Levels for content that is compressed once and sent often. The time stamp of gzip is left out.
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: bytes(brotli.compress(data, quality=6)),
    "zstd": lambda data: zstandard.ZstdCompressor(level=10).compress(data),
    "gzip": lambda data: gzip.compress(data, compresslevel=6, mtime=0),
}
IDENTITY = "identity"
# Below this many bytes, what a coding saves is eaten by the headers that it needs.
MIN_CODED_BYTES = 150


def compress(data: bytes, coding: str) -> bytes:
    """Return `data` in one of `CODINGS`, or as it is for ``identity``."""
    return data if coding == IDENTITY else CODINGS[coding](data)


def choose_coding(accept_encoding: str) -> str:
    """Return the coding to answer in: the client's favourite, and of equals the one that saves most.

    Parameters
    ----------
    accept_encoding : str
        The header of the request (RFC 9110, section 12.5.3); empty when there is none.

    Returns
    -------
    str
        A key of `CODINGS`, or ``identity``, also where the client would rather have nothing than that.
    """
    wanted = _qualities(accept_encoding)
    others = wanted.get("*", 0.0)
    best, best_quality = IDENTITY, wanted.get(IDENTITY, 0.0)
    for coding in CODINGS:
        quality = wanted.get(coding, others)
        if quality > best_quality or (quality == best_quality > 0 and best == IDENTITY):
            best, best_quality = coding, quality
    return best


def _qualities(accept_encoding: str) -> dict[str, float]:
    found = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            quality = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            quality = 0.0
        if coding.strip():
            found[coding.strip().replace("x-gzip", "gzip")] = quality if 0 <= quality <= 1 else 0.0
    return found
