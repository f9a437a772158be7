"""Features: a page of a collection and a single one, in all formats."""

from __future__ import annotations

from dataclasses import replace

import orjson

from geo_service.db import encodings
from geo_service.db import items as db_items
from geo_service.db.changes import Box
from geo_service.db.engine import reading_snapshot
from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import ItemsPage
from geo_service.db.rows import RowReader
from geo_service.domain.collections import Collection
from geo_service.domain.crs import CRS84
from geo_service.domain.query import ItemsQuery
from geo_service.ogc.changed_boxes import box_of
from geo_service.ogc.cursors import make_cursor
from geo_service.ogc.formats.tables import WRITERS, credits_of, page_file
from geo_service.ogc.formats.texts import PROFILED, TEXT_FORMATS, Surroundings, TextFormat
from geo_service.ogc.links import HTML, JSON, TITLES, Link, link, link_header, with_query
from geo_service.ogc.negotiation import HTML_FORMAT
from geo_service.ogc.parameters import parse_crs, parse_items_query
from geo_service.ogc.presentation import parse_selection
from geo_service.ogc.profiles import FEATURE_PROFILES, PARAMETER, choose_profile, parse_profiles, profile_link
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.responses import Answer, content_etag

ATTACHED = ("csv", "geojsonseq", *WRITERS)


def items(api: OgcApi, request: OgcRequest, collection_id: str) -> Answer:
    """Answer with one page of features (OGC API - Features - Part 1, clause 7.15; Part 2, clause 6).

    Every format has the same features; what GeoJSON says in its envelope, the headers say for all of them.
    """
    collection = api.collection(collection_id)
    text_format, profiles = _text_format(request)
    settings = api.settings
    query = parse_items_query(
        request.arguments,
        collection,
        default_limit=settings.default_limit,
        max_limit=settings.max_limit,
        default_crs=text_format.default_crs if text_format else CRS84,
    )
    if text_format is None:
        return _items_file(api, request, query)
    links = _feature_links(api, request, collection)
    page = db_items.find_items(RowReader(api.engine), query, links, text_format.encoding)
    request.sources.read(page.version, collection_id, box=_changed_box(query))
    page_links = [*_page_links(api, request, query, page), *profiles]
    collection_url = f"{api.base_url}/collections/{collection_id}"
    attribution = api.config["metadata"]["provider"]["name"]
    content = text_format.page(query, page, Surroundings(page_links, attribution, collection_url))
    return _page_headers(request, query, page, page_links), 200, content


def _text_format(request: OgcRequest) -> tuple[TextFormat | None, list[Link]]:
    """Return what writes the answer, and links to the profiles that it follows; files are written otherwise."""
    asked = parse_profiles(request.arguments.get(PARAMETER))
    offered = FEATURE_PROFILES.get(request.chosen.name)
    if offered is None:
        return TEXT_FORMATS.get(request.chosen.name), []
    profile = choose_profile(asked, offered)
    return PROFILED[profile], [profile_link(profile)]


def _changed_box(query: ItemsQuery) -> Box | None:
    """Return where features have to change to change the answer; where some have no geometry, anywhere."""
    return None if query.collection.may_lack_geometry else box_of(query.bbox)


def _items_file(api: OgcApi, request: OgcRequest, query: ItemsQuery) -> Answer:
    """Answer with a page as a file; its keys and its features are read from one state of the data."""
    collection = query.collection
    with reading_snapshot(api.engine) as connection:
        links = _feature_links(api, request, collection)
        page = db_items.find_items(connection, query, links, encodings.KEYS)
        told = f"{request.chosen.name} {request.self_url(request.public_url)} {request.language}"
        tag = content_etag(str(page.version), told)
        headers = _page_headers(request, query, page, _page_links(api, request, query, page))
        headers["ETag"] = tag
        if request.knows(tag):
            return headers, 200, b""
        credits_ = credits_of(api, collection, request.language)
        keys = page.features.decode().split(",") if page.features else []
        return headers, 200, page_file(connection, query, keys, request.chosen, request.public_url, credits_)


def _page_headers(
    request: OgcRequest, query: ItemsQuery, page: ItemsPage, links: list[Link]
) -> dict[str, str]:
    chosen = request.formats[0] if request.chosen is HTML_FORMAT else request.chosen
    headers = {
        "Content-Type": chosen.media_type,
        "Content-Crs": f"<{query.crs.crs_uri}>",
        "Link": link_header(links, ("self", "next", "prev", "collection", "license", "profile")),
        "OGC-NumberReturned": str(page.number_returned),
    }
    if page.number_matched is not None:
        headers["OGC-NumberMatched"] = str(page.number_matched)
    if chosen.name in ATTACHED:
        name = f"{query.collection.layer_name}{chosen.extension}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return headers


def item(api: OgcApi, request: OgcRequest, collection_id: str, item_id: str) -> Answer:
    """Answer with one feature (OGC API - Features - Part 1, clause 7.16)."""
    collection = api.collection(collection_id)
    text_format, profiles = _text_format(request)
    assert text_format is not None  # a single feature is no file
    crs = parse_crs(request.arguments.get("crs"), "crs", text_format.default_crs)
    selection = parse_selection(request.arguments, collection, crs)
    chosen = request.formats[0] if request.chosen is HTML_FORMAT else request.chosen
    links = replace(
        _feature_links(api, request, collection),
        self_query=request.self_url("").removeprefix("?"),
        self_type=chosen.media_type,
    )
    found = db_items.get_item(
        RowReader(api.engine), collection, item_id, crs, links, selection, text_format.encoding
    )
    request.sources.read(found.version, collection_id, feature_id=item_id)
    headers = {"Content-Type": chosen.media_type, "Content-Crs": f"<{crs.crs_uri}>"}
    if profiles:
        headers["Link"] = link_header(profiles, ("profile",))
    feature = _with_links(found.feature, [*request.alternates(f"{links.items_url}/{item_id}"), *profiles])
    members = text_format.members(collection, crs, f"{api.base_url}/collections/{collection_id}")
    if members:
        feature = b"%b,%b" % (orjson.dumps(members)[:-1], feature[1:])
    return headers, 200, feature


def _with_links(feature: bytes, links: list[Link]) -> bytes:
    """Add links to a finished feature, which ends with the list of its links."""
    return b"%b,%b]}" % (feature[:-2], orjson.dumps(links)[1:-1]) if links else feature


def _feature_links(api: OgcApi, request: OgcRequest, collection: Collection) -> FeatureLinks:
    kept = request.arguments.kept()
    return FeatureLinks(
        pages_url=f"{request.public_url}{collection.page_path or ''}",
        items_url=f"{api.base_url}/collections/{collection.collection_id}/items",
        query=with_query("", kept).removeprefix("?"),
        page_title=TITLES["profile" if collection.has_profile else "event"].text(request.language),
        collection_title=collection.title.text(request.language),
    )


def _page_links(api: OgcApi, request: OgcRequest, query: ItemsQuery, page: ItemsPage) -> list[Link]:
    collection = query.collection
    collection_url = f"{api.base_url}/collections/{collection.collection_id}"
    title = collection.title.text(request.language)
    items_url = f"{collection_url}/items"
    chosen = request.formats[0] if request.chosen is HTML_FORMAT else request.chosen
    media_type = chosen.media_type
    links = [link("self", media_type, request.self_url(items_url), title), *request.alternates(items_url)]
    for rel, place in (("next", page.last_place), ("prev", page.first_place)):
        if place is not None:
            parameters = dict(request.arguments.items())
            parameters.pop("offset", None)
            parameters["cursor"] = make_cursor(query, place, backwards=rel == "prev")
            href = with_query(items_url, parameters)
            links.append(link(rel, media_type, href, TITLES[rel].text(request.language)))
    licence = api.config["metadata"]["license"]
    links.append(link("collection", JSON, request.url(collection_url), title))
    links.append(link("license", HTML, licence["url"], licence["name"]))
    return links
