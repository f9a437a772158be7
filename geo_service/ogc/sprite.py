"""The map's own symbols, drawn from the palette in the map style: no image files, one palette.

A style names its symbols by a sprite: one PNG and one JSON that says where each lies in it. The four symbols
differ in shape and the patterns in texture, so that nobody has to tell colours apart.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo_service.domain.map_look import (
    CELL,
    DOT_RADIUS,
    HALO,
    HATCH_WIDTH,
    PATTERN_ALPHA,
    PATTERN_CELL,
    RING_WIDTH,
    SYMBOL_SIZE,
)

Plane = npt.NDArray[np.float64]

_WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Sprite:
    """A sprite sheet: the PNG and, for its JSON, where each symbol lies."""

    png: bytes
    index: Mapping[str, Mapping[str, int]]


def draw_sprite(palette: Mapping[str, Mapping[str, Any]], pixel_ratio: int) -> Sprite:
    """Draw the symbols ``status-…`` and patterns ``pattern-…`` of each status.

    Parameters
    ----------
    palette : mapping
        ``{status: {"colour": "#rrggbb", "shape": …, "pattern": …}}``
    pixel_ratio : int
        Device pixels per CSS pixel, 1 or 2.
    """
    pictures = {}
    for status, look in palette.items():
        colour = _rgb(look["colour"])
        pictures[f"status-{status}"] = _symbol(look["shape"], colour, CELL * pixel_ratio)
        if look["pattern"] in PATTERN_ALPHA:
            pictures[f"pattern-{status}"] = _pattern(look["pattern"], colour, PATTERN_CELL * pixel_ratio)
    return _sheet(pictures, pixel_ratio)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _grid(size: int) -> tuple[Plane, Plane]:
    """Return x and y of each pixel's middle, from -1 to 1 over the picture, y downwards."""
    axis = (np.arange(size) + 0.5) / size * 2 - 1
    y, x = np.meshgrid(axis, axis, indexing="ij")
    return x, y


def _distance(shape: str, x: Plane, y: Plane) -> Plane:
    """Signed distance to the shape's edge, negative inside."""
    if shape == "square":
        return np.maximum(abs(x), abs(y)) - SYMBOL_SIZE[shape]
    if shape == "triangle":
        slanted = (abs(x) * 1.732 - (y + 0.66)) / 2  # sides at 60 degrees, apex at the top
        return np.maximum(slanted, y - (2 * SYMBOL_SIZE[shape] - 0.66))
    return np.hypot(x, y) - SYMBOL_SIZE.get(shape, SYMBOL_SIZE["circle"])


def _coverage(distance: Plane, size: int) -> Plane:
    """How much of each pixel is inside: anti-aliasing over the width of one pixel."""
    return np.clip(0.5 - distance * size / 2, 0, 1)


def _symbol(shape: str, colour: tuple[int, int, int], size: int) -> npt.NDArray[np.uint8]:
    distance = _distance(shape, *_grid(size))
    body, halo = _coverage(distance, size), _coverage(distance - HALO, size)
    if shape == "ring":
        body = body - _coverage(distance + RING_WIDTH, size)
    return _blend(body, colour, halo)


def _pattern(pattern: str, colour: tuple[int, int, int], size: int) -> npt.NDArray[np.uint8]:
    x, y = _grid(size)
    if pattern == "hatch":
        along = np.mod((x + y) / 2, 1)  # one line per tile, and it continues in the next
        distance = (abs(along - 0.5) - HATCH_WIDTH / 2) * 1.414
    else:
        distance = np.hypot(x, y) - DOT_RADIUS
    alpha = _coverage(distance, size) * PATTERN_ALPHA[pattern]
    return _blend(alpha, colour, alpha)


def _blend(body: Plane, colour: tuple[int, int, int], halo: Plane) -> npt.NDArray[np.uint8]:
    """Lay the coloured body over a white halo; RGBA, not premultiplied."""
    alpha = np.maximum(body, halo)
    share = np.divide(body, alpha, out=np.zeros_like(body), where=alpha > 0)[..., None]
    rgb = np.array(colour) * share + np.array(_WHITE) * (1 - share)
    return np.dstack([rgb, alpha * 255]).round().astype(np.uint8)


def _sheet(pictures: Mapping[str, npt.NDArray[np.uint8]], pixel_ratio: int) -> Sprite:
    cell = CELL * pixel_ratio
    sheet = np.zeros((cell, cell * max(1, len(pictures)), 4), dtype=np.uint8)
    index = {}
    for column, (name, picture) in enumerate(pictures.items()):
        height, width = picture.shape[:2]
        sheet[:height, column * cell : column * cell + width] = picture
        index[name] = {
            "x": column * cell,
            "y": 0,
            "width": width,
            "height": height,
            "pixelRatio": pixel_ratio,
        }
    return Sprite(_png(sheet), index)


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Encode RGBA as PNG (ISO/IEC 15948): colour type 6, filter 0 on every row."""
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )
