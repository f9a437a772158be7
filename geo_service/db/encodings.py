"""How a feature is written: the SQL expression of its text, for each format that is a text.

All of them bind the names of `FeatureLinks.values` and nothing else, so that one statement serves every format.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geo_service.db.feature_json import VALUES, assemble, feature
from geo_service.db.queries import geometry_json, outline_tolerance, written_shape
from geo_service.domain.collections import Collection
from geo_service.domain.crs import CRS84, ReferenceSystem
from geo_service.domain.fields import Field
from geo_service.domain.query import Selection


@dataclass(frozen=True)
class Encoding:
    """A way to write features.

    Attributes
    ----------
    expression : callable
        Takes collection, CRS and selection, and whether the feature stands alone (``single``); returns SQL.
    separator : str
        What stands between two features.
    """

    expression: Callable[..., str]
    separator: str = ","


def table_fields(collection: Collection, selection: Selection) -> tuple[Field, ...]:
    """Return the columns of a table: those selected, and always the identifier, which has no other place."""
    if selection.properties is None:
        return collection.fields
    return tuple(
        field
        for field in collection.fields
        if field in selection.properties or field.name == collection.id_column
    )


def _sequence(
    collection: Collection, crs: ReferenceSystem, selection: Selection, *, single: bool = False
) -> str:
    """Write a GeoJSON text sequence (RFC 8142): a record separator before each text, a line feed after it."""
    return f"chr(30) || {feature(collection, crs, selection, single=single)} || chr(10)"


def _json_fg(
    collection: Collection, crs: ReferenceSystem, selection: Selection, *, single: bool = False
) -> str:
    """Write a JSON-FG feature (21-045r1): ``place`` in `crs`, ``geometry`` in CRS84, and the period as ``time``."""
    return _with_place(collection, crs, selection, _fallback(collection, crs, selection), single=single)


def _json_fg_place(
    collection: Collection, crs: ReferenceSystem, selection: Selection, *, single: bool = False
) -> str:
    """Write a JSON-FG feature whose shape is written once: ``geometry`` is there in CRS84 alone."""
    geometry = geometry_json(CRS84, collection, selection) if crs == CRS84 else "'null'"
    return _with_place(collection, crs, selection, geometry, single=single)


def _with_place(
    collection: Collection, crs: ReferenceSystem, selection: Selection, geometry: str, *, single: bool
) -> str:
    place = "'null'" if crs == CRS84 else geometry_json(crs, collection, selection)
    more = f""" || ',"time":' || {_time(collection)} || ',"place":' || {place}"""
    return assemble(collection, geometry, selection, more=more, single=single)


def _fallback(collection: Collection, crs: ReferenceSystem, selection: Selection) -> str:
    """Write ``geometry`` beside ``place``: the same shape, also where the outline is simplified."""
    if crs == CRS84 or not selection.geometry or outline_tolerance(collection, selection) is None:
        return geometry_json(CRS84, collection, selection)
    shape = written_shape(crs, collection, selection)
    shape = f"ST_FlipCoordinates({shape})" if crs.axes_swapped else shape
    return f"coalesce(ST_AsGeoJSON(ST_Transform({shape}, 4326), {CRS84.digits}, 0), 'null')"


def _time(collection: Collection) -> str:
    """Write the period with both its days included; ``..`` is an open end, and an unknown period is null."""
    if not collection.has_period:
        return "'null'"
    return (
        """CASE WHEN period IS NULL THEN 'null' ELSE '{"interval":["' || coalesce(lower(period)::text, '..')"""
        """ || '","' || coalesce((upper(period) - 1)::text, '..') || '"]}' END"""
    )


def _csv(
    collection: Collection,
    crs: ReferenceSystem,
    selection: Selection,
    **_single: bool,
) -> str:
    """Write a line of CSV (RFC 4180): the geometry as WKT first, then the columns of `table_fields`.

    Texts are quoted as they are: what a spreadsheet would read as a formula is data here, and stays so.
    """
    cells = [_cell(field, collection) for field in table_fields(collection, selection)]
    if selection.geometry:
        shape = written_shape(crs, collection, selection)
        cells.insert(0, f"""coalesce('"' || ST_AsText({shape}, {crs.digits}) || '"', '')""")
    line = " || ',' || ".join(cells)
    return f"{line} || chr(13) || chr(10)"


def _cell(field: Field, collection: Collection) -> str:
    if not field.stored:
        return f"'\"' || %(pages)s || {collection.id_column} || '\"'"
    value = VALUES.get(field.type, "{name}").format(name=field.name)
    if field.type in ("integer", "number", "date", "date-time"):
        return f"coalesce(({value})::text, '')"
    if field.type == "string-array":
        value = f"array_to_string({field.name}, ';')"
    return f"""coalesce('"' || replace({value}, '"', '""') || '"', '')"""


def _key(collection: Collection, _crs: ReferenceSystem, _selection: Selection, **_single: bool) -> str:
    return f"{collection.key_column}::text"


GEOJSON = Encoding(feature)
GEOJSON_SEQUENCE = Encoding(_sequence, separator="")
JSON_FG = Encoding(_json_fg)
JSON_FG_PLACE = Encoding(_json_fg_place)
CSV = Encoding(_csv, separator="")
# The keys alone: which features a page has, for those who read them in another way.
KEYS = Encoding(_key)
