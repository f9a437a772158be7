"""What a field is. The fields of each collection are declared once, in ``area_fields`` and its like.

They feed API, filters, import checks, exports (Shapefile: `short_name`), pages, and the test of the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo_service.domain.code_lists import ATTR_BASIS, CodeList, Label

FieldType = Literal["string", "integer", "number", "date", "date-time", "string-array", "url"]
FieldRole = Literal["id", "interval-start", "interval-end"]


@dataclass(frozen=True)
class Field:
    """One property of a feature.

    Attributes
    ----------
    name : str
        Key in JSON and column in ``publication``.
    type : FieldType
        ``string-array`` is an array in JSON and text joined by ``;`` in flat files and tiles;
        ``date`` is ``YYYY-MM-DD``; ``date-time`` is UTC.
    short_name : str
        At most ten characters of ``[a-z0-9_]``, for formats with short column names (Shapefile).
    derived : bool
        Computed by the service from other facts, hence never taken from an import.
    stored : bool
        A column of ``publication``. Only addresses are not, because no stored text may contain a host.
    unit : str, optional
        Unit of a measure, as UCUM writes it.
    technical : bool
        Says again what another field says, for programs; forms for people leave it out.
    """

    name: str
    type: FieldType
    title: Label
    description: Label
    short_name: str
    code_list: CodeList | None = None
    role: FieldRole | None = None
    nullable: bool = True
    derived: bool = False
    stored: bool = True
    unit: str | None = None
    technical: bool = False


def make_field(
    name: str,
    type_: FieldType,
    short_name: str,
    title: tuple[str, str],
    description: tuple[str, str],
    *,
    code_list: CodeList | None = None,
    role: FieldRole | None = None,
    nullable: bool = True,
    derived: bool = False,
    stored: bool = True,
    unit: str | None = None,
    technical: bool = False,
) -> Field:
    """Make a field from German and English pairs."""
    labels = Label(*title), Label(*description)
    return Field(
        name, type_, *labels, short_name, code_list, role, nullable, derived, stored, unit, technical
    )


# What several collections have.
ATTR_BASIS_FIELD = make_field(
    "attr_basis",
    "string",
    "attr_basis",
    ("Grundlage der Sachdaten", "Basis of the attributes"),
    ("Belegt, teilweise belegt oder fiktiv", "Documented, partly documented or fictional"),
    code_list=ATTR_BASIS,
    nullable=False,
)
SOURCE_FIELD = make_field(
    "source",
    "string",
    "source",
    ("Quelle", "Source"),
    ("Woher die Angaben stammen", "Where the data come from"),
)
UPDATED_AT_FIELD = make_field(
    "updated_at",
    "date-time",
    "updated_at",
    ("Stand", "Updated"),
    ("Zeitpunkt der letzten Änderung (UTC)", "Time of the last change (UTC)"),
    nullable=False,
    derived=True,
)
