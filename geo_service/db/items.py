"""Features: one statement per read, which returns finished GeoJSON text.

Python carries the text and never looks inside: no dictionaries, no coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection

from geo_service.db.encodings import GEOJSON, Encoding
from geo_service.db.feature_json import FeatureLinks
from geo_service.db.page_statement import hits_statement, page_statement
from geo_service.db.queries import EVERYTHING, conditions
from geo_service.db.rows import Reads, read_row
from geo_service.db.steady import STEADY_RAW
from geo_service.domain.collections import Collection
from geo_service.domain.crs import ReferenceSystem
from geo_service.domain.query import ItemsQuery, Selection
from geo_service.errors import GoneError, Message, NotFoundError


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """One page: features as text (UTF-8; in GeoJSON, separated by commas), and what the envelope says about them.

    `number_matched` is None where it is not known beforehand and above `COUNT_LIMIT`. `first_place` and
    `last_place` are where the page begins and ends, as JSON arrays of the values that it is sorted by and the key,
    when there are features before it or behind it; else None. `version` is the dataset version, read in the same
    statement.
    """

    features: bytes
    number_matched: int | None
    number_returned: int
    first_place: str | None
    last_place: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Item:
    """One feature as JSON text (UTF-8) and the dataset version that it was read with."""

    feature: bytes
    version: int


@dataclass(frozen=True, slots=True)
class CollectionSummary:
    """Number of features, extent in degrees (CRS84: min_lon, min_lat, max_lon, max_lat) and days."""

    item_count: int
    bbox: tuple[float, float, float, float] | None
    interval: tuple[str | None, str | None] | None


def find_items(
    reads: Reads, query: ItemsQuery, links: FeatureLinks, encoding: Encoding = GEOJSON
) -> ItemsPage:
    """Read one page in a single statement.

    It asks for one row more than the page holds: so a page that is exactly full knows whether another one
    follows, and the matches are counted separately only where the page does not show them all.
    """
    parts = conditions(query)
    if query.result_type == "hits":
        statement = hits_statement(query, parts)
        row = read_row(reads, statement, parts.values)
        return ItemsPage(b"", row.matched, 0, None, None, row.version)
    statement = page_statement(query, parts, encoding)
    row = read_row(reads, statement, {**parts.values, **links.values(query.collection)})
    more = row.fetched > query.limit
    before, behind = row.near_place, row.far_place if more else None
    if query.place is None:
        before = before if query.offset else None
    elif query.place.backwards:
        before, behind = behind, before
    returned = min(row.fetched, query.limit)
    return ItemsPage(_raw(row.features), row.matched, returned, _text(before), _text(behind), row.version)


def get_item(
    reads: Reads,
    collection: Collection,
    item_id: str,
    crs: ReferenceSystem,
    links: FeatureLinks,
    selection: Selection = EVERYTHING,
    encoding: Encoding = GEOJSON,
) -> Item:
    """Read one feature.

    Raises
    ------
    GoneError
        The area was withdrawn; names its successor where there is one.
    NotFoundError
        There is and was no such feature.
    """
    values = {**links.values(collection), "item_id": item_id}
    row = read_row(reads, _item_statement(collection, crs, selection, encoding), values)
    if row.feature is not None:
        return Item(_raw(row.feature), row.version)
    if row.withdrawn:
        successor = read_row(reads, _SUCCESSOR, {"item_id": item_id})
        raise _gone(item_id, _text(successor.area_id))
    raise NotFoundError(
        f"item {item_id!r} of {collection.collection_id}",
        Message(
            f"In der Sammlung {collection.collection_id} gibt es kein Feature mit dieser Kennung.",
            f"The collection {collection.collection_id} has no feature with this identifier.",
        ),
    )


def get_summary(connection: Connection, collection: Collection) -> CollectionSummary:
    """Read number, extent and time span of a whole collection."""
    row = connection.exec_driver_sql(_summary_statement(collection)).one()
    bbox = None if row.min_lon is None else (row.min_lon, row.min_lat, row.max_lon, row.max_lat)
    interval = (row.first_day, row.last_day) if collection.has_period and row.periods else None
    return CollectionSummary(row.item_count, bbox, interval)


def dataset_version(connection: Connection) -> int:
    """Return the version of everything that is published."""
    version: int = connection.exec_driver_sql("SELECT version FROM publication.dataset").scalar_one()
    return version


def _gone(item_id: str, successor_id: str | None) -> GoneError:
    de, en = "Dieses Programmgebiet wurde zurückgezogen.", "This programme area was withdrawn."
    if successor_id:
        de += f" An seine Stelle tritt {successor_id}."
        en += f" It is succeeded by {successor_id}."
    return GoneError(f"item {item_id!r} was withdrawn", Message(de, en), successor_id)


def _raw(text: str | bytes) -> bytes:
    """Return text as bytes, which the engine of the web process hands over as they came."""
    return text if isinstance(text, bytes) else text.encode()


def _text(raw: str | bytes | None) -> str | None:
    return raw.decode() if isinstance(raw, bytes) else raw


def _item_statement(
    collection: Collection, crs: ReferenceSystem, selection: Selection, encoding: Encoding
) -> str:
    if selection != EVERYTHING:
        return _write_item_statement(collection, crs, selection, encoding)
    # By names: hashing a whole collection takes as long as writing the statement.
    key = collection.collection_id, crs.crs_uri, id(encoding)
    known = _item_statements.get(key)
    if known is None:
        known = _item_statements[key] = _write_item_statement(collection, crs, selection, encoding)
    return known


_item_statements: dict[tuple[str, str, int], str] = {}

# The successor may be withdrawn by now: the one at the end of the chain is named. UNION ends a circle.
_SUCCESSOR = """
    WITH RECURSIVE chain AS (
        SELECT successor_area_id FROM publication.withdrawal WHERE area_id = %(item_id)s
        UNION
        SELECT later.successor_area_id
          FROM chain JOIN publication.withdrawal AS later ON later.area_id = chain.successor_area_id
    )
    SELECT max(area.area_id) AS area_id
      FROM chain JOIN publication.programme_area AS area ON area.area_id = chain.successor_area_id"""


def _write_item_statement(
    collection: Collection, crs: ReferenceSystem, selection: Selection, encoding: Encoding
) -> str:
    withdrawn = "NULL AS withdrawn"
    join = ""
    if collection.has_profile:
        withdrawn = "gone.area_id AS withdrawn"
        join = "LEFT JOIN publication.withdrawal gone ON gone.area_id = %(item_id)s"
    return f"""{STEADY_RAW}
        SELECT version, {withdrawn},
               (SELECT {encoding.expression(collection, crs, selection, single=True)}
                  FROM publication.{collection.table}
                 WHERE {collection.id_column} = %(item_id)s) AS feature
          FROM publication.dataset {join}"""


@lru_cache(maxsize=16)
def _summary_statement(collection: Collection) -> str:
    """Take the extent from the stored Web Mercator boxes: x is longitude and y latitude, only stretched."""
    boxes = {
        "programme-areas": "geom_3857",
        "programme-area-points": "label_3857",
        "municipalities": "coalesce(outline_3857::geometry, point_3857::geometry)",
        "events": "geom_3857",
    }[collection.collection_id]
    period = "NULL::text AS first_day, NULL::text AS last_day, false AS periods"
    if collection.has_period:
        period = """
            CASE WHEN NOT bool_or(lower_inf(period)) THEN min(lower(period))::text END AS first_day,
            CASE WHEN NOT bool_or(upper_inf(period)) THEN (max(upper(period)) - 1)::text END AS last_day,
            count(period) > 0 AS periods"""
    return f"""
        WITH summary AS (
            SELECT count(*) AS item_count, {period},
                   ST_SetSRID(ST_Extent({boxes})::geometry, 3857) AS box
              FROM publication.{collection.table}
        ), extent AS (SELECT *, ST_Transform(box, 4326) AS box_4326 FROM summary)
        SELECT item_count, first_day, last_day, periods,
               ST_XMin(box_4326) AS min_lon, ST_YMin(box_4326) AS min_lat,
               ST_XMax(box_4326) AS max_lon, ST_YMax(box_4326) AS max_lat
          FROM extent"""
