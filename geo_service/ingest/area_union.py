"""The boundary of an area extended by those of areas that were merged into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, text

from geo_service.errors import Message
from geo_service.ingest.area_records import AreaRecord

_UNION = text("""
SELECT u.geom AS shape, public.ST_Equals(u.geom, own.geom) AS is_same,
       round((public.ST_Area(u.geom) / 10000.0)::numeric, 2) AS area_ha, own.area_ha AS own_ha,
       u.geom_basis, u.source, public.ST_NumGeometries(u.geom) AS parts
  FROM registry.boundary AS own, LATERAL (
      SELECT public.ST_Multi(public.ST_CollectionExtract(public.ST_UnaryUnion(public.ST_Collect(b.geom)), 3)) AS geom,
             CASE WHEN bool_and(b.geom_basis = 'official') THEN 'official' ELSE 'schematic' END AS geom_basis,
             string_agg(DISTINCT nullif(btrim(b.source), ''), '; ') AS source
        FROM registry.boundary AS b WHERE b.area_no = ANY (:numbers) AND b.valid_to IS NULL
  ) AS u
 WHERE own.area_no = :area_no AND own.valid_to IS NULL
""")
_CLOSE = text("""
UPDATE registry.boundary SET valid_to = :day WHERE area_no = :area_no AND valid_to IS NULL RETURNING licence
""")
_OPEN = text("""
INSERT INTO registry.boundary (area_no, geom, geom_basis, source, reason, licence, valid_from)
VALUES (:area_no, :geom, :geom_basis, :source, :reason, :licence, :day)
""")
_TOWNS = text("""
INSERT INTO registry.area_municipality (area_no, ags, is_leading)
SELECT DISTINCT :area_no, ags, false FROM registry.area_municipality WHERE area_no = ANY (:numbers)
ON CONFLICT DO NOTHING
""")


def unite(
    connection: Connection, heir: AreaRecord, areas: Sequence[AreaRecord], day: date, reason: str | None
) -> list[Message]:
    """Open a boundary version that covers all of them, and let the area lie in their municipalities, too.

    The version is official only where all boundaries are. Nothing is written where theirs lie inside already.
    """
    numbers = [heir.area_no, *(area.area_no for area in areas)]
    values = {"area_no": heir.area_no, "numbers": numbers}
    found = connection.execute(_UNION, values).one()
    connection.execute(_TOWNS, values)
    if found.is_same:
        return [
            Message(
                f"{heir.area_id}: die Abgrenzung bleibt, sie enthält die anderen schon",
                f"{heir.area_id}: the boundary stays, it holds the others already",
            )
        ]
    licence = connection.scalar(_CLOSE, {"area_no": heir.area_no, "day": day})
    parts = found.parts
    named = ", ".join(area.name or area.area_id for area in areas)
    connection.execute(
        _OPEN,
        {
            "area_no": heir.area_no,
            "geom": found.shape,
            "geom_basis": found.geom_basis,
            "source": found.source,
            "reason": reason or f"Zusammenlegung mit {named}",
            "licence": licence,
            "day": day,
        },
    )
    return [
        Message(
            f"{heir.area_id}: neue Abgrenzung ab {day}, {found.area_ha} ha (bisher {found.own_ha} ha)"
            + (f", in {parts} Teilen" if parts > 1 else "")
            + (", schematisch" if found.geom_basis == "schematic" else ""),
            f"{heir.area_id}: new boundary from {day}, {found.area_ha} ha ({found.own_ha} ha up to now)"
            + (f", in {parts} parts" if parts > 1 else "")
            + (", schematic" if found.geom_basis == "schematic" else ""),
        )
    ]
