"""Outlines of a TrueType font that comes as WOFF 1.0: as much of the format as our own label fonts use.

WOFF File Format 1.0 (W3C), sections 3 and 4; OpenType 1.9, tables cmap (format 4), loca, glyf, hmtx.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Outline = npt.NDArray[np.float64]

# Flags of a point (OpenType, "Simple Glyph Description") and of a component ("Composite Glyph Description").
_ON_CURVE, _X_SHORT, _Y_SHORT, _REPEAT, _X_SAME, _Y_SAME = 1, 2, 4, 8, 16, 32
_WORDS, _ARE_XY, _SCALES, _MORE = 1, 2, 8 | 64 | 128, 32
_STEPS = np.linspace(0, 1, 6)[1:, None]  # a curve becomes this many straight lines


@dataclass(frozen=True)
class Glyph:
    """The shape of one character in font units, y upwards: closed outlines of shape (n, 2), and its advance."""

    outlines: tuple[Outline, ...]
    advance: int


class Font:
    """A font read from bytes; the glyphs are decoded one by one, when they are asked for.

    Raises
    ------
    ValueError
        No WOFF 1.0, or it uses what this reader does not know.
    """

    def __init__(self, data: bytes) -> None:
        self._tables = dict(_tables(data))
        self.units_per_em: int = struct.unpack_from(">H", self._tables["head"], 18)[0]
        self.ascent: int = struct.unpack_from(">h", self._tables["hhea"], 4)[0]
        self._metrics_count: int = struct.unpack_from(">H", self._tables["hhea"], 34)[0]
        long_offsets = struct.unpack_from(">h", self._tables["head"], 50)[0]
        loca = np.frombuffer(self._tables["loca"], ">u4" if long_offsets else ">u2").astype(np.int64)
        self._offsets = loca if long_offsets else loca * 2
        self._indices = _characters(self._tables["cmap"])

    def __contains__(self, character: str) -> bool:
        return ord(character) in self._indices

    def glyph(self, character: str) -> Glyph:
        """Return the glyph of a character that the font has."""
        index = self._indices[ord(character)]
        metric = min(index, self._metrics_count - 1)
        (advance,) = struct.unpack_from(">H", self._tables["hmtx"], metric * 4)
        return Glyph(tuple(self._outlines(index)), advance)

    def _outlines(self, index: int) -> Iterator[Outline]:
        start, end = self._offsets[index], self._offsets[index + 1]
        if start == end:
            return
        data = self._tables["glyf"][start:end]
        (number,) = struct.unpack_from(">h", data)
        if number >= 0:
            yield from _simple(data, number)
            return
        for component, dx, dy in _components(data):
            for outline in self._outlines(component):
                yield outline + np.array([dx, dy])


def _tables(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:8] != b"wOFF\0\1\0\0":
        raise ValueError("This is no TrueType font in a WOFF 1.0 file")
    (number,) = struct.unpack_from(">H", data, 12)
    for entry in range(number):
        tag, offset, packed, length, _ = struct.unpack_from(">4s4I", data, 44 + entry * 20)
        table = data[offset : offset + packed]
        yield tag.decode("ascii"), zlib.decompress(table) if packed < length else table


def _characters(cmap: bytes) -> dict[int, int]:
    """Return the glyph index of each character (Unicode, Basic Multilingual Plane)."""
    (number,) = struct.unpack_from(">H", cmap, 2)
    offsets = [struct.unpack_from(">I", cmap, 8 + entry * 8)[0] for entry in range(number)]
    start = next((at for at in offsets if struct.unpack_from(">H", cmap, at)[0] == 4), None)
    if start is None:
        raise ValueError("The font has no character table of format 4")
    (double,) = struct.unpack_from(">H", cmap, start + 6)
    count = double // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{count}H", cmap, start + 14 + part * double + (2 if part else 0))
        for part in range(4)
    )
    range_at = start + 16 + 3 * double
    result = {}
    for segment in range(count):
        for code in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            index = code
            if ranges[segment]:
                at = range_at + segment * 2 + ranges[segment] + (code - starts[segment]) * 2
                (index,) = struct.unpack_from(">H", cmap, at)
            if index or not ranges[segment]:
                result[code] = (index + deltas[segment]) & 0xFFFF
    return {code: index for code, index in result.items() if index}


def _components(data: bytes) -> Iterator[tuple[int, int, int]]:
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, index = struct.unpack_from(">HH", data, at)
        if flags & _SCALES or not flags & _ARE_XY:
            raise ValueError("The font has composite glyphs of a kind that is not supported")
        dx, dy = struct.unpack_from(">hh" if flags & _WORDS else ">bb", data, at + 4)
        at += 8 if flags & _WORDS else 6
        yield index, dx, dy


def _simple(data: bytes, number: int) -> Iterator[Outline]:
    ends = struct.unpack_from(f">{number}H", data, 10)
    at = 10 + 2 * number
    at += 2 + struct.unpack_from(">H", data, at)[0]  # over the instructions
    flags: list[int] = []
    while len(flags) < ends[-1] + 1:
        flag, repeated = data[at], 1
        at += 1
        if flag & _REPEAT:
            repeated += data[at]
            at += 1
        flags += [flag] * repeated
    xs, at = _axis(data, at, flags, _X_SHORT, _X_SAME)
    ys, _ = _axis(data, at, flags, _Y_SHORT, _Y_SAME)
    points = np.column_stack([xs, ys]).astype(float)
    on_curve = np.array(flags) & _ON_CURVE > 0
    start = 0
    for end in ends:
        yield _flatten(points[start : end + 1], on_curve[start : end + 1])
        start = end + 1


def _axis(data: bytes, at: int, flags: list[int], short: int, same: int) -> tuple[list[int], int]:
    value, values = 0, []
    for flag in flags:
        if flag & short:
            value += data[at] if flag & same else -data[at]
            at += 1
        elif not flag & same:
            value += struct.unpack_from(">h", data, at)[0]
            at += 2
        values.append(value)
    return values, at


def _flatten(points: Outline, on_curve: npt.NDArray[np.bool_]) -> Outline:
    """Turn lines and quadratic curves into a closed line; between two points off the curve lies one on it."""
    full: list[tuple[Outline, bool]] = []
    for index, point in enumerate(points):
        if not on_curve[index] and not on_curve[index - 1]:
            full.append(((points[index - 1] + point) / 2, True))
        full.append((point, bool(on_curve[index])))
    first = next(index for index, (_, on) in enumerate(full) if on)
    full = full[first:] + full[: first + 1]
    line = [full[0][0][None]]
    for (before, _), (point, on), (after, _) in zip(full, full[1:], full[2:], strict=False):
        if on:
            line.append(point[None])
        else:
            line.append((1 - _STEPS) ** 2 * before + 2 * (1 - _STEPS) * _STEPS * point + _STEPS**2 * after)
    return np.concatenate([*line, full[-1][0][None]])
