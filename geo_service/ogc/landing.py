"""The landing page and the API definition: pygeoapi's documents, with links to what is served."""

from __future__ import annotations

import orjson
from pygeoapi.api import landing_page as pygeoapi_landing_page
from pygeoapi.api import openapi_ as pygeoapi_openapi

from geo_service.ogc.links import (
    FUNCTIONS,
    HTML,
    JSON,
    OPENAPI,
    TILESETS_VECTOR,
    TILING_SCHEMES,
    TITLES,
    Link,
    link,
    link_header,
)
from geo_service.ogc.openapi.definition import api_definition
from geo_service.ogc.processes.resources import JOB_LIST, PROCESSES_REL
from geo_service.ogc.processes.resources import TITLES as PROCESS_TITLES
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.qgis import dataset_file_links
from geo_service.ogc.responses import Answer
from geo_service.ogc.styles import styles_link


def landing_page(api: OgcApi, request: OgcRequest) -> Answer:
    """Answer with title, description and the ways into the API (/req/core/root-success)."""
    _, status, content = pygeoapi_landing_page(api, request)
    document = orjson.loads(content)
    document["links"] = _links(api, request)
    document["attribution"] = api.config["metadata"]["provider"]["name"]
    headers = {
        "Content-Type": JSON,
        "Link": link_header(document["links"], ("service-desc", "conformance", "data")),
    }
    return headers, status, orjson.dumps(document)


def _links(api: OgcApi, request: OgcRequest) -> list[Link]:
    titles = {name: message.text(request.language) for name, message in (TITLES | PROCESS_TITLES).items()}
    licence = api.config["metadata"]["license"]
    return [
        link("self", JSON, request.url(api.base_url), titles["landing"]),
        *request.alternates(api.base_url),
        link("alternate", HTML, request.url(f"{request.public_url}/"), titles["map"]),
        link("service-desc", OPENAPI, request.url(f"{api.base_url}/openapi"), titles["openapi"]),
        *_definition_page(api, request),
        link("conformance", JSON, request.url(f"{api.base_url}/conformance"), titles["conformance"]),
        link("data", JSON, request.url(f"{api.base_url}/collections"), titles["collections"]),
        link(FUNCTIONS, JSON, request.url(f"{api.base_url}/functions"), titles["functions"]),
        link(TILESETS_VECTOR, JSON, request.url(f"{api.base_url}/tiles"), titles["tilesets"]),
        link(TILING_SCHEMES, JSON, request.url(f"{api.base_url}/tileMatrixSets"), titles["tiling-schemes"]),
        styles_link(api, request),
        link(PROCESSES_REL, JSON, request.url(f"{api.base_url}/processes"), titles["processes"]),
        link(JOB_LIST, JSON, request.url(f"{api.base_url}/jobs"), titles["jobs"]),
        link("help", HTML, request.url(f"{request.public_url}/qgis"), titles["qgis"]),
        link("related", JSON, request.url(f"{api.base_url}/codelists"), titles["codelists"]),
        *dataset_file_links(api, request),
        link("license", HTML, licence["url"], licence["name"]),
    ]


def _definition_page(api: OgcApi, request: OgcRequest) -> list[Link]:
    """Return the link to the API definition for people, where pages are made (/rec/core/api-definition-oas)."""
    if api.render_html is None:
        return []
    url = request.url(f"{api.base_url}/openapi", f="html")
    return [link("service-doc", HTML, url, TITLES["api-page"].text(request.language))]


def openapi(api: OgcApi, request: OgcRequest) -> Answer:
    """Answer with the API definition (/req/oas30/oas-definition-1), in the language of the request."""
    api.openapi = api_definition(api, request.language)
    _, status, content = pygeoapi_openapi(api, request)
    return {"Content-Type": OPENAPI}, status, content
