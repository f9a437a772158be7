"""``/search``: one box for areas, former names, towns, texts in profiles, coordinates and addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup, escape

from geo_service.db.engine import reading
from geo_service.db.search import SearchResult, search
from geo_service.domain.code_lists import PROFILE_SECTION
from geo_service.errors import InvalidParameterError
from geo_service.ogc.arguments import refuse
from geo_service.web.answers import html_answer, json_answer
from geo_service.web.context import shared
from geo_service.web.find_place import PlaceHit, PlaceHits, find_places, lookup_link
from geo_service.web.messages import text as sentence
from geo_service.web.page import Page, current_page, wants_json
from geo_service.web.problem_page import explain

MAX_LENGTH = 200
START, STOP = "⟦", "⟧"  # around the words that were found, as db/sql/search.sql puts them

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def search_page() -> Response:
    """Answer everything that a text may mean, in groups; without one, the box alone."""
    as_json = wants_json(request)
    words = request.args.get("q", "").replace("\0", " ").strip()
    try:
        if len(words) > MAX_LENGTH:
            refuse("q", f"Höchstens {MAX_LENGTH} Zeichen.", f"At most {MAX_LENGTH} characters.")
        if as_json and not words:
            refuse("q", "Gesucht wird mit q: /search?q=Nordstadt", "Search with q: /search?q=Nordstadt")
        places, found = _find(words)
    except InvalidParameterError as error:
        if as_json:
            raise
        return explain(error, lambda **fault: _page(words, PlaceHits("none"), SearchResult(), **fault))
    if as_json:
        document = _document(words, places, found)
        return json_answer(document, cache="no-store" if places.from_outside else "no-cache")
    return _page(words, places, found)


def _find(words: str) -> tuple[PlaceHits, SearchResult]:
    if not words:
        return PlaceHits("none", asked=False), SearchResult()
    page = current_page()
    places = find_places(words, page.language, only_likely=True)
    if places.source == "coordinates":
        return places, SearchResult()
    with reading(shared().engine) as connection:
        return places, search(connection, words, page.language)


def _page(
    words: str, places: PlaceHits, found: SearchResult, fault: str | None = None, status: int = 200
) -> Response:
    html = render_template(
        "search.html",
        words=words,
        places=places,
        found=found,
        fault=fault,
        section_title=_section_title,
        marked=_marked,
        anchor=_anchor,
        lookup_link=lookup_link,
    )
    return html_answer(html, status, kept=not places.from_outside)


def _section_title(section: str) -> str:
    return PROFILE_SECTION.label(section, current_page().language) or section


def _anchor(hit: dict[str, Any]) -> str:
    """Return the address of a section, in the language that its text is in."""
    page = current_page()
    return f"{page.link('/profiles/' + hit['area_id'], lang=hit['language'])}#{hit['section']}"


def _marked(snippet: str) -> Markup:
    """Return a snippet with its words marked and everything else as plain text; Markdown's signs are left out."""
    plain = snippet
    for sign in ("**", "__", "`", "#", "* ", "*"):
        plain = plain.replace(sign, "")
    text = str(escape(plain))
    return Markup(text.replace(START, "<mark>").replace(STOP, "</mark>"))  # noqa: S704 - escaped before


def _document(words: str, places: PlaceHits, found: SearchResult) -> dict[str, Any]:
    page = current_page()
    return {
        "query": words,
        "places": {
            "source": places.source,
            "attribution": places.attribution,
            "message": _place_message(places, page),
            "hits": [_place(hit, page) for hit in places.hits],
        },
        "areas": [
            {**area, "profile_url": page.absolute(f"/profiles/{area['area_id']}")} for area in found.areas
        ],
        "numberOfAreas": found.area_count,
        "municipalities": [
            {**town, "list_url": page.absolute("/profiles") + f"?ags={town['ags']}"} for town in found.towns
        ],
        "texts": [
            {
                **{name: hit[name] for name in ("area_id", "name", "municipality", "language", "section")},
                "section_title": _section_title(hit["section"]),
                "snippet": str(_marked(hit["snippet"])),
                "href": page.absolute(f"/profiles/{hit['area_id']}")
                + f"?lang={hit['language']}#{hit['section']}",
            }
            for hit in found.texts
        ],
        "moreTexts": found.more_texts,
        "similar": list(found.similar),
        "links": [
            {"rel": "self", "type": "application/json", "href": page.address(f="json")},
            {"rel": "alternate", "type": "text/html", "href": page.address(f="html")},
        ],
    }


def _place(hit: PlaceHit, page: Page) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in lookup_link(hit).items())
    return {
        "label": hit.label,
        "easting": round(hit.place.easting, 2),
        "northing": round(hit.place.northing, 2),
        "crs": "EPSG:25832",
        "note": page.text(hit.note) if hit.note else None,
        "lookup_url": page.absolute("/lookup") + f"?{query}",
    }


def _place_message(places: PlaceHits, page: Page) -> str | None:
    if places.failed:
        return sentence("find.failed", page.language)
    if places.source == "none" and places.asked:
        return sentence("find.nobody", page.language)
    return None
