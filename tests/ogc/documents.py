"""Asking for JSON documents, their links and their features."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient


def get(api: FlaskClient, url: str, **arguments: Any) -> dict[str, Any]:
    response = api.get(url, **arguments)
    assert response.status_code == 200, response.data
    document: dict[str, Any] = json.loads(response.data)
    return document


def links(document: dict[str, Any], *relations: str) -> list[dict[str, Any]]:
    return [one for one in document["links"] if one["rel"] in relations]


def href(document: dict[str, Any], rel: str) -> str | None:
    return next((one["href"] for one in document["links"] if one["rel"] == rel), None)


def walk(api: FlaskClient, url: str) -> list[dict[str, Any]]:
    """Follow the next links and return the pages."""
    pages, following = [], url
    while following:
        pages.append(get(api, following))
        following = href(pages[-1], "next")
    return pages


def ids(*pages: dict[str, Any]) -> list[str]:
    return [feature["id"] for page in pages for feature in page["features"]]
