"""One area for the person at the terminal."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo_service.errors import Message
from geo_service.ingest.area_checks import refuse_unknown
from geo_service.ingest.area_records import addresses, contents, leading_to

_WIDTH = 14


def show_lines(connection: Connection, area_id: str, language: str, base: str = "") -> list[str]:
    """Return what the registry has about an area, and where addresses lead, as lines of text.

    Raises
    ------
    RejectedDataError
        There is no such area.
    """
    area = refuse_unknown(connection, area_id, "area show")
    former = connection.execute(
        text("""
            SELECT name, valid_to FROM registry.area_name
             WHERE area_no = :area_no AND valid_to IS NOT NULL ORDER BY valid_to, area_name_no"""),
        {"area_no": area.area_no},
    )
    until = Message("bis", "until").text(language)
    boundary = None
    if area.boundary_ha is not None:
        since = Message(f", seit {area.boundary_since}", f", since {area.boundary_since}").text(language)
        basis = Message(", schematisch", ", schematic").text(language)
        boundary = f"{area.boundary_ha} ha"
        boundary += basis if area.geom_basis == "schematic" else ""
        boundary += since if area.boundary_since else ""
    facts = (
        (Message("Name", "Name"), area.name),
        (
            Message("Frühere Namen", "Former names"),
            ", ".join(f"{row.name} ({until} {row.valid_to})" for row in former),
        ),
        (Message("Gemeinde", "Municipality"), area.municipality),
        (Message("Zustand", "State"), area.state(language)),
        (Message("Abgrenzung", "Boundary"), boundary),
        (Message("Inhalte", "Contents"), ", ".join(one.text(language) for one in contents(connection, area.area_no))),
    )  # fmt: skip
    lines = [area.area_id]
    lines += [f"  {title.text(language):<{_WIDTH}}{value or '–'}" for title, value in facts]
    known = addresses(connection, (area_id, *leading_to(connection, (area_id,))))
    return [*lines, *(f"  {address.line(language, base)}" for address in known)]
