"""What stands against withdrawing, merging, renaming or restoring an area, as sentences that say what to change."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection, text

from geo_service.domain.slugs import MAX_LENGTH, slug
from geo_service.errors import RejectedDataError
from geo_service.ingest.area_records import AreaRecord, find_record, leading_to, near_ids
from geo_service.ingest.file_findings import FileFindings

# As the registry's own dates.
_EARLIEST = date(1900, 1, 1)
_IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class LifeChecks:
    """Looks areas up for a command and gathers every reason against it; the caller holds the writers' lock."""

    def __init__(self, connection: Connection, findings: FileFindings, command: str) -> None:
        self._connection = connection
        self._findings = findings
        self._command = command
        # Whoever is ahead of the server's time zone may name the day that has begun for them.
        self.today: date = connection.scalar(text("SELECT current_date")) or date.today()
        self._latest = max(self.today, date.today())

    def refuse(self) -> None:
        """Raise everything found.

        Raises
        ------
        RejectedDataError
            There was something.
        """
        self._findings.refuse(self._command)

    def _add(self, area_id: str, rule: str, de: str, en: str) -> None:
        self._findings.add(area_id or "–", None, rule, de, en)

    def known(self, area_id: str) -> AreaRecord | None:
        """Return an area that there is; with a finding otherwise."""
        area = find_record(self._connection, area_id)
        if area is None:
            near = ", ".join(near_ids(self._connection, area_id))
            self._add(
                area_id,
                "area-unknown",
                "ein Gebiet mit dieser Kennung gibt es nicht"
                + (f"; ist eines von diesen gemeint: {near}?" if near else "; „area list“ zeigt alle"),
                "there is no area with this identifier"
                + (f"; was one of these meant: {near}?" if near else "; `area list` shows all"),
            )
        return area

    def living(self, area_id: str, *, amend: bool = False) -> AreaRecord | None:
        """Return an area that is not withdrawn, or with `amend` one that can be withdrawn in another way."""
        area = self.known(area_id)
        if area is None or area.withdrawn_on is None:
            return area
        if area.moved:
            self._add(
                area_id,
                "withdrawn",
                f"wurde {area.state('de')} und lebt dort fort; dieses Gebiet nennen",
                f"was {area.state('en')} and lives on there; name that area",
            )
        elif not amend:
            self._add(
                area_id,
                "withdrawn",
                f"wurde schon {area.state('de')}; „area restore“ nimmt das zurück, und --amend bei withdraw und merge "
                "ändert Tag und Nachfolger",
                f"was {area.state('en')} already; `area restore` takes that back, and --amend of withdraw and merge "
                "changes day and successor",
            )
        return area

    def successor(self, area_id: str, of: Collection[str]) -> AreaRecord | None:
        """Return an area that others can lead on to: published, and none of them."""
        area = self.known(area_id)
        if area is None:
            return None
        if area_id in of:
            self._add(
                area_id,
                "same-area",
                "kann nicht auf sich selbst führen; ein anderes Gebiet als Nachfolger nennen",
                "cannot lead on to itself; name another area as the successor",
            )
        elif area.withdrawn_on is not None:
            if area_id in leading_to(self._connection, of):
                self._add(
                    area_id,
                    "circle",
                    f"wurde selbst {area.state('de')}: die Adressen führten im Kreis; ein Gebiet nennen, das "
                    "veröffentlicht ist",
                    f"was itself {area.state('en')}: the addresses would lead in a circle; name an area that is "
                    "published",
                )
            else:
                self._add(
                    area_id,
                    "successor-withdrawn",
                    f"wurde selbst {area.state('de')}; ein Gebiet nennen, das veröffentlicht ist",
                    f"was itself {area.state('en')}; name an area that is published",
                )
        elif area.released_at is None:
            self._add(
                area_id,
                "successor-unreleased",
                "ist nicht freigegeben, niemand fände es; zuerst freigeben (released_at)",
                "is not released, nobody would find it; release it first (released_at)",
            )
        return area

    def day(self, area: AreaRecord | None, day: date | None, *, amend: bool = False) -> date:
        """Return the day on which something becomes of an area: no later than today, and not before it began."""
        if day is None:
            known = area.withdrawn_on if area is not None and amend else None
            return known or self.today
        if area is None:
            return day
        if day > self._latest:
            self._add(
                area.area_id,
                "date-future",
                f"{day} liegt in der Zukunft; die Änderung gilt sofort, also höchstens {self._latest} angeben",
                f"{day} is in the future; the change takes effect at once, so give {self._latest} at most",
            )
        elif day < (first := min(area.first_day or _EARLIEST, self.today)):
            self._add(
                area.area_id,
                "date-early",
                f"{day} liegt vor dem Beginn des Gebiets ({first}); einen Tag ab dann angeben",
                f"{day} is before the area began ({first}); give a day from then on",
            )
        return day

    def new_id(self, area: AreaRecord | None, new_id: str) -> None:
        """Look whether an identifier can be given to an area."""
        if not _IDENTIFIER.fullmatch(new_id) or len(new_id) > MAX_LENGTH:
            better = slug(new_id)[:MAX_LENGTH].rstrip("-")
            better = better if find_record(self._connection, better) is None else ""
            self._add(
                new_id,
                "id-invalid",
                f"eine Kennung besteht aus a–z, 0–9 und einzelnen Bindestrichen, höchstens {MAX_LENGTH} Zeichen"
                + (f"; möglich ist {better}" if better else ""),
                f"an identifier is made of a–z, 0–9 and single hyphens, {MAX_LENGTH} characters at most"
                + (f"; {better} would do" if better else ""),
            )
            return
        taken = find_record(self._connection, new_id)
        if taken is None:
            return
        if area is not None and taken.area_no == area.area_no:
            self._add(
                new_id,
                "same-area",
                "heißt schon so; eine andere Kennung wählen oder --id weglassen",
                "has this identifier already; choose another or leave --id out",
            )
        elif area is not None and taken.moved and new_id in leading_to(self._connection, (area.area_id,)):
            self._add(
                new_id,
                "id-taken",
                f"so hieß dieses Gebiet früher ({taken.state('de')}); „area restore {new_id}“ nimmt das zurück",
                f"this was its former identifier ({taken.state('en')}); `area restore {new_id}` takes that back",
            )
        elif taken.withdrawn_on is not None:
            self._add(
                new_id,
                "id-taken",
                f"diese Kennung gehörte einem Gebiet, das {taken.state('de')} wurde; eine andere wählen, damit alte "
                "Adressen nicht zu etwas anderem führen",
                f"this identifier belonged to an area that was {taken.state('en')}; choose another, so that old "
                "addresses do not lead to something else",
            )
        else:
            self._add(
                new_id,
                "id-taken",
                f"diese Kennung hat schon ein Gebiet; eine andere wählen, oder „area merge … --into {new_id}“",
                f"an area has this identifier already; choose another, or use `area merge … --into {new_id}`",
            )

    def new_name(self, area: AreaRecord | None, name: str, day: date) -> None:
        """Look whether a name can be given to an area from a day on."""
        if not name or not name.isprintable():
            self._add(
                area.area_id if area is not None else "--name",
                "name-invalid",
                "ein Gebiet braucht einen Namen aus sichtbaren Zeichen (--name)",
                "an area needs a name made of visible signs (--name)",
            )
        if area is None:
            return
        if area.name == name:
            self._add(
                area.area_id,
                "same-name",
                f"heißt schon {name}; einen anderen Namen angeben oder --name weglassen",
                f"has the name {name} already; give another one or leave --name out",
            )
        elif area.name_since is not None and day < area.name_since:
            self._add(
                area.area_id,
                "date-early",
                f"der geltende Name gilt erst ab {area.name_since}; einen Tag ab dann angeben (--date)",
                f"the current name is valid from {area.name_since} only; give a day from then on (--date)",
            )

    def unitable(self, heir: AreaRecord | None, areas: Sequence[AreaRecord | None], day: date | None) -> None:
        """Look whether boundaries can become one from a day on: all there, under one licence."""
        if heir is None or any(area is None for area in areas):
            return
        if heir.boundary_since is not None and (day or self.today) < heir.boundary_since:
            self._add(
                heir.area_id,
                "date-early",
                f"die geltende Abgrenzung beginnt erst am {heir.boundary_since}; einen Tag ab dann angeben (--date)",
                f"the current boundary begins on {heir.boundary_since} only; give a day from then on (--date)",
            )
        numbers = [area.area_no for area in (heir, *areas) if area is not None]
        query = text("""
            SELECT array_agg(DISTINCT coalesce(licence, '–')), count(*) FROM registry.boundary
             WHERE area_no = ANY (:numbers) AND valid_to IS NULL""")
        licences, count = self._connection.execute(query, {"numbers": numbers}).one()
        if count < len(set(numbers)):
            self._add(
                heir.area_id,
                "no-boundary",
                "nicht jedes der Gebiete hat eine geltende Abgrenzung; --unite weglassen",
                "not every one of the areas has a current boundary; leave --unite out",
            )
        elif len(licences) > 1:
            told = ", ".join(licences)
            self._add(
                heir.area_id,
                "licence",
                f"die Abgrenzungen haben verschiedene Lizenzen ({told}); --unite weglassen und die gemeinsame "
                "Abgrenzung mit „import --licence“ einlesen",
                f"the boundaries have different licences ({told}); leave --unite out and load the common boundary "
                "by `import --licence`",
            )

    def restorable(self, area_id: str) -> tuple[AreaRecord | None, AreaRecord | None]:
        """Return a withdrawn area, and where its contents went on under another identifier, the area that has them."""
        area = self.known(area_id)
        if area is None:
            return None, None
        if area.withdrawn_on is None:
            self._add(
                area_id,
                "not-withdrawn",
                f"ist nicht zurückgezogen, sondern {area.state('de')}; es gibt nichts zurückzunehmen",
                f"is not withdrawn but {area.state('en')}; there is nothing to take back",
            )
            return area, None
        heir = area if area.moved else None
        passed = set()
        while heir is not None and heir.moved and heir.area_id not in passed:
            passed.add(heir.area_id)
            heir = find_record(self._connection, heir.successor_id or "")
        if heir is None or heir.moved:
            self._complete(area)
            return area, None
        if heir.withdrawn_on is not None:
            self._add(
                area_id,
                "successor-withdrawn",
                f"lebt fort als {heir.area_id}, das selbst {heir.state('de')} wurde; zuerst „area restore "
                f"{heir.area_id}“",
                f"lives on as {heir.area_id}, which was itself {heir.state('en')}; first `area restore "
                f"{heir.area_id}`",
            )
        return area, heir

    def _complete(self, area: AreaRecord) -> None:
        query = text("""
            SELECT EXISTS (SELECT FROM registry.area_municipality WHERE area_no = :area_no AND is_leading),
                   EXISTS (SELECT FROM registry.boundary WHERE area_no = :area_no AND valid_to IS NULL)""")
        town, boundary = self._connection.execute(query, {"area_no": area.area_no}).one()
        lacks = [
            words
            for there, words in (
                (area.name is not None, ("Name", "name")),
                (town, ("federführende Gemeinde", "leading municipality")),
                (boundary, ("geltende Abgrenzung", "current boundary")),
            )
            if not there
        ]
        if lacks and area.released_at is not None:
            self._add(
                area.area_id,
                "incomplete",
                f"es fehlt: {', '.join(de for de, _ in lacks)}; zuerst in der Datenbank ergänzen",
                f"lacks: {', '.join(en for _, en in lacks)}; add it in the database first",
            )


def refuse_unknown(connection: Connection, area_id: str, command: str) -> AreaRecord:
    """Return an area that there is.

    Raises
    ------
    RejectedDataError
        There is none; with identifiers that may have been meant.
    """
    findings = FileFindings()
    area = LifeChecks(connection, findings, command).known(area_id)
    if area is None:
        raise RejectedDataError(f"{command}: nothing to show", tuple(findings))
    return area
