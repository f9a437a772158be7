"""What is asked: each row is one question, to the service, to the floor and, where it can be asked there, to peers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import mapbox_vector_tile
from pyproj import Transformer

from benchmarks.client import BadAnswer, Client
from benchmarks.synthetic import largest_town
from geo_service.domain.query import TileId
from geo_service.domain.tiling import GRIDS

ITEMS = "/api/collections/programme-areas/items"
TILES = "/api/collections/programme-areas/tiles/WebMercatorQuad"
LEVELS = (6, 8, 10, 12, 14)
UTM_32 = "http://www.opengis.net/def/crs/EPSG/0/25832"
# A tile takes 10,000 features (mvt_max_features), of which some touch it with their boxes only; where that many are in
# it, the floor has others as well.
TILE_FEATURES = 9_000
# In the margin of a tile, and of what is smaller than a cell, each server draws a little less or more.
NEARLY_ALL = 0.9
TOLERANCE = {"degrees": 2e-7, "metres": 0.02}


@dataclass(frozen=True)
class Row:
    """One question.

    Attributes
    ----------
    service, floor : str
        Path and query at each.
    aim : float
        The highest quotient of the times, service by floor, that counts as reached.
    peer : tuple of str
        Path and query behind the address of a collection at a peer, or ``z/x/y`` of a tile; the first that is answered.
    unit : str
        Of the coordinates in GeoJSON; ``tile`` for a tile.
    holds : callable, optional
        Whether a feature (GeoJSON) belongs into the answer: there are peers that leave out what they do not understand.
    """

    name: str
    service: str
    floor: str
    aim: float
    peer: tuple[str, ...] = ()
    unit: str = "degrees"
    holds: Callable[[dict], bool] | None = None


def rows(areas: int, service_url: str) -> Iterator[Row]:
    """Return the questions to a database of so many areas."""
    item = f"beispiel-{areas // 2}"
    yield Row(
        "single item", f"{ITEMS}/{item}", f"/item?p={item}", 2.0, (f"/items/{item}", f"/items/{areas // 2}")
    )
    for limit, aim in ((10, 1.0), (100, 0.7), (1_000, 0.5)):
        if limit <= areas:
            path = f"?limit={limit}"
            yield Row(f"items {limit:,}", f"{ITEMS}{path}", f"/items?p={limit}", aim, (f"/items{path}",))
    yield from _chosen()
    yield Row("first page 10", f"{ITEMS}?limit=10", "/items?p=10", 1.0)
    yield Row(
        "last page 10",
        _last_page(service_url, areas),
        f"/behind?p=10&p={areas - 10}",
        1.0,
        (f"/items?limit=10&offset={areas - 10}",),
        holds=lambda feature: int(feature["properties"]["area_id"].rpartition("-")[2]) > 0.9 * areas,
    )
    for level in LEVELS:
        tile = middle_tile(level)
        path = f"{TILES}/{level}/{tile.y}/{tile.x}"
        parameters = f"/tile?p={level}&p={tile.x}&p={tile.y}"
        yield Row(f"tile z{level}", path, parameters, 0.8, (f"{level}/{tile.x}/{tile.y}",), "tile")


def _chosen() -> Iterator[Row]:
    """Return the questions to a part of the areas, or to another CRS, which a peer may pass over."""
    west, south, east, north = _box()
    box = f"bbox={west},{south},{east},{north}"
    sides = "".join(f"&p={side}" for side in (west, south, east, north))
    yield Row(
        "bbox 100",
        f"{ITEMS}?{box}&limit=100",
        f"/box?p=100{sides}",
        1.0,
        (f"/items?{box}&limit=100",),
        holds=lambda feature: _touches_box(feature, west, south, east, north),
    )
    condition = quote("status = 'ongoing'")
    filtered = f"?filter={condition}&limit=100"
    peer = f"/items{filtered}", "/items?status=ongoing&limit=100"
    yield Row(
        "filter 100",
        f"{ITEMS}{filtered}",
        "/status?p=100&p=ongoing",
        1.0,
        peer,
        holds=lambda feature: feature["properties"]["status"] == "ongoing",
    )
    metres = f"?crs={quote(UTM_32, safe='')}&limit=100"
    # Others know the CRS under other names.
    old = quote("http://www.opengis.net/def/crs/EPSG/9.6.2/25832", safe="")
    peer = f"/items{metres}", f"/items?crs={old}&limit=100", "/items?crs=25832&limit=100"
    yield Row(
        "EPSG:25832 100",
        f"{ITEMS}{metres}",
        "/metres?p=100",
        1.0,
        peer,
        unit="metres",
        holds=lambda feature: max(_numbers(feature["geometry"])) > 180,
    )


def check(row: Row, service_url: str, floor_url: str) -> tuple[str, bool]:
    """Compare both answers: the same features with the same geometry.

    Return the size of ours, and whether the floor answers at all: it gives up after some time.

    Raises
    ------
    BadAnswer
        They differ, or one is no answer.
    """
    ours, theirs = Client(service_url + row.service).get(), Client(floor_url + row.floor).get()
    size = f"{len(ours.body) / 1000:,.1f}"
    if ours.status in (200, 204) and theirs.status == 503:
        return size, False
    for reply in (ours, theirs):
        if reply.status not in (200, 204):
            raise BadAnswer(f"{row.name}: status {reply.status}")
    if row.unit == "tile":
        mine, floor = _tile_ids(ours.body), _tile_ids(theirs.body)
        # Outlines below a cell are drawn as a point by some, and left out by others.
        if not floor <= mine and len(mine) < TILE_FEATURES:
            raise BadAnswer(f"{row.name}: {len(floor - mine)} features are missing")
    else:
        _compare(row, json.loads(ours.body), json.loads(theirs.body))
    return size, True


def _compare(row: Row, ours: dict, theirs: dict) -> None:
    mine, floor = ours.get("features", [ours]), theirs.get("features", [theirs])
    if [one["id"] for one in mine] != [one["id"] for one in floor]:
        raise BadAnswer(f"{row.name}: other features than expected")
    for one, other in zip(mine, floor, strict=True):
        properties = {name: value for name, value in one["properties"].items() if name in other["properties"]}
        for name in ("area_id", "name", "status", "start_year", "municipality"):
            if properties[name] != other["properties"][name]:
                raise BadAnswer(f"{row.name}: {name} of {one['id']} differs")
        if len(one["properties"]) < len(other["properties"]):
            raise BadAnswer(f"{row.name}: properties of {one['id']} are missing")
        numbers, others = _numbers(one["geometry"]), _numbers(other["geometry"])
        # The stored outline begins at the same vertex, but may run the other way round.
        if len(numbers) != len(others) or any(
            abs(a - b) > TOLERANCE[row.unit] for a, b in zip(sorted(numbers), sorted(others), strict=True)
        ):
            raise BadAnswer(f"{row.name}: geometry of {one['id']} differs")


def _touches_box(feature: dict, west: float, south: float, east: float, north: float) -> bool:
    numbers = _numbers(feature["geometry"])
    x, y = numbers[::2], numbers[1::2]
    return min(x) <= east and max(x) >= west and min(y) <= north and max(y) >= south


def _numbers(geometry: dict) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:[eE]-?\d+)?", json.dumps(geometry))]


def _tile_ids(data: bytes) -> set[int]:
    if not data:
        return set()
    layers = mapbox_vector_tile.decode(data)
    return {feature["id"] for layer in layers.values() for feature in layer["features"]}


def is_tile_alike(theirs: bytes, ours: bytes) -> bool:
    """Tell whether a tile has as many layers as another one, and nine tenths of the features in each of them."""
    counts, others = _feature_counts(theirs), _feature_counts(ours)
    return len(counts) == len(others) and all(
        count >= NEARLY_ALL * other for count, other in zip(counts, others, strict=True)
    )


def _feature_counts(data: bytes) -> list[int]:
    layers = mapbox_vector_tile.decode(data) if data else {}
    return sorted(len(layer["features"]) for layer in layers.values())


def _box() -> tuple[float, float, float, float]:
    """Return a box of 20 km around the largest town, CRS84."""
    x, y = largest_town()
    to_degrees = Transformer.from_crs("EPSG:25832", "OGC:CRS84", always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(x - 10_000, y - 10_000, x + 10_000, y + 10_000)
    return round(west, 4), round(south, 4), round(east, 4), round(north, 4)


def middle_tile(level: int) -> TileId:
    """Return the tile of a level that the middle of the largest town lies in."""
    x, y = Transformer.from_crs("EPSG:25832", "EPSG:3857", always_xy=True).transform(*largest_town())
    column, _, row, _ = GRIDS["WebMercatorQuad"].limits((x, y, x, y), level)
    return TileId(level, column, row)


def _last_page(service_url: str, areas: int) -> str:
    """Return the address of the last ten areas, by the link that leads there."""
    reply = Client(f"{service_url}{ITEMS}?limit=1&offset={areas - 11}").get()
    links = json.loads(reply.body)["links"]
    address = next(link["href"] for link in links if link["rel"] == "next")
    return re.sub(r"limit=1\b", "limit=10", address.removeprefix(service_url))
