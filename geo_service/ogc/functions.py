"""The functions that a filter may call (OGC API - Features - Part 3, /req/filter/get-functions-operation)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from geo_service.domain.cql2_functions import MAX_DISTANCE_M
from geo_service.errors import Message
from geo_service.ogc.links import JSON, TITLES, link
from geo_service.ogc.responses import Answer

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

# Only what CQL2 does not define itself: everything else follows from the conformance classes.
FUNCTIONS: dict[str, dict[str, Any]] = {
    "S_DWITHIN": {
        "description": Message(
            f"Wahr, wenn zwei Geometrien höchstens so viele Meter voneinander entfernt sind (eben gemessen in "
            f"EPSG:25832, 0 bis {MAX_DISTANCE_M} m), etwa S_DWITHIN(geom, POINT(7.46 51.51), 500)",
            f"True if two geometries are at most so many metres apart (measured in the plane of EPSG:25832, "
            f"0 to {MAX_DISTANCE_M} m), such as S_DWITHIN(geom, POINT(7.46 51.51), 500)",
        ),
        "arguments": (
            ("geometry", Message("Eigenschaft oder Geometrie", "Property or geometry")),
            ("geometry", Message("Eigenschaft oder Geometrie", "Property or geometry")),
            ("number", Message("Abstand in Metern", "Distance in metres")),
        ),
        "returns": "boolean",
    },
}


def functions(api: OgcApi, request: OgcRequest) -> Answer:
    """Answer with names, arguments and results of all functions."""
    url = f"{api.base_url}/functions"
    document = {
        "functions": [
            {
                "name": name,
                "description": one["description"].text(request.language),
                "arguments": [
                    {"title": title.text(request.language), "type": [type_]}
                    for type_, title in one["arguments"]
                ],
                "returns": [one["returns"]],
            }
            for name, one in FUNCTIONS.items()
        ],
        "links": [
            link("self", JSON, request.url(url), TITLES["functions"].text(request.language)),
            *request.alternates(url),
        ],
    }
    return {"Content-Type": JSON}, 200, orjson.dumps(document)
