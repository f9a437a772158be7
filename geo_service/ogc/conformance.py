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
    f"{SPEC}/ogcapi-common-1/1.0/conf/landing-page",
    f"{SPEC}/ogcapi-common-1/1.0/conf/json",
    f"{SPEC}/ogcapi-common-1/1.0/conf/oas30",
    f"{SPEC}/ogcapi-common-2/1.0/conf/collections",
    f"{SPEC}/ogcapi-common-2/1.0/conf/json",
    f"{SPEC}/ogcapi-features-1/1.0/conf/core",
    f"{SPEC}/ogcapi-features-1/1.0/conf/geojson",
    f"{SPEC}/ogcapi-features-1/1.0/conf/oas30",
    f"{SPEC}/ogcapi-features-2/1.0/conf/crs",
    f"{SPEC}/ogcapi-features-3/1.0/conf/filter",
    f"{SPEC}/ogcapi-features-3/1.0/conf/features-filter",
    f"{SPEC}/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    f"{SPEC}/cql2/1.0/conf/cql2-text",
    f"{SPEC}/cql2/1.0/conf/cql2-json",
    f"{SPEC}/cql2/1.0/conf/basic-cql2",
    f"{SPEC}/cql2/1.0/conf/advanced-comparison-operators",
    f"{SPEC}/cql2/1.0/conf/case-insensitive-comparison",
    f"{SPEC}/cql2/1.0/conf/accent-insensitive-comparison",
    f"{SPEC}/cql2/1.0/conf/basic-spatial-functions",
    f"{SPEC}/cql2/1.0/conf/basic-spatial-operators",  # where QGIS up to 3.44 looks for the same
    f"{SPEC}/cql2/1.0/conf/basic-spatial-functions-plus",
    f"{SPEC}/cql2/1.0/conf/spatial-functions",
    f"{SPEC}/cql2/1.0/conf/temporal-functions",
    f"{SPEC}/cql2/1.0/conf/array-functions",
    f"{SPEC}/cql2/1.0/conf/property-property",
    f"{SPEC}/cql2/1.0/conf/functions",
    f"{SPEC}/cql2/1.0/conf/arithmetic",
    f"{SPEC}/ogcapi-features-5/1.0/conf/schemas",
    f"{SPEC}/ogcapi-features-5/1.0/conf/core-roles-features",
    f"{SPEC}/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    f"{SPEC}/ogcapi-features-5/1.0/conf/sortables",
    # Parts 6 to 8 are drafts: 24-019, 24-020 and 24-030. (Part 9 wants commas in q to mean OR.)
    f"{SPEC}/ogcapi-features-6/1.0/conf/properties",
    f"{SPEC}/ogcapi-features-6/1.0/conf/properties-features",
    f"{SPEC}/ogcapi-features-7/1.0/conf/zoom-level",
    f"{SPEC}/ogcapi-features-7/1.0/conf/zoom-level-features",
    f"{SPEC}/ogcapi-features-8/1.0/conf/sortables",
    f"{SPEC}/ogcapi-features-8/1.0/conf/sorting",
    f"{SPEC}/ogcapi-features-8/1.0/conf/features-sorting",
    # Part 5 as it was approved (23-058r2) has other names; clients look for those of its draft.
    f"{SPEC}/ogcapi-common-3/1.0/conf/schemas",
    f"{SPEC}/ogcapi-common-3/1.0/conf/advanced-property-roles",
    f"{SPEC}/ogcapi-common-3/1.0/conf/returnables-and-receivables",
    f"{SPEC}/ogcapi-common-3/1.0/conf/sortables",
    f"{SPEC}/ogcapi-common-3/1.0/conf/profile-parameter",
    f"{SPEC}/ogcapi-common-3/1.0/conf/profile-codelists",
    f"{SPEC}/ogcapi-common-3/1.0/conf/profile-domains",
    f"{SPEC}/json-fg-1/1.0/conf/core",
    f"{SPEC}/json-fg-1/1.0/conf/types-schemas",
    f"{SPEC}/json-fg-1/1.0/conf/profiles",
    f"{SPEC}/json-fg-1/1.0/conf/api",
    f"{SPEC}/ogcapi-processes-1/1.0/conf/core",
    f"{SPEC}/ogcapi-processes-1/1.0/conf/dismiss",
    f"{SPEC}/ogcapi-processes-1/1.0/conf/job-list",
    f"{SPEC}/ogcapi-processes-1/1.0/conf/json",
    f"{SPEC}/ogcapi-processes-1/1.0/conf/oas30",
    f"{SPEC}/ogcapi-processes-1/1.0/conf/ogc-process-description",
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

# Where pages are made of the same documents.
WITH_PAGES = (
    f"{SPEC}/ogcapi-common-1/1.0/conf/html",
    f"{SPEC}/ogcapi-common-2/1.0/conf/html",
    f"{SPEC}/ogcapi-features-1/1.0/conf/html",
)


def conformance(api: OgcApi, _request: OgcRequest) -> Answer:
    """Declare the conformance classes (/req/core/conformance-op).

    pygeoapi's own function adds its classes to a module global on each request and claims transactions.
    """
    classes = CONFORMS_TO + (WITH_PAGES if api.render_html else ())
    return {"Content-Type": JSON}, 200, orjson.dumps({"conformsTo": classes})
