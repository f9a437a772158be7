"""The conformance classes that the tests prove: no more, since clients build on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from geo_service.ogc.links import JSON
from geo_service.ogc.responses import Answer

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

SPEC = "http://www.opengis.net/spec"
CONFORMS_TO = (
    f"{SPEC}/ogcapi-common-1/1.0/conf/core",
    f"{SPEC}/ogcapi-common-1/1.0/conf/json",
    f"{SPEC}/ogcapi-common-1/1.0/conf/oas30",
    f"{SPEC}/ogcapi-common-2/1.0/conf/collections",
    f"{SPEC}/ogcapi-features-1/1.0/conf/core",
    f"{SPEC}/ogcapi-features-1/1.0/conf/geojson",
    f"{SPEC}/ogcapi-features-1/1.0/conf/oas30",
    f"{SPEC}/ogcapi-features-2/1.0/conf/crs",
    f"{SPEC}/ogcapi-features-5/1.0/conf/schemas",
    f"{SPEC}/ogcapi-features-5/1.0/conf/core-roles-features",
    f"{SPEC}/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    f"{SPEC}/ogcapi-common-3/1.0/conf/schemas",  # where newer clients look for the same
    f"{SPEC}/ogcapi-styles-1/0.0/conf/core",  # a draft: not yet with a version
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/core",
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/collections-selection",
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/datetime",
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/mvt",
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/oas30",
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/tileset",
    f"{SPEC}/ogcapi-tiles-1/1.0/conf/tilesets-list",
    f"{SPEC}/tms/2.0/conf/json-tilematrixset",
    f"{SPEC}/tms/2.0/conf/json-tilematrixsetlimits",
    f"{SPEC}/tms/2.0/conf/json-tilesetmetadata",
    f"{SPEC}/tms/2.0/conf/tilematrixset",
    f"{SPEC}/tms/2.0/conf/tilematrixsetlimits",
    f"{SPEC}/tms/2.0/conf/tilesetmetadata",
)


def conformance(api: OgcApi, request: OgcRequest) -> Answer:  # noqa: ARG001
    """Declare the conformance classes (/req/core/conformance-op).

    pygeoapi's own function adds its classes to a module global on each request and claims transactions.
    """
    return {"Content-Type": JSON}, 200, orjson.dumps({"conformsTo": CONFORMS_TO})
