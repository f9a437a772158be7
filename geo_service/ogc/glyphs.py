"""Glyphs for labels: signed distance fields of an open font, made on this machine when they are first asked for.

MapLibre, Mapbox GL and their relatives fetch them in ranges of 256 characters as protocol buffers. The font is
Noto Sans (SIL Open Font License 1.1), which the set-up installs beside the map library; a browser asks nobody else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo_service.ogc.truetype import Font, Outline

FONT_STACK = "Noto Sans Regular"
FONT_DIR = Path("@fontsource", "noto-sans", "files")  # below the directory of what the set-up installed
LAST_RANGE = 255  # the last 256 characters of the Basic Multilingual Plane

# What all renderers of these glyphs expect: pixels per em, empty margin, reach of the distance, value of the edge.
EM, BUFFER, RADIUS, CUTOFF = 24, 3, 8, 0.25

Plane = npt.NDArray[np.float64]


class FontFace(NamedTuple):
    """One file of the font, and which characters it is good for (as in CSS)."""

    file_name: str
    unicode_range: str


FONT_FACES = (
    FontFace(
        "noto-sans-latin-400-normal.woff",
        "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
        "U+2212",
    ),
    FontFace(
        "noto-sans-latin-ext-400-normal.woff",
        "U+0100-0130, U+0132-0151, U+0154-02BA, U+02BD-02C5, U+1E00-1EFF, U+20A0-20AB, U+20AD-20C0",
    ),
)
FONT_FILES = tuple(face.file_name for face in FONT_FACES)


@cache
def fonts(directory: Path) -> tuple[Font, ...]:
    """Return the font, which comes in files by script; the first one that has a character wins."""
    return tuple(Font((directory / name).read_bytes()) for name in FONT_FILES)


@cache
def glyph_range(number: int, directory: Path) -> bytes:
    """Return the characters ``number * 256`` to ``number * 256 + 255`` of the font in `directory`, encoded.

    A range without any glyph is there, too, and empty: renderers drop a whole tile of labels for a missing one.
    """
    first = number * 256
    glyphs = [
        encoded
        for code in range(first, first + 256)
        if (font := next((one for one in fonts(directory) if chr(code) in one), None))
        and (encoded := _glyph(font, code))
    ]
    stack = _text(1, FONT_STACK.encode()) + _text(2, f"{first}-{first + 255}".encode())
    return _text(1, stack + b"".join(_text(3, one) for one in glyphs))


def _glyph(font: Font, code: int) -> bytes:
    glyph = font.glyph(chr(code))
    scale = EM / font.units_per_em
    fields = _number(1, code)
    advance = round(glyph.advance * scale)
    if not glyph.outlines:
        return fields + _number(3, 0) + _number(4, 0) + _signed(5, 0) + _signed(6, 0) + _number(7, advance)
    outlines = [outline * scale for outline in glyph.outlines]
    points = np.concatenate(outlines)
    left, bottom = (math.floor(value) for value in points.min(axis=0))
    right, top = (math.ceil(value) for value in points.max(axis=0))
    width, height = right - left, top - bottom
    bitmap = distance_field(outlines, left, top, width, height)
    ascent = math.ceil(font.ascent * scale)
    return (
        fields
        + _text(2, bitmap.tobytes())
        + _number(3, width)
        + _number(4, height)
        + _signed(5, left)
        + _signed(6, top - ascent)
        + _number(7, advance)
    )


def distance_field(
    outlines: Iterable[Outline], left: int, top: int, width: int, height: int
) -> npt.NDArray[np.uint8]:
    """Return how far each pixel is from the edge: 192 on it, more inside.

    Parameters
    ----------
    outlines : iterable of array
        Closed lines in pixels, y upwards; filled by the nonzero rule.
    left, top, width, height : int
        The box of the outlines in whole pixels; the picture is larger by the margin on every side.
    """
    x = left - BUFFER + 0.5 + np.arange(width + 2 * BUFFER)
    y = top + BUFFER - 0.5 - np.arange(height + 2 * BUFFER)
    px, py = (plane[..., None] for plane in np.meshgrid(x, y))
    starts = np.concatenate([outline[:-1] for outline in outlines])
    ends = np.concatenate([outline[1:] for outline in outlines])
    kept = np.any(starts != ends, axis=1)
    (ax, ay), (bx, by) = starts[kept].T, ends[kept].T
    dx, dy = bx - ax, by - ay
    along = np.clip(((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy), 0, 1)
    distance = np.hypot(px - ax - along * dx, py - ay - along * dy).min(axis=-1)
    left_of = dx * (py - ay) - (px - ax) * dy > 0
    up, down = (ay <= py) & (by > py) & left_of, (ay > py) & (by <= py) & ~left_of
    inside = up.sum(axis=-1) != down.sum(axis=-1)
    signed = np.where(inside, -distance, distance)
    value: Plane = 255 - 255 * (signed / RADIUS + CUTOFF)
    return np.clip(value.round(), 0, 255).astype(np.uint8)


def _varint(value: int) -> bytes:
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    return bytes(result)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _signed(field: int, value: int) -> bytes:
    return _number(field, value * 2 if value >= 0 else -value * 2 - 1)


def _text(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value
