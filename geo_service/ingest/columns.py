"""Which column of a file is which of our fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo_service.domain.collections import Collection
from geo_service.domain.fields import Field
from geo_service.ingest.report import Findings


@dataclass(frozen=True)
class ColumnPlan:
    """What becomes of the columns of a file.

    Attributes
    ----------
    sources : tuple of (Field, str)
        Fields that the file brings, each with the file's column.
    ignored : tuple of str
        Columns that are none of ours.
    """

    sources: tuple[tuple[Field, str], ...]
    ignored: tuple[str, ...]

    @property
    def present(self) -> list[str]:
        """Names of the fields that the file brings."""
        return [field.name for field, _ in self.sources]


def plan_columns(
    columns: Sequence[str], collection: Collection, mapping: Mapping[str, str], findings: Findings
) -> ColumnPlan:
    """Match columns by ``--map``, by name, by short name, in this order; capitals do not matter.

    Fields that the service computes come back from its own exports: they are known, and not taken.
    """
    sources: list[tuple[Field, str]] = []
    taken: set[str] = set()
    usable = [field for field in collection.fields if not field.derived]
    _check_mapping(columns, usable, mapping, findings)
    for field in usable:
        column = _column_of(field, columns, mapping, set(mapping.values()))
        if column is not None and column not in taken:
            sources.append((field, column))
            taken.add(column)
    derived = {
        name for field in collection.fields if field.derived for name in (field.name, field.short_name)
    }
    own = derived | {"id", "fid", "ogc_fid"}
    ignored = tuple(column for column in columns if column not in taken and column.lower() not in own)
    return ColumnPlan(tuple(sources), ignored)


def missing_identifier(columns: Sequence[str], collection: Collection, findings: Findings) -> None:
    """Add the finding that no column says which feature is which."""
    id_field = collection.id_column
    findings.add(
        "id-column",
        f"Der Datei fehlt die Spalte {id_field}; --map {id_field}=SPALTE ordnet eine zu. "
        f"Vorhanden: {', '.join(columns) or 'keine'}",
        f"The file has no column {id_field}; --map {id_field}=COLUMN assigns one. "
        f"There are: {', '.join(columns) or 'none'}",
    )


def _check_mapping(
    columns: Sequence[str], usable: Sequence[Field], mapping: Mapping[str, str], findings: Findings
) -> None:
    names = [field.name for field in usable]
    for ours, theirs in mapping.items():
        if ours not in names:
            findings.add(
                "map",
                f"{ours} ist kein Feld, das eingespielt werden kann. Möglich: {', '.join(names)}",
                f"{ours} is not a field that can be imported. Possible: {', '.join(names)}",
                where=f"--map {ours}={theirs}",
            )
        if theirs not in columns:
            findings.add(
                "map",
                f"Die Datei hat keine Spalte {theirs}. Vorhanden: {', '.join(columns) or 'keine'}",
                f"The file has no column {theirs}. There are: {', '.join(columns) or 'none'}",
                where=f"--map {ours}={theirs}",
            )


def _column_of(
    field: Field, columns: Sequence[str], mapping: Mapping[str, str], mapped: set[str]
) -> str | None:
    if field.name in mapping:
        return mapping[field.name] if mapping[field.name] in columns else None
    free = [column for column in columns if column not in mapped]
    for wanted in (field.name, field.short_name):
        for column in free:
            if column == wanted:
                return column
    return next((column for column in free if column.lower() in (field.name, field.short_name)), None)
