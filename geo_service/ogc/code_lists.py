"""The code lists as resources: each code with its German and its English label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from geo_service.domain.code_lists import CODE_LISTS, Code, CodeList
from geo_service.ogc.known import Kind, find_known
from geo_service.ogc.links import JSON, TITLES, link
from geo_service.ogc.responses import Answer

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest


def code_lists(api: OgcApi, request: OgcRequest) -> Answer:
    """Answer with names and titles of all code lists."""
    url = f"{api.base_url}/codelists"
    entries = [
        {
            "id": one.name,
            "title": one.title.text(request.language),
            "links": [link("self", JSON, request.url(f"{url}/{one.name}"), one.title.text(request.language))],
        }
        for one in CODE_LISTS.values()
    ]
    links = [
        link("self", JSON, request.url(url), TITLES["codelists"].text(request.language)),
        *request.alternates(url),
    ]
    return {"Content-Type": JSON}, 200, orjson.dumps({"codelists": entries, "links": links})


def code_list(api: OgcApi, request: OgcRequest, code_list_id: str) -> Answer:
    """Answer with one code list; ``null`` says what a missing value is called, where that has a name."""
    known = find_known(Kind("Diese Codeliste", "code list"), code_list_id, CODE_LISTS)
    title = known.title.text(request.language)
    url = f"{api.base_url}/codelists/{known.name}"
    document = {
        "id": known.name,
        "title": title,
        **_codes(known, request.language),
        "links": [link("self", JSON, request.url(url), title), *request.alternates(url)],
    }
    return {"Content-Type": JSON}, 200, orjson.dumps(document)


def _codes(known: CodeList, language: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "codes": [{"code": entry.code, **_labels(entry, language)} for entry in known.entries]
    }
    if known.null is not None:
        result["null"] = _labels(known.null, language)
    return result


def _labels(entry: Code, language: str) -> dict[str, Any]:
    label = entry.label
    return {"title": label.text(language), "label": {"de": label.de, "en": label.en}}
