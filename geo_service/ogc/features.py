"""Features: a page of a collection and a single one, as GeoJSON text made by the database."""

from __future__ import annotations

import datetime as dt

import orjson

from geo_service.db import items as db_items
from geo_service.db.engine import reading
from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import ItemsPage
from geo_service.domain.collections import Collection
from geo_service.domain.query import ItemsQuery
from geo_service.ogc.cursors import make_cursor
from geo_service.ogc.links import GEOJSON, JSON, TITLES, Link, link, link_header, with_query
from geo_service.ogc.parameters import parse_crs, parse_items_query
from geo_service.ogc.presentation import parse_selection
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.responses import Answer, content_etag


def items(api: OgcApi, request: OgcRequest, collection_id: str) -> Answer:
    """Answer with one page of features (OGC API - Features - Part 1, clause 7.15; Part 2, clause 6)."""
    collection = api.collection(collection_id)
    settings = api.settings
    query = parse_items_query(
        request.arguments, collection, default_limit=settings.default_limit, max_limit=settings.max_limit
    )
    with reading(api.engine) as connection:
        page = db_items.find_items(connection, query, _feature_links(api, request, collection))
    links = _page_links(api, request, query, page)
    end = _envelope_end(page, links)
    time_stamp = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    start = '{"type":"FeatureCollection","features":['
    content = f'{start}{page.features}],"timeStamp":"{time_stamp}",{end}'.encode()
    headers = {
        "Content-Type": GEOJSON,
        "Content-Crs": f"<{query.crs.crs_uri}>",
        "Link": link_header(links, ("self", "next", "prev", "collection")),
        "OGC-NumberReturned": str(page.number_returned),
        "ETag": content_etag(page.features, end),
    }
    if page.number_matched is not None:
        headers["OGC-NumberMatched"] = str(page.number_matched)
    return headers, 200, content


def item(api: OgcApi, request: OgcRequest, collection_id: str, item_id: str) -> Answer:
    """Answer with one feature (OGC API - Features - Part 1, clause 7.16)."""
    collection = api.collection(collection_id)
    crs = parse_crs(request.arguments.get("crs"), "crs")
    selection = parse_selection(request.arguments, collection, crs)
    links = _feature_links(api, request, collection)
    with reading(api.engine) as connection:
        found = db_items.get_item(connection, collection, item_id, crs, links, selection)
    headers = {"Content-Type": GEOJSON, "Content-Crs": f"<{crs.crs_uri}>"}
    alternates = request.alternates(f"{links.items_url}/{item_id}")
    return headers, 200, _with_links(found.feature, alternates).encode()


def _with_links(feature: str, links: list[Link]) -> str:
    """Add links to a finished feature, which ends with the list of its links."""
    return f"{feature[:-2]},{orjson.dumps(links)[1:-1].decode()}]}}" if links else feature


def _feature_links(api: OgcApi, request: OgcRequest, collection: Collection) -> FeatureLinks:
    kept = request.arguments.kept()
    return FeatureLinks(
        profiles_url=f"{request.public_url}/profiles",
        items_url=f"{api.base_url}/collections/{collection.collection_id}/items",
        query=with_query("", kept).removeprefix("?"),
        profile_title=TITLES["profile"].text(request.language),
        collection_title=collection.title.text(request.language),
    )


def _page_links(api: OgcApi, request: OgcRequest, query: ItemsQuery, page: ItemsPage) -> list[Link]:
    collection = query.collection
    collection_url = f"{api.base_url}/collections/{collection.collection_id}"
    title = collection.title.text(request.language)
    items_url = f"{collection_url}/items"
    links = [link("self", GEOJSON, request.self_url(items_url), title), *request.alternates(items_url)]
    for rel, place in (("next", page.last_place), ("prev", page.first_place)):
        if place is not None:
            parameters = dict(request.arguments.items())
            parameters.pop("offset", None)
            parameters["cursor"] = make_cursor(query, place, backwards=rel == "prev")
            href = with_query(items_url, parameters)
            links.append(link(rel, GEOJSON, href, TITLES[rel].text(request.language)))
    links.append(link("collection", JSON, request.url(collection_url), title))
    return links


def _envelope_end(page: ItemsPage, links: list[Link]) -> str:
    members: dict[str, object] = {"numberReturned": page.number_returned, "links": links}
    if page.number_matched is not None:
        members = {"numberMatched": page.number_matched, **members}
    return orjson.dumps(members).decode()[1:]
