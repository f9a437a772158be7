"""Strategies for hypothesis: filters in the JSON encoding, over every operator and function.

Values are drawn so that they meet the sample features often, and so that arithmetic is exact on both sides.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]

TEXTS = ("name", "municipality", "ags", "status", "stage", "programme", "district", "geom_basis", "concept")
NUMBERS = ("start_year", "end_year", "area_ha", "population", "sections")
DATES = ("start_date", "end_date", "resolution_date")
ARRAYS = ("ags_all", "municipalities", "programmes")
WORDS = (
    "ongoing", "planned", "completed", "Dortmund", "dortmund", "DÜSSELDORF", "Dusseldorf", "Musterstadt", "05",
    "05999001", "05999002", "Musterdorf", "SOS", "SUW", "official", "schematic", "Köln", "",
    "STRASSE", "Straße", "it's",
)  # fmt: skip
PATTERNS = (
    "%stadt%",
    "M_ster%",
    "Beispielgebiet%",
    "%ü%",
    "%U%",
    "D%",
    "05%",
    "%\\%%",
    "_%",
    "%straße%",
    "o%g",
)
DAYS = ("1999-12-31", "2008-01-01", "2010-05-01", "2012-05-01", "2015-07-01", "2018-12-31", "2030-01-01")
INSTANTS = ("2000-01-01T00:00:00Z", "2020-02-29T12:30:00.5Z", "2026-06-01T00:00:00Z", "2090-01-01T00:00:00Z")
COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
SPATIAL = (
    "s_intersects",
    "s_equals",
    "s_disjoint",
    "s_touches",
    "s_within",
    "s_overlaps",
    "s_crosses",
    "s_contains",
)
TEMPORAL_ANY = ("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects")
TEMPORAL_INTERVAL = (
    "t_contains", "t_during", "t_finishedBy", "t_finishes", "t_meets", "t_metBy", "t_overlappedBy", "t_overlaps",
    "t_startedBy", "t_starts",
)  # fmt: skip
SETS = ("a_equals", "a_contains", "a_containedBy", "a_overlaps")


def op(name: str | Strategy, *args: Any) -> Strategy:
    names = st.just(name) if isinstance(name, str) else name
    return st.builds(lambda one, values: {"op": one, "args": list(values)}, names, st.tuples(*args))


def prop(*names: str) -> Strategy:
    return st.sampled_from(names).map(lambda name: {"property": name})


def instants(kind: str, texts: tuple[str, ...]) -> Strategy:
    return st.sampled_from(texts).map(lambda text: {kind: text})


word = st.sampled_from(WORDS)
text = st.recursive(
    prop(*TEXTS) | word, lambda inner: op(st.sampled_from(("casei", "accenti")), inner), max_leaves=3
)
like_pattern = st.recursive(
    st.sampled_from(PATTERNS), lambda inner: op(st.sampled_from(("casei", "accenti")), inner), max_leaves=2
)
whole = st.integers(-50, 2030)
decimal = st.integers(0, 20_000).map(lambda cents: cents / 100)
number_leaf = prop(*NUMBERS) | whole | decimal
number = (
    number_leaf
    | op(st.sampled_from(("+", "-", "*")), number_leaf, number_leaf)
    | op("/", number_leaf, st.sampled_from((2, 4, 5, 8, -10)))
    | op(st.sampled_from(("div", "%")), number_leaf, st.sampled_from((2, 3, 7, -5)))
    | op("^", prop("start_year", "sections") | st.integers(-9, 9), st.integers(0, 3))
    | op("+", op("*", prop("sections"), whole), op("-", prop("start_year"), whole))
)
date = prop(*DATES) | instants("date", DAYS)
timestamp = prop("updated_at") | instants("timestamp", INSTANTS)


@st.composite
def intervals(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        ends = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
    elif draw(st.booleans()):
        ends = sorted(draw(st.tuples(st.sampled_from(INSTANTS), st.sampled_from(INSTANTS))))
    else:
        return {"interval": [{"property": "start_date"}, {"property": "end_date"}]}
    opened: list[Any] = list(ends)
    if draw(st.integers(0, 3)) == 0:
        opened[draw(st.integers(0, 1))] = ".."
    return {"interval": opened}


def shapes(min_x: float, min_y: float, max_x: float, max_y: float, digits: int) -> Strategy:
    """Geometries somewhere in a box; what is valid by construction: triangles, boxes, lines, points."""
    position = st.tuples(
        st.floats(min_x, max_x, allow_nan=False), st.floats(min_y, max_y, allow_nan=False)
    ).map(lambda one: [round(one[0], digits), round(one[1], digits)])
    width, height = (max_x - min_x) / 2, (max_y - min_y) / 2

    def ring(corner: list[float], share: float) -> list[list[float]]:
        x, y = corner
        right, top = round(x + width * share, digits), round(y + height * share, digits)
        return [[x, y], [right, y], [right, top], [x, y]]

    share = st.floats(0.05, 1)
    point = position.map(lambda one: {"type": "Point", "coordinates": one})
    line = st.tuples(position, share).map(lambda one: {"type": "LineString", "coordinates": ring(*one)[:3]})
    polygon = st.tuples(position, share).map(lambda one: {"type": "Polygon", "coordinates": [ring(*one)]})
    box = st.tuples(position, share).map(lambda one: {"bbox": [*ring(*one)[0], *ring(*one)[2]]})
    solid = st.tuples(position, share).map(
        lambda one: {"bbox": [*ring(*one)[0], 0.5, *ring(*one)[2], 100.0]}  # with heights
    )
    parts = {
        "MultiPoint": st.lists(position, min_size=1, max_size=3, unique_by=tuple),
        "MultiLineString": st.lists(line.map(lambda one: one["coordinates"]), min_size=1, max_size=2),
        "MultiPolygon": polygon.map(lambda one: [one["coordinates"]]),
    }
    multi = st.one_of(
        *(
            value.map(lambda one, kind=kind: {"type": kind, "coordinates": one})
            for kind, value in parts.items()
        )
    )
    collection = st.lists(polygon, min_size=1, max_size=2).map(
        lambda one: {"type": "GeometryCollection", "geometries": one}
    )
    return point | line | polygon | polygon | box | box | solid | multi | collection


def predicates(geometry: Strategy) -> Strategy:
    geom = prop("geom", "geometry")
    pair = st.tuples(geom, geometry) | st.tuples(geometry, geom)
    spatial = st.builds(lambda name, args: {"op": name, "args": list(args)}, st.sampled_from(SPATIAL), pair)
    interval = intervals()
    return st.one_of(
        op(st.sampled_from(COMPARISONS), text, text),
        op(st.sampled_from(COMPARISONS), number, number),
        op(st.sampled_from(COMPARISONS), date | timestamp, date | timestamp),
        op("like", text, like_pattern),
        op("between", number, number, number),
        op("between", date, date, date),
        op("in", text, st.lists(text, min_size=1, max_size=3)),
        op("in", number, st.lists(number, min_size=1, max_size=3)),
        op("in", timestamp, st.lists(date | timestamp, min_size=1, max_size=3)),
        op("isNull", prop(*TEXTS, *NUMBERS, *DATES, *ARRAYS, "geom") | text | number),
        spatial,
        spatial,
        op("s_dwithin", geom, geometry, st.sampled_from((0, 500, 10_000, 99_999.5))),
        op(st.sampled_from(TEMPORAL_ANY), date | timestamp | interval, date | timestamp | interval),
        op(st.sampled_from(TEMPORAL_INTERVAL), interval, interval),
        op(st.sampled_from(SETS), prop(*ARRAYS), st.lists(word, max_size=3) | prop(*ARRAYS)),
        st.booleans(),
    )


def filters(geometry: Strategy) -> Strategy:
    """Return filters of several predicates joined by AND, OR and NOT."""
    return st.recursive(
        predicates(geometry),
        lambda inner: st.one_of(
            st.builds(
                lambda name, args: {"op": name, "args": args},
                st.sampled_from(("and", "or")),
                st.lists(inner, min_size=2, max_size=3),
            ),
            op("not", inner),
        ),
        max_leaves=5,
    )
