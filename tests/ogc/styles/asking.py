"""Asking for styles, and for the links of a document."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

MAPBOX_STYLE = "application/vnd.mapbox.style+json"
STYLE_IDS = ("status", "status-adv-25832")


def get(api: FlaskClient, path: str) -> dict[str, Any]:
    response = api.get(path)
    assert response.status_code == 200, path
    document: dict[str, Any] = response.json
    return document


def links(document: dict[str, Any], rel: str) -> list[dict[str, Any]]:
    return [one for one in document["links"] if one["rel"] == rel]
