"""The statement of a page of features: the walk along an index that finds them, their texts, and how many match.

The planner sees how many rows a condition leaves, and chooses an index by that. Of a box, or of a shape in a filter, it
cannot see it, since the statement itself brings that to the storage CRS. So there the statement decides
(`_matches_walk`).
"""

from __future__ import annotations

from collections.abc import Sequence

from geo_service.db.counted import Choice, counted_choice
from geo_service.db.encodings import Encoding
from geo_service.db.ordering import WHOLE, Branch, Term, branches, renamed, terms
from geo_service.db.queries import Conditions
from geo_service.db.steady import RAW, STEADY_RAW
from geo_service.domain.collections import Collection
from geo_service.domain.query import COUNT_LIMIT, ItemsQuery

# Tables whose rows are counted as they come and go: ``publication.dataset`` has the number.
COUNTED = ("programme_area", "municipality")
# Where at least this part of all features matches, the next ones are found soon by walking along the keys.
MANY = 4
# True, and not for parallel workers to find out: they would be started before it is known whether there is a walk.
ALONE = "pg_backend_pid() IS NOT NULL"


def page_statement(query: ItemsQuery, parts: Conditions, encoding: Encoding) -> str:
    """Write the statement of a page: its branches one after the other, until the page is full.

    One feature more than the page holds is read, to know whether there are more. `near_place` is where the
    first feature stands that was read, `far_place` where the last one of a full page does.
    """
    steady = _is_steady(query)
    # Written out, the number lets a plan be kept that is made for it.
    limit = str(query.limit) if steady else f"{parts.bind(query.limit)}::int8"
    choice = counted_choice(query)
    matched = _few("number", "matched") if _counts_first(query) else _count(query, parts, choice)
    indexed = choice.as_indexed(parts.bind) if choice is not None else None
    if indexed is not None:
        parts.texts = [indexed]
    names: list[str] = []
    selects = _matching(query.collection, parts) if _counts_first(query) else []
    for branch in branches(query, parts.bind):
        before = " + ".join(f"(SELECT count(*) FROM {name})" for name in names) or "0"
        names.append(f"branch_{len(names)}")
        selects.append(f"{names[-1]} AS ({_branch_select(query, parts, branch, limit, before, encoding)})")
    whole = "false" if query.place is not None or query.offset else "true"
    direction = "DESC" if query.place is not None and query.place.backwards else "ASC"
    return f"""{STEADY_RAW if steady else RAW}
        WITH {", ".join(selects)},
        page AS ({" UNION ALL ".join(f"SELECT * FROM {name}" for name in names)}),
        written AS (
            SELECT coalesce(string_agg(feature, '{encoding.separator}' ORDER BY position {direction})
                            FILTER (WHERE position <= {limit}), '') AS features,
                   count(*) AS fetched,
                   max(place) FILTER (WHERE position = 1) AS near_place,
                   max(place) FILTER (WHERE position = {limit}) AS far_place
              FROM page
        )
        SELECT features, fetched, near_place, far_place,
               CASE WHEN {whole} AND fetched <= {limit} THEN fetched
                    ELSE {matched} END AS matched,
               dataset.version
          FROM written, publication.dataset"""


def _is_steady(query: ItemsQuery) -> bool:
    """Tell whether the best plan is the same whatever the values: how many rows a condition leaves, decides it.

    The shape of a box is computed by the statement itself, so that the planner never knows it.
    """
    conditional = query.filter, query.q, query.datetime, query.filters, query.offset
    return not any(conditional)


def _branch_select(
    query: ItemsQuery, parts: Conditions, branch: Branch, limit: str, before: str, encoding: Encoding
) -> str:
    """Write one branch; the walk along the index ends with what the branches `before` it left of the page.

    The walk has a constant limit of its own, so that the planner sees how short it is.
    """
    order = terms(query)
    again = renamed(order)
    columns = ", ".join(
        f"{term.expression} AS {new.expression}" for term, new in zip(order, again, strict=True)
    )
    same_order = branch.order_by(again)
    if _counts_first(query):
        walk = _matches_walk(
            query, parts, branch, columns, f"ORDER BY {branch.order_by(order)} LIMIT {limit} + 1"
        )
    else:
        walk = f"""
        SELECT *, {columns} FROM publication.{query.collection.table}
        {parts.where(*branch.conditions, *_skipping(query, parts, order))}
        ORDER BY {branch.order_by(order)} LIMIT {limit} + 1"""
    return f"""
        SELECT {before} + row_number() OVER (ORDER BY {same_order}) AS position,
               json_build_array({", ".join(term.expression for term in again)})::text AS place,
               {encoding.expression(query.collection, query.crs, query.selection)} AS feature
          FROM ({walk}) AS walk
         ORDER BY {same_order}
         LIMIT greatest({limit} + 1 - ({before}), 0)"""


def _counts_first(query: ItemsQuery) -> bool:
    is_spatial = query.bbox is not None or (query.filter is not None and query.filter.is_spatial)
    return is_spatial and not query.sort and not query.offset


def _matching(collection: Collection, parts: Conditions) -> list[str]:
    """Write what is asked first: the keys of what matches, how many these are, and whether these are many."""
    key, table = collection.key_column, collection.table
    whole = f"{table}_count" if table in COUNTED else "NULL"
    return [
        f"matching AS MATERIALIZED (SELECT {key} FROM publication.{table} {parts.where()} LIMIT {COUNT_LIMIT + 1})",
        f"""matched AS MATERIALIZED (
            SELECT number, number > {COUNT_LIMIT} OR coalesce(number * {MANY} > {whole}, false) AS many
              FROM (SELECT count(*) AS number FROM matching) AS counted, publication.dataset)""",
    ]


def _matches_walk(query: ItemsQuery, parts: Conditions, branch: Branch, columns: str, order: str) -> str:
    """Write the walk to the next matches: along all keys where these are many, else among the keys that match.

    One of the two is carried out. CASE keeps the one away from the index over the shapes, and lets the planner expect
    every second feature to match; the other one has all the keys, unless they are many.
    """
    key, table = query.collection.key_column, f"publication.{query.collection.table}"
    many = "(SELECT many FROM matched)"
    matches = f"CASE WHEN {' AND '.join(parts.texts)} THEN true END"
    conditions = " AND ".join(branch.conditions) or "true"
    return f"""
        (SELECT *, {columns} FROM {table} WHERE {many} AND {ALONE} AND {conditions} AND {matches} {order})
        UNION ALL
        (SELECT *, {columns} FROM {table} WHERE {key} IN (
            SELECT {key} FROM matching WHERE NOT {many} AND {conditions} {order}))"""


def _skipping(query: ItemsQuery, parts: Conditions, order: Sequence[Term]) -> list[str]:
    """Return the condition of ``offset``.

    Only the keys of skipped rows are walked; OFFSET on the page itself would write their features, too.
    """
    if not query.offset:
        return []
    key, table = query.collection.key_column, f"publication.{query.collection.table}"
    keys = f"SELECT {key} FROM {table} {parts.where()} ORDER BY {WHOLE.order_by(order)}"
    skipped = f"{parts.bind(query.offset)}::int8"
    if not query.sort:
        return [f"{key} >= ({keys} LIMIT 1 OFFSET {skipped})"]
    return [f"{key} IN ({keys} LIMIT {parts.bind(query.limit)}::int8 + 1 OFFSET {skipped})"]


def _count(query: ItemsQuery, parts: Conditions, choice: Choice | None) -> str:
    """Return the SQL expression of the number of matches: one that is kept, or null where it is above `COUNT_LIMIT`."""
    table = query.collection.table
    if not parts.texts and table in COUNTED:
        return f"dataset.{table}_count"
    if choice is not None:
        return choice.number(parts.bind)
    return _few(
        "count(*)", f"(SELECT FROM publication.{table} {parts.where()} LIMIT {COUNT_LIMIT + 1}) AS counted"
    )


def _few(number: str, source: str) -> str:
    return f"(SELECT CASE WHEN {number} <= {COUNT_LIMIT} THEN {number} END FROM {source})"


def hits_statement(query: ItemsQuery, parts: Conditions) -> str:
    """Write the statement that only counts."""
    return f"""
        SELECT {_count(query, parts, counted_choice(query))} AS matched, dataset.version FROM publication.dataset"""
