"""Features: one statement per read, which returns finished GeoJSON text.

Python carries the text and never looks inside: no dictionaries, no coordinates.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from geo_service.db.queries import Conditions, conditions, geometry_json
from geo_service.domain.collections import Collection
from geo_service.domain.crs import ReferenceSystem
from geo_service.domain.query import ItemsQuery
from geo_service.errors import GoneError, Message, NotFoundError


@dataclass(frozen=True, slots=True)
class FeatureLinks:
    """What a feature's links are made of, since no stored text contains a host.

    Attributes
    ----------
    profiles_url, items_url : str
        Addresses without a trailing slash, to which ``/{id}`` is added.
    query : str
        What stays in every link, without ``?``: ``lang=en`` when the client asked so in the address.
    profile_title, collection_title : str
        In the language of the answer.
    """

    profiles_url: str
    items_url: str
    query: str = ""
    profile_title: str = ""
    collection_title: str = ""


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """One page: features as JSON text separated by commas, and what the envelope says about them.

    `next_after` is the key of the last feature when there are more behind it, else None. `version` is the
    dataset version, read in the same statement.
    """

    features: str
    number_matched: int
    number_returned: int
    next_after: int | str | None
    version: int


@dataclass(frozen=True, slots=True)
class Item:
    """One feature as JSON text and the dataset version that it was read with."""

    feature: str
    version: int


@dataclass(frozen=True, slots=True)
class CollectionSummary:
    """Number of features, extent in degrees (CRS84: min_lon, min_lat, max_lon, max_lat) and days."""

    item_count: int
    bbox: tuple[float, float, float, float] | None
    interval: tuple[str | None, str | None] | None


def find_items(connection: Connection, query: ItemsQuery, links: FeatureLinks) -> ItemsPage:
    """Read one page in a single statement.

    It asks for one row more than the page holds: so a page that is exactly full knows whether another one
    follows, and the matches are counted separately only where the page does not show them all.
    """
    parts = conditions(query)
    if query.result_type == "hits":
        statement = _hits_statement(query.collection, parts)
        row = connection.exec_driver_sql(statement, parts.values).one()
        return ItemsPage("", row.matched, 0, None, row.version)
    statement = _page_statement(query, parts)
    row = connection.exec_driver_sql(statement, {**parts.values, **_link_values(links)}).one()
    more = row.fetched > query.limit
    return ItemsPage(
        row.features, row.matched, min(row.fetched, query.limit), row.last_key if more else None, row.version
    )


def get_item(
    connection: Connection, collection: Collection, item_id: str, crs: ReferenceSystem, links: FeatureLinks
) -> Item:
    """Read one feature.

    Raises
    ------
    GoneError
        The area was withdrawn; names its successor where there is one.
    NotFoundError
        There is and was no such feature.
    """
    values = {**_link_values(links), "item_id": item_id}
    row = connection.exec_driver_sql(_item_statement(collection, crs), values).one()
    if row.feature is not None:
        return Item(row.feature, row.version)
    if row.withdrawn:
        raise _gone(item_id, row.successor_area_id)
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


def _link_values(links: FeatureLinks) -> dict[str, Any]:
    """Bind each part of a link as the inside of a JSON string, so that the statement only concatenates."""
    query = f"?{links.query}" if links.query else ""
    separator = "&" if query else "?"
    texts = {
        "profiles": f"{links.profiles_url}/",
        "items": f"{links.items_url}/",
        "collection": links.items_url.removesuffix("/items") + query,
        "query": query,
        "as_json": f"{query}{separator}f=json",
        "profile_title": links.profile_title,
        "collection_title": links.collection_title,
    }
    return {name: json.dumps(text, ensure_ascii=False)[1:-1] for name, text in texts.items()}


def _feature(collection: Collection, crs: ReferenceSystem, *, single: bool) -> str:
    """Return the SQL expression of one finished feature.

    ``properties`` is stored without its closing brace, which leaves room for the address of the profile.
    Identifiers are slugs or digits by constraint and need no escaping.
    """
    id_column = collection.id_column
    geometry = geometry_json(crs, collection.geom_column, collection.geojson_column)
    end = "'}'"
    links = []
    if single:
        links.append(_link("self", "application/geo+json", "", f"%(items)s || {id_column} || %(query)s"))
        links.append(_link("collection", "application/json", "%(collection_title)s", "%(collection)s"))
    if collection.has_profile:
        title = "%(profile_title)s"
        profile = f"%(profiles)s || {id_column}"
        end = f"""',"profile_url":"' || {profile} || '"}}'"""
        links.append(_link("describedby", "text/html", title, f"{profile} || %(query)s"))
        links.append(_link("describedby", "application/json", title, f"{profile} || %(as_json)s"))
    links_member = f"""',"links":[' || {" || ',' || ".join(links)} || ']}}'""" if links else "'}'"
    return (
        f"""'{{"type":"Feature","id":"' || {id_column} || '","geometry":' || {geometry}"""
        f""" || ',"properties":' || properties || {end} || {links_member}"""
    )


def _link(rel: str, media_type: str, title: str, href: str) -> str:
    """Return the SQL expression of a link; `title` and `href` are expressions too."""
    title_member = f"""',"title":"' || {title} || '"' || """ if title else ""
    return f"""'{{"rel":"{rel}","type":"{media_type}"' || {title_member}',"href":"' || {href} || '"}}'"""


def _page_statement(query: ItemsQuery, parts: Conditions) -> str:
    collection, key = query.collection, query.collection.key_column
    table, matching = f"publication.{collection.table}", parts.where()
    page = matching
    if query.after is not None:
        page = parts.where(f"{key} > {parts.bind(query.after)}")
    elif query.offset:
        # Only the keys of skipped rows are walked; OFFSET on the page itself would write their features too.
        skipped = parts.bind(query.offset)
        first = f"(SELECT {key} FROM {table} {matching} ORDER BY {key} LIMIT 1 OFFSET {skipped}::int8)"
        page = parts.where(f"{key} >= {first}")
    limit = f"{parts.bind(query.limit)}::int8"
    whole = "false" if query.after is not None or query.offset else "true"
    return f"""
        SELECT features, fetched, last_key,
               CASE WHEN {whole} AND fetched <= {limit} THEN fetched
                    ELSE (SELECT count(*) FROM {table} {matching}) END AS matched,
               (SELECT version FROM publication.dataset) AS version
          FROM (SELECT coalesce(string_agg(feature, ',' ORDER BY key) FILTER (WHERE position <= {limit}), '')
                       AS features,
                       count(*) AS fetched, max(key) FILTER (WHERE position <= {limit}) AS last_key
                  FROM (SELECT {key} AS key, row_number() OVER (ORDER BY {key}) AS position,
                               {_feature(collection, query.crs, single=False)} AS feature
                          FROM {table} {page} ORDER BY {key} LIMIT {limit} + 1) AS page
               ) AS written"""


def _hits_statement(collection: Collection, parts: Conditions) -> str:
    return f"""
        SELECT count(*) AS matched, (SELECT version FROM publication.dataset) AS version
          FROM publication.{collection.table} {parts.where()}"""


@lru_cache(maxsize=64)
def _item_statement(collection: Collection, crs: ReferenceSystem) -> str:
    withdrawn = "NULL AS withdrawn, NULL AS successor_area_id"
    join = ""
    if collection.has_profile:
        withdrawn = "gone.area_id AS withdrawn, gone.successor_area_id"
        join = "LEFT JOIN publication.withdrawal gone ON gone.area_id = %(item_id)s"
    return f"""
        SELECT version, {withdrawn},
               (SELECT {_feature(collection, crs, single=True)}
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
