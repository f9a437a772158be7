"""The code lists: the one place that knows which codes exist and what they are called.

They feed the database's check constraints, the labels in every output, the legend, the import's checks and
the API definition. A missing value (null) is not a code; where it has a label of its own, `null` holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """What something is called in the two languages of the service."""

    de: str
    en: str

    def text(self, language: str) -> str:
        """Return the German label for ``de…``, the English one for anything else."""
        return self.de if language.startswith("de") else self.en


@dataclass(frozen=True)
class Code:
    """One entry: the code as stored, its label for one thing and, where it differs, for a legend."""

    code: str
    label: Label
    legend: Label | None = None

    @property
    def legend_label(self) -> Label:
        """The label for many things of this kind, as in a legend."""
        return self.legend or self.label


@dataclass(frozen=True)
class CodeList:
    """An ordered list of codes."""

    name: str
    title: Label
    entries: tuple[Code, ...]
    null: Code | None = None

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.entries)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in their order."""
        return tuple(entry.code for entry in self.entries)

    def label(self, code: str | None, language: str) -> str | None:
        """Return what `code` is called; null has a name only in lists that give it one.

        Raises
        ------
        KeyError
            There is no such code.
        """
        if code is None:
            return self.null.label.text(language) if self.null else None
        for entry in self.entries:
            if entry.code == code:
                return entry.label.text(language)
        raise KeyError(code)


STATUS = CodeList(
    "status",
    Label("Status", "Status"),
    (
        Code(
            "planned",
            Label("in Planung", "in planning"),
            Label("Programmgebiete in Planung", "Programme areas in planning"),
        ),
        Code(
            "ongoing",
            Label("laufend", "ongoing"),
            Label("laufende Programmgebiete", "Ongoing programme areas"),
        ),
        Code(
            "completed",
            Label("abgeschlossen", "completed"),
            Label("abgeschlossene Programmgebiete", "Completed programme areas"),
        ),
    ),
    null=Code(
        "",
        Label("Status nicht belegt", "status not documented"),
        Label("Status nicht belegt", "Status not documented"),
    ),
)

STAGE = CodeList(
    "stage",
    Label("Verfahrensstand", "Stage"),
    (
        Code("consolidation", Label("in Verstetigung", "in consolidation")),
        Code("suspended", Label("Teilnahme ruhend", "participation suspended")),
    ),
)

PROGRAMME = CodeList(
    "programme",
    Label("Programm", "Programme"),
    (
        Code("SOS", Label("Soziale Stadt", "Socially Integrative City")),
        Code("SZH", Label("Sozialer Zusammenhalt", "Social Cohesion")),
        Code("LZ", Label("Lebendige Zentren", "Living Centres")),
        Code("WNE", Label("Wachstum und nachhaltige Erneuerung", "Growth and Sustainable Renewal")),
        Code("SIQ", Label("Soziale Integration im Quartier", "Social Integration in the Neighbourhood")),
        Code("SU", Label("Stadtumbau", "Urban Restructuring")),
        Code("SUW", Label("Stadtumbau West", "Urban Restructuring West")),
        Code("SUO", Label("Stadtumbau Ost", "Urban Restructuring East")),
        Code("ASO", Label("Aktive Stadt- und Ortsteilzentren", "Active District and Neighbourhood Centres")),
        Code("KSG", Label("Kleinere Städte und Gemeinden", "Smaller Towns and Municipalities")),
        Code("SDO", Label("Städtebaulicher Denkmalschutz Ost", "Urban Heritage Conservation East")),
        Code("SDW", Label("Städtebaulicher Denkmalschutz West", "Urban Heritage Conservation West")),
        Code("ZSG", Label("Zukunft Stadtgrün", "Future Urban Green")),
        Code("SE", Label("Sanierung und Entwicklung", "Rehabilitation and Development")),
        Code(
            "NRW93",
            Label("Stadtteile mit besonderem Erneuerungsbedarf", "Districts with Special Need for Renewal"),
        ),
    ),
)

GEOM_BASIS = CodeList(
    "geom_basis",
    Label("Grundlage der Abgrenzung", "Basis of the boundary"),
    (
        Code("official", Label("amtliche Abgrenzung", "official boundary")),
        Code(
            "schematic",
            Label("schematische Darstellung", "schematic representation"),
            Label("schematische Abgrenzung", "schematic boundary"),
        ),
    ),
)

ATTR_BASIS = CodeList(
    "attr_basis",
    Label("Grundlage der Sachdaten", "Basis of the attributes"),
    (
        Code("documented", Label("belegt", "documented")),
        Code("partly", Label("teilweise belegt", "partly documented")),
        Code("fictional", Label("fiktiv", "fictional")),
    ),
)

PROFILE_SECTION = CodeList(
    "section",
    Label("Abschnitt des Stadtteilprofils", "Section of the area profile"),
    (
        Code("character", Label("Gebietscharakter und Ausgangslage", "Area profile and baseline")),
        Code("potential", Label("Potenziale und Handlungsansätze", "Strengths and approaches")),
        Code("organisation", Label("Organisation und lokale Partner", "Organisation and local partners")),
        Code("milestones", Label("Meilensteine", "Milestones")),
        Code("outlook", Label("Perspektiven", "Outlook")),
        Code("contact", Label("Ansprechperson", "Contact")),
        Code("materials", Label("Materialien zum Download", "Downloads")),
    ),
)

PARTICIPATION = CodeList(
    "participation",
    Label("Teilnahme am Städtenetz", "Participation in the network"),
    (
        Code("participating", Label("Mitglied", "member")),
        Code("planning", Label("in Planung", "planning to join")),
    ),
)

EVENT_STATUS = CodeList(
    "event_status",
    Label("Stand der Veranstaltung", "Status of the event"),
    (
        Code("scheduled", Label("angekündigt", "announced")),
        Code("cancelled", Label("abgesagt", "cancelled")),
    ),
)

POINT_BASIS = CodeList(
    "point_basis",
    Label("Grundlage des Punkts", "Basis of the point"),
    (
        Code("place", Label("Veranstaltungsort", "venue")),
        Code("municipality", Label("Mitte der Gemeinde", "centre of the municipality")),
    ),
)

LANGUAGES = ("de", "en")

CODE_LISTS: dict[str, CodeList] = {
    code_list.name: code_list
    for code_list in (
        STATUS,
        STAGE,
        PROGRAMME,
        GEOM_BASIS,
        ATTR_BASIS,
        PARTICIPATION,
        PROFILE_SECTION,
        EVENT_STATUS,
        POINT_BASIS,
    )
}
