"""The list of municipalities: filters and order in the address, letters to jump to, nothing that needs a script."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from geo_service.db.engine import reading
from geo_service.db.towns import ORDERS, Town, TownFilters, list_towns
from geo_service.domain.code_lists import PARTICIPATION
from geo_service.ogc.arguments import refuse
from geo_service.web.answers import html_answer
from geo_service.web.area_filters import MAX_TEXT_LENGTH
from geo_service.web.context import shared
from geo_service.web.page import VARY, current_page

# Fewer fit on one screen or two, where there is nothing to jump over.
MIN_FOR_LETTERS = 30

blueprint = Blueprint("towns", __name__)


@blueprint.get("/municipalities")
def municipalities() -> Response:
    """List the municipalities; ``q``, ``region``, ``district``, ``participation`` and ``areas=1`` narrow it down."""
    asked = _asked()
    page = current_page()
    if any(not value for value in request.args.values()):  # a form was filled in, as far as it goes
        given = [(name, value) for name, value in page.query if value and name != "lang"]
        tidy = redirect(page.link_to(page.path, given), 303)
        tidy.vary.update(VARY)
        return tidy
    with reading(shared().engine) as connection:
        towns = list_towns(connection, asked)
    starts = _starts(towns.rows) if asked.order == "name" else {}
    html = render_template(
        "municipalities.html",
        towns=towns,
        asked=asked,
        filters=_pairs(asked),
        orders=tuple(ORDERS),
        starts=starts,
        letters=list(starts.values()),
        with_areas=sum(town.areas > 0 for town in towns.rows),
        participation=PARTICIPATION,
    )
    return html_answer(html)


def _asked() -> TownFilters:
    texts = {
        name: request.args.get(name, "").strip() for name in ("q", "region", "district", "participation")
    }
    for name, value in texts.items():
        if len(value) > MAX_TEXT_LENGTH:
            refuse(
                name,
                f"{name} ist ein Text von höchstens {MAX_TEXT_LENGTH} Zeichen.",
                f"{name} is a text of {MAX_TEXT_LENGTH} characters at most.",
            )
    order = request.args.get("sort") or "name"
    if order not in ORDERS:
        names = ", ".join(ORDERS)
        refuse("sort", f"sort nennt eine Spalte aus: {names}.", f"sort names one of the columns {names}.")
    return TownFilters(**texts, with_areas=request.args.get("areas") == "1", order=order)


def _pairs(asked: TownFilters) -> list[tuple[str, str]]:
    """Return the filters as parameters, without the order."""
    found = [(name, getattr(asked, name)) for name in ("q", "region", "district", "participation")]
    found.append(("areas", "1" if asked.with_areas else ""))
    return [(name, value) for name, value in found if value]


def _starts(rows: Sequence[Town]) -> dict[str, str]:
    """Return the letters by the key of the first municipality of each; nothing where the list is short."""
    if len(rows) < MIN_FOR_LETTERS:
        return {}
    return {next(group).ags: letter for letter, group in groupby(rows, lambda town: _letter(town.name))}


def _letter(name: str) -> str:
    """Return the letter below which a dictionary has a name: Ö is among O."""
    return unicodedata.normalize("NFD", name)[:1].upper()
