"""Draw irregular, natural-looking areas: seeded, so that the same name always gives the same shape.

Coordinates are metres in EPSG:25832 (easting, northing); rings are open (first vertex not repeated),
counter-clockwise and star-shaped around a centre but for small steps along the streets. Only the standard
library computes here: no coordinate depends on a geometry library's version.
"""

from __future__ import annotations

import math
from random import Random

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]

HECTARE = 10_000.0


def ring_area(ring: Ring) -> float:
    """Return the plane area in square metres; negative for a clockwise ring."""
    total = 0.0
    x0, y0 = ring[0]
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        total += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    return total / 2


def area(polygons: list[Polygon]) -> float:
    """Return the plane area in square metres, holes taken off."""
    return sum(
        abs(ring_area(rings[0])) - sum(abs(ring_area(hole)) for hole in rings[1:]) for rings in polygons
    )


def radii(random: Random, angles: list[float], roughness: float) -> list[float]:
    """Return a smooth random radius around 1 for each angle (radians): a few low waves, a little grain."""
    waves = [
        (n, random.random() * math.tau, roughness * random.uniform(0.5, 1.0) / n) for n in (2, 3, 4, 5, 7)
    ]
    return [
        max(0.35, 1 + sum(a * math.cos(n * angle + phase) for n, phase, a in waves))
        * random.uniform(0.96, 1.04)
        for angle in angles
    ]


def blob(
    random: Random, vertices: int, roughness: float = 0.3, stretch: float = 1.0, bearing: float = 0.0
) -> Ring:
    """Draw one ring of unit size around the origin.

    Parameters
    ----------
    random : Random
        Source of all chance.
    vertices : int
        Number of vertices; they stand at uneven angles, as street corners do.
    roughness : float
        0 is a circle; 0.3 a town quarter.
    stretch : float
        Length over width.
    bearing : float
        Direction of the long axis in degrees, counter-clockwise from east.
    """
    step = math.tau / vertices
    angles = [(i + random.uniform(-0.38, 0.38)) * step for i in range(vertices)]
    turn = math.radians(bearing)
    ring = []
    for angle, radius in zip(angles, radii(random, angles, roughness), strict=True):
        x, y = radius * math.cos(angle) * math.sqrt(stretch), radius * math.sin(angle) / math.sqrt(stretch)
        ring.append((x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)))
    return ring


def along_streets(random: Random, corners: Ring) -> Ring:
    """Make a boundary out of corners: longer edges step back around a block of houses or bend a little."""
    size = math.sqrt(abs(ring_area(corners)))
    result: Ring = []
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        result.append((x1, y1))
        dx, dy = x2 - x1, y2 - y1
        length = math.hypot(dx, dy)
        chance = random.random()
        depth = random.uniform(0.02, 0.055) * size / length
        begin, end = random.uniform(0.2, 0.4), random.uniform(0.6, 0.8)
        if length > 0.2 * size and chance < 0.45:
            # Inward is to the left of a counter-clockwise edge.
            inward = (-dy * depth, dx * depth)
            for part, deep in ((begin, 0), (begin, 1), (end, 1), (end, 0)):
                result.append((x1 + dx * part + inward[0] * deep, y1 + dy * part + inward[1] * deep))
        elif length > 0.12 * size and chance < 0.9:
            bend = depth * random.choice((-0.7, 0.7))
            result.append((x1 + dx * begin - dy * bend, y1 + dy * begin + dx * bend))
    return result


def place(ring: Ring, centre: Point, scale: float) -> Ring:
    """Enlarge a ring around the origin by `scale` and move it to `centre`."""
    return [(centre[0] + x * scale, centre[1] + y * scale) for x, y in ring]


def drawn(polygons: list[Polygon], centre: Point, hectares: float) -> list[Polygon]:
    """Scale shapes around the origin to `hectares` in all, move them to `centre`, round to millimetres."""
    scale = math.sqrt(hectares * HECTARE / area(polygons))
    return rounded([[place(ring, centre, scale) for ring in rings] for rings in polygons])


def rounded(polygons: list[Polygon]) -> list[Polygon]:
    """Round all coordinates to millimetres."""
    return [[[(round(x, 3), round(y, 3)) for x, y in ring] for ring in rings] for rings in polygons]


def with_hole(random: Random, ring: Ring) -> Polygon:
    """Cut a smaller, different shape out of the middle."""
    reach = 0.42 * min(math.hypot(x, y) for x, y in ring)
    hole = place(blob(random, 11, 0.2), (random.uniform(-0.2, 0.2) * reach, 0.0), reach)
    return [ring, hole[::-1]]


def in_parts(random: Random, vertices: int, bearing: float, hole: bool = False) -> list[Polygon]:
    """Draw two shapes beside each other, as on the two banks of a canal; `hole` cuts one into the larger."""
    first = along_streets(random, blob(random, vertices, 0.25, 1.7, bearing))
    large = with_hole(random, first) if hole else [first]
    second = place(along_streets(random, blob(random, 9, 0.25, 1.7, bearing)), (0.0, 0.0), 0.72)
    turn = math.radians(bearing)
    along, across = (math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))

    def reach(ring: Ring, sign: int) -> float:
        return max(sign * (x * across[0] + y * across[1]) for x, y in ring)

    gap, shift = reach(first, 1) + reach(second, -1) + 0.12, random.uniform(-0.3, 0.3)
    half = ((across[0] * gap + along[0] * shift) / 2, (across[1] * gap + along[1] * shift) / 2)
    return [[place(ring, (-half[0], -half[1]), 1) for ring in large], [place(second, half, 1)]]


def halves(random: Random, ring: Ring) -> tuple[Ring, Ring]:
    """Divide a ring around the origin along a crooked street; both sides share its vertices."""
    count = len(ring)
    start, end = 0, count // 2
    (x1, y1), (x2, y2) = ring[start], ring[end]
    street = [
        (x1 * k + random.uniform(-0.07, 0.07), y1 * k + random.uniform(-0.07, 0.07)) for k in (0.7, 0.35)
    ]
    street += [
        (x2 * k + random.uniform(-0.07, 0.07), y2 * k + random.uniform(-0.07, 0.07)) for k in (0.3, 0.65)
    ]
    return ring[start : end + 1] + street[::-1], ring[end:] + ring[:1] + street


def smaller(ring: Ring, toward: float, share: float) -> Ring:
    """Return an earlier version: pulled in around the bearing `toward` (degrees) to `share` of its reach.

    The rest of the boundary keeps its vertices, as when a council adds a few streets on one side.
    """
    centre = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
    result = []
    for x, y in ring:
        dx, dy = x - centre[0], y - centre[1]
        turned = (math.degrees(math.atan2(dy, dx)) - toward + 180) % 360 - 180
        factor = share if abs(turned) < 65 else 1.0
        result.append((centre[0] + dx * factor, centre[1] + dy * factor))
    return result


def town_centre(random: Random, centre: Point, quarters: list[str]) -> dict[str, Polygon]:
    """Divide a town's middle into a ``centre`` and `quarters` around it that share their borders exactly."""
    per_quarter = 6
    count = per_quarter * len(quarters)
    inner = place(blob(random, count, 0.2), centre, 470)
    outer = place(blob(random, count, 0.3), centre, 1180)
    spokes = []
    for number in range(len(quarters)):
        (x1, y1), (x2, y2) = inner[number * per_quarter], outer[number * per_quarter]
        spokes.append(
            [
                (x1 + (x2 - x1) * k + random.uniform(-45, 45), y1 + (y2 - y1) * k + random.uniform(-45, 45))
                for k in (0.25, 0.5, 0.75)
            ]
        )
    result: dict[str, Polygon] = {"centre": [inner]}
    for number, quarter in enumerate(quarters):
        begin, end = number * per_quarter, (number + 1) * per_quarter
        indexes = [i % count for i in range(begin, end + 1)]
        result[quarter] = [
            [outer[i] for i in indexes]
            + spokes[(number + 1) % len(quarters)][::-1]
            + [inner[i] for i in reversed(indexes)]
            + spokes[number]
        ]
    return result
