"""The filters as pages show them: a form with its values, what is chosen in words, and the legend's counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Request, redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from geo_service.db.area_list import BBox, Choices, StateCount, count_states, find_choices
from geo_service.domain.code_lists import PROGRAMME, STATUS
from geo_service.ogc.map_style import LEGEND_ORDER, UNKNOWN
from geo_service.web import formats
from geo_service.web.area_filters import NAMES, AreaFilters
from geo_service.web.context import shared
from geo_service.web.page import VARY, Page, current_page

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Chosen:
    """One active filter in words, and the address of the page without it."""

    name: str
    title: str
    value: str
    remove_href: str


@dataclass(frozen=True)
class StateView:
    """One line of the legend: how many areas, and whether the filters show them."""

    key: str
    label: str
    count: int
    shown: bool


@dataclass(frozen=True)
class FilterView:
    """Everything that form, chips and legend of a page need.

    Attributes
    ----------
    shown : int
        Areas that fulfil the filters.
    bbox : tuple, optional
        Around their label points, in degrees (CRS84).
    without_period : int
        Areas that fulfil all filters but status and year, and whose period is not known.
    """

    action: str
    path: str
    filters: AreaFilters
    states: tuple[StateView, ...]
    shown: int
    bbox: BBox | None
    without_period: int
    without_period_href: str
    chosen: tuple[Chosen, ...]
    options: Mapping[str, Options]
    years: tuple[int, int] | None
    hidden: tuple[tuple[str, str], ...]


def read_filter_view(
    connection: Connection, filters: AreaFilters, page: Page, path: str, more: Sequence[tuple[str, str]] = ()
) -> FilterView:
    """Read what the filters offer and count; `more` are parameters of the page that every link keeps."""
    memo = shared().memo
    choices = memo.get(connection, "choices", lambda: find_choices(connection))
    counts, without_period = memo.get(
        connection,
        ("counts", filters.without("status")),
        lambda: read_counts(connection, filters),
    )
    options = _options(choices, filters, page)
    years = (choices.first_year, choices.last_year) if choices.first_year and choices.last_year else None
    return FilterView(
        action=f"{page.prefix}{path}",
        path=path,
        filters=filters,
        states=_states(filters, counts, page),
        shown=sum(counts[state].areas for state in filters.states if state in counts),
        bbox=_around([counts[state].bbox for state in filters.states if state in counts]),
        without_period=without_period,
        without_period_href=page.link_to("/profiles", _without_period(filters).pairs()),
        chosen=tuple(_chosen(filters, options, page, path, more)),
        options=options,
        years=years,
        hidden=(*more, *([("lang", page.language)] if page.chosen else [])),
    )


def read_counts(connection: Connection, filters: AreaFilters) -> tuple[dict[str, StateCount], int]:
    """Count by state under all filters but that of the state, so that the legend tells what it would bring."""
    return count_states(connection, filters.without("status", "year").items_query(1), filters.year)


def tile_parameters(filters: AreaFilters) -> dict[str, str]:
    """Return what tiles are asked for: the state in a year is left to the map, which then need not ask again."""
    return (filters.without("status", "year") if filters.year else filters).api_parameters()


def filters_in_words(filters: AreaFilters, page: Page) -> str:
    """Return the choice as one line of text, with keys where only the database knows the names."""
    options: dict[str, Options] = {
        name: [(value, value)]
        for name in ("government_region", "district", "ags")
        if (value := getattr(filters, name))
    }
    options["programme"] = [(code.code, code.label.text(page.language)) for code in PROGRAMME]
    return "; ".join(f"{one.title}: {one.value}" for one in _chosen(filters, options, page, "/profiles", ()))


def tidy_redirect(
    request: Request, filters: AreaFilters, more: Sequence[tuple[str, str]] = ()
) -> Response | None:
    """Send people who filled in a form on to the one address of their choice, without empty parameters."""
    given = list(request.args.items(multi=True))
    mine = {*NAMES, *(name for name, _ in more)}
    others = [(name, value) for name, value in given if name not in mine and value and name != "lang"]
    asked = [pair for pair in given if pair[0] in NAMES]
    if all(value for _, value in given) and sorted(asked) == sorted(filters.pairs()):
        return None
    page = current_page()
    response = redirect(page.link_to(page.path, [*filters.pairs(), *more, *others]), 303)
    response.vary.update(VARY)
    return response


def _without_period(filters: AreaFilters) -> AreaFilters:
    return AreaFilters(
        q=filters.q,
        programme=filters.programme,
        government_region=filters.government_region,
        district=filters.district,
        ags=filters.ags,
        no_period=True,
    )


def _states(filters: AreaFilters, counts: Mapping[str, StateCount], page: Page) -> tuple[StateView, ...]:
    order = [key for key in LEGEND_ORDER if filters.year is None or key in ("ongoing", "completed")]
    return tuple(
        StateView(
            key,
            STATUS.label(None if key == UNKNOWN else key, page.language) or "",
            counts[key].areas if key in counts else 0,
            key in filters.states,
        )
        for key in order
    )


def _around(boxes: Sequence[BBox | None]) -> BBox | None:
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def _options(choices: Choices, filters: AreaFilters, page: Page) -> dict[str, Options]:
    """Return values and labels to choose from; what the address asks for is there in any case."""
    found = {
        "programme": [
            (code.code, code.label.text(page.language))
            for code in PROGRAMME
            if code.code in choices.programmes or code.code == filters.programme
        ],
        "government_region": [(name, name) for name in choices.government_regions],
        "district": [(name, name) for name in choices.districts],
        "ags": _towns(choices),
    }
    for name, options in found.items():
        asked = getattr(filters, name)
        if asked and asked not in (value for value, _ in options):
            options.append((asked, asked))
    return found


def _towns(choices: Choices) -> list[tuple[str, str]]:
    """Return keys and names of municipalities; with the district where two share a name."""
    names = [town.name for town in choices.towns]
    return [
        (town.ags, f"{town.name} ({town.district or town.ags})" if names.count(town.name) > 1 else town.name)
        for town in choices.towns
    ]


def _chosen(
    filters: AreaFilters,
    options: Mapping[str, Options],
    page: Page,
    path: str,
    more: Sequence[tuple[str, str]],
) -> list[Chosen]:
    values = {
        "q": f"„{filters.q}“" if page.language == "de" else f"“{filters.q}”",
        "status": ", ".join(
            STATUS.label(None if code == UNKNOWN else code, page.language) or "" for code in filters.status
        ),
        "period": page.text("filter.period.unknown"),
        "from": _years(filters, page),
        "year": str(filters.year or ""),
        **{name: dict(found).get(getattr(filters, name), "") for name, found in options.items()},
    }
    active = {name for name, _ in filters.pairs()}
    if "to" in active:
        active.add("from")
    return [
        Chosen(
            name,
            page.text(f"filter.{name}"),
            values[name],
            page.link_to(
                path, [*filters.without(*(("from", "to") if name == "from" else (name,))).pairs(), *more]
            ),
        )
        for name in NAMES
        if name in active and name in values
    ]


def _years(filters: AreaFilters, page: Page) -> str:
    facts = {"start_year": filters.from_year, "end_year": filters.to_year, "status": "planned"}
    return formats.period(facts, page.language)
