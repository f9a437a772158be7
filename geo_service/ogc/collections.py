"""Collections: pygeoapi's descriptions, with the extent of the data and links to what is served."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from pygeoapi.api import describe_collections

from geo_service.db.items import CollectionSummary
from geo_service.db.tile_layers import LAYERS
from geo_service.domain.collections import Collection
from geo_service.domain.crs import CRS84_URI, STORAGE_CRS, SUPPORTED
from geo_service.ogc.enclosures import enclosure_links
from geo_service.ogc.links import (
    HTML,
    JSON,
    QUERYABLES_REL,
    SCHEMA,
    SCHEMA_REL,
    SORTABLES_REL,
    TILESETS_VECTOR,
    TITLES,
    Link,
    link,
)
from geo_service.ogc.negotiation import ITEMS_FORMATS
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.qgis import layer_file_links
from geo_service.ogc.responses import Answer
from geo_service.ogc.styles import styles_link

TRS = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def collections(api: OgcApi, request: OgcRequest) -> Answer:
    """Describe all collections (/req/core/fc-md-success)."""
    _, status, content = describe_collections(api, request)
    document = orjson.loads(content)
    summaries = summarised(api, request, api.collections.values())
    document["collections"] = [
        _complete(api, request, summaries[description["id"]], description)
        for description in document["collections"]
    ]
    title = TITLES["collections"].text(request.language)
    url = f"{api.base_url}/collections"
    document["links"] = [link("self", JSON, request.url(url), title), *request.alternates(url)]
    document["crs"] = [system.crs_uri for system in SUPPORTED]
    return {"Content-Type": JSON}, status, orjson.dumps(document)


def collection(api: OgcApi, request: OgcRequest, collection_id: str) -> Answer:
    """Describe one collection (/req/core/sfc-md-success)."""
    known = api.collection(collection_id)
    _, status, content = describe_collections(api, request, collection_id)
    summary = summarised(api, request, [known])[collection_id]
    document = _complete(api, request, summary, orjson.loads(content))
    return {"Content-Type": JSON}, status, orjson.dumps(document)


def summarised(
    api: OgcApi, request: OgcRequest, collections: Iterable[Collection]
) -> Mapping[str, CollectionSummary]:
    """Return number and extent of some collections, of which the answer is made."""
    found = api.summaries.get(api.engine, collections)
    request.sources.read(found.version, *found.of)
    return found.of


def _complete(
    api: OgcApi, request: OgcRequest, summary: CollectionSummary, description: dict[str, Any]
) -> dict[str, Any]:
    known = api.collection(description["id"])
    configured = [one for one in description["links"] if one["rel"] == "license"]
    description["links"] = [*_links(api, request, known, description["title"]), *configured]
    description["itemType"] = "feature"
    description["itemCount"] = summary.item_count
    description["crs"] = [system.crs_uri for system in SUPPORTED]
    description["storageCrs"] = STORAGE_CRS.crs_uri
    if summary.bbox:
        spatial = {"bbox": [rounded_outwards(summary.bbox)], "crs": CRS84_URI}
        description["extent"]["spatial"] = spatial
    if summary.interval:
        interval = [_instant(summary.interval[0], "00:00:00"), _instant(summary.interval[1], "23:59:59")]
        description["extent"]["temporal"] = {"interval": [interval], "trs": TRS}
    return description


def rounded_outwards(bbox: tuple[float, float, float, float], digits: int = 5) -> list[float]:
    """Round a box so that it does not lose anything (CRS84, degrees)."""
    scale = 10**digits
    lower = [math.floor(value * scale) / scale for value in bbox[:2]]
    return lower + [math.ceil(value * scale) / scale for value in bbox[2:]]


def _instant(day: str | None, time: str) -> str | None:
    return f"{day}T{time}Z" if day else None


def _items_links(api: OgcApi, request: OgcRequest, url: str) -> list[Link]:
    """Return a link to the items in each format; the address of the first one needs no ``f``."""
    title = TITLES["items"].text(request.language)
    first, *others = api.offered(ITEMS_FORMATS)
    named = [
        link(
            "items",
            one.media_type,
            request.url(url, f=one.name),
            f"{title} {one.title.text(request.language)}",
        )
        for one in others
    ]
    first_title = f"{title} {first.title.text(request.language)}"
    return [link("items", first.media_type, request.url(url), first_title), *named]


def _links(api: OgcApi, request: OgcRequest, known: Collection, title: str) -> list[Link]:
    url = f"{api.base_url}/collections/{known.collection_id}"
    titles = {name: message.text(request.language) for name, message in TITLES.items()}
    result = [
        link("self", JSON, request.url(url), title),
        *request.alternates(url),
        link("root", JSON, request.url(api.base_url), titles["landing"]),
        *_items_links(api, request, f"{url}/items"),
        link("alternate", HTML, request.url(f"{request.public_url}/"), titles["map"]),
        link(SCHEMA_REL, SCHEMA, request.url(f"{url}/schema"), titles["schema"]),
        link(QUERYABLES_REL, SCHEMA, request.url(f"{url}/queryables"), titles["queryables"]),
        link(SORTABLES_REL, SCHEMA, request.url(f"{url}/sortables"), titles["sortables"]),
        *enclosure_links(api, request, known),
        *layer_file_links(api, request, known),
        link("describedby", SCHEMA, request.url(f"{url}/feature-schema"), titles["feature-schema"]),
    ]
    if known.collection_id in LAYERS:
        result.append(link(TILESETS_VECTOR, JSON, request.url(f"{url}/tiles"), titles["tilesets"]))
        result.append(styles_link(api, request))
    return result
