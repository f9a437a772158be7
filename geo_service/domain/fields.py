"""The fields of each collection, declared once.

It feeds API, filters, import checks, exports (Shapefile: `short_name`), pages, and the test of the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo_service.domain.code_lists import (
    ATTR_BASIS,
    GEOM_BASIS,
    PARTICIPATION,
    PROGRAMME,
    STAGE,
    STATUS,
    CodeList,
    Label,
)

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


PROGRAMME_AREA_FIELDS: tuple[Field, ...] = (
    make_field(
        "area_id",
        "string",
        "area_id",
        ("Gebietskennung", "Area identifier"),
        (
            "Dauerhafte öffentliche Kennung, auch die id des Features",
            "Lasting public identifier, also the feature's id",
        ),
        role="id",
        nullable=False,
    ),
    make_field(
        "name",
        "string",
        "name",
        ("Name", "Name"),
        ("Name des Programmgebiets", "Name of the programme area"),
        nullable=False,
    ),
    make_field(
        "municipality",
        "string",
        "municip",
        ("Gemeinde", "Municipality"),
        ("Federführende Gemeinde", "Leading municipality"),
        nullable=False,
        derived=True,
    ),
    make_field(
        "ags",
        "string",
        "ags",
        ("AGS", "Municipality key (AGS)"),
        (
            "Amtlicher Gemeindeschlüssel der federführenden Gemeinde, acht Ziffern",
            "Official key of the leading municipality, eight digits",
        ),
        nullable=False,
    ),
    make_field(
        "municipalities",
        "string-array",
        "municips",
        ("Gemeinden", "Municipalities"),
        ("Alle beteiligten Gemeinden, federführende zuerst", "All municipalities, the leading one first"),
        nullable=False,
        derived=True,
    ),
    make_field(
        "ags_all",
        "string-array",
        "ags_all",
        ("AGS aller Gemeinden", "Keys of all municipalities"),
        ("Gemeindeschlüssel aller beteiligten Gemeinden", "Keys of all municipalities, in the same order"),
        nullable=False,
        technical=True,
    ),
    make_field(
        "district",
        "string",
        "district",
        ("Kreis", "District"),
        ("Kreis oder kreisfreie Stadt", "District or independent city"),
        derived=True,
    ),
    make_field(
        "government_region",
        "string",
        "gov_region",
        ("Regierungsbezirk", "Government region"),
        ("Regierungsbezirk der federführenden Gemeinde", "Government region of the leading municipality"),
        derived=True,
    ),
    make_field(
        "status",
        "string",
        "status",
        ("Status (Code)", "Status (code)"),
        (
            "Stand des Programmgebiets; leer: nicht belegt",
            "State of the programme area; null: not documented",
        ),
        code_list=STATUS,
    ),
    make_field(
        "status_de",
        "string",
        "status_de",
        ("Status", "Status (German)"),
        ("Bezeichnung des Status auf Deutsch", "Label of the status in German"),
        nullable=False,
        derived=True,
        technical=True,
    ),
    make_field(
        "status_en",
        "string",
        "status_en",
        ("Status (englisch)", "Status"),
        ("Bezeichnung des Status auf Englisch", "Label of the status in English"),
        nullable=False,
        derived=True,
        technical=True,
    ),
    make_field(
        "stage",
        "string",
        "stage",
        ("Verfahrensstand", "Stage"),
        (
            "Verfeinert den Status: in Verstetigung oder ruhend",
            "Refines the status: consolidation or suspended",
        ),
        code_list=STAGE,
    ),
    make_field(
        "programme",
        "string",
        "programme",
        ("Programm", "Programme"),
        ("Laufendes, sonst letztes Förderprogramm (Code)", "Current, else last funding programme (code)"),
        code_list=PROGRAMME,
    ),
    make_field(
        "programmes",
        "string-array",
        "programmes",
        ("Programme", "Programmes"),
        (
            "Alle Förderprogramme in zeitlicher Folge (Codes)",
            "All funding programmes in order of time (codes)",
        ),
        code_list=PROGRAMME,
    ),
    make_field(
        "start_date",
        "date",
        "start_date",
        ("Beginn", "Start date"),
        ("Tag des Beginns, falls belegt", "Day of the start, if documented"),
        role="interval-start",
    ),
    make_field(
        "end_date",
        "date",
        "end_date",
        ("Ende", "End date"),
        ("Tag des Endes, falls belegt", "Day of the end, if documented"),
        role="interval-end",
    ),
    make_field(
        "start_year",
        "integer",
        "start_year",
        ("Beginn (Jahr)", "Start year"),
        ("Jahr des Beginns", "Year of the start"),
    ),
    make_field(
        "end_year",
        "integer",
        "end_year",
        ("Ende (Jahr)", "End year"),
        ("Jahr des Endes", "Year of the end"),
    ),
    make_field(
        "resolution_date",
        "date",
        "resol_date",
        ("Ratsbeschluss", "Council resolution"),
        (
            "Tag des Beschlusses über die Festlegung (§ 171e Abs. 3 BauGB)",
            "Day of the council's resolution on the designation (section 171e (3) BauGB)",
        ),
    ),
    make_field(
        "concept",
        "string",
        "concept",
        ("Konzept", "Concept"),
        ("Integriertes Entwicklungs- oder Handlungskonzept", "Integrated development concept"),
    ),
    make_field(
        "concept_url",
        "url",
        "concept_ur",
        ("Adresse des Konzepts", "Address of the concept"),
        ("Webadresse des Konzepts", "Web address of the concept"),
    ),
    make_field(
        "area_ha",
        "number",
        "area_ha",
        ("Fläche (ha)", "Area (ha)"),
        (
            "Ebene Fläche in EPSG:25832; bei schematischer Abgrenzung nur, wenn belegt",
            "Plane area in EPSG:25832; for a schematic boundary only if documented",
        ),
        unit="har",
    ),
    make_field(
        "population",
        "integer",
        "population",
        ("Einwohner", "Inhabitants"),
        ("Zahl der Einwohnerinnen und Einwohner, falls belegt", "Number of inhabitants, if documented"),
    ),
    make_field(
        "geom_basis",
        "string",
        "geom_basis",
        ("Grundlage der Abgrenzung", "Basis of the boundary"),
        ("Amtliche oder nur schematische Abgrenzung", "Official or merely schematic boundary"),
        code_list=GEOM_BASIS,
        nullable=False,
    ),
    make_field(
        "attr_basis",
        "string",
        "attr_basis",
        ("Grundlage der Sachdaten", "Basis of the attributes"),
        ("Belegt, teilweise belegt oder fiktiv", "Documented, partly documented or fictional"),
        code_list=ATTR_BASIS,
        nullable=False,
    ),
    make_field(
        "geom_source",
        "string",
        "geom_src",
        ("Quelle der Abgrenzung", "Source of the boundary"),
        ("Woher die Abgrenzung stammt", "Where the boundary comes from"),
    ),
    make_field(
        "licence",
        "string",
        "licence",
        ("Lizenz", "Licence"),
        ("Lizenz der Abgrenzung", "Licence of the boundary"),
    ),
    make_field(
        "sections",
        "integer",
        "sections",
        ("Profilabschnitte", "Profile sections"),
        (
            "Wie viele der sieben Abschnitte des Profils vorliegen",
            "How many of the profile's seven sections exist",
        ),
        nullable=False,
        derived=True,
    ),
    make_field(
        "updated_at",
        "date-time",
        "updated_at",
        ("Stand", "Updated"),
        ("Zeitpunkt der letzten Änderung (UTC)", "Time of the last change (UTC)"),
        nullable=False,
        derived=True,
    ),
    make_field(
        "profile_url",
        "url",
        "profile_ur",
        ("Adresse des Profils", "Address of the profile"),
        ("Webadresse des Stadtteilprofils", "Web address of the area's profile"),
        nullable=False,
        derived=True,
        stored=False,
    ),
)

MUNICIPALITY_FIELDS: tuple[Field, ...] = (
    make_field(
        "ags",
        "string",
        "ags",
        ("AGS", "Municipality key (AGS)"),
        ("Amtlicher Gemeindeschlüssel, acht Ziffern", "Official municipality key, eight digits"),
        role="id",
        nullable=False,
    ),
    make_field(
        "name",
        "string",
        "name",
        ("Name", "Name"),
        ("Name der Gemeinde", "Name of the municipality"),
        nullable=False,
    ),
    make_field(
        "district",
        "string",
        "district",
        ("Kreis", "District"),
        ("Kreis oder kreisfreie Stadt", "District or independent city"),
    ),
    make_field(
        "government_region",
        "string",
        "gov_region",
        ("Regierungsbezirk", "Government region"),
        ("Regierungsbezirk", "Government region"),
    ),
    make_field(
        "participation",
        "string",
        "particip",
        ("Teilnahme am Städtenetz", "Participation in the network"),
        (
            "Mitglied des Städtenetzes oder in Planung, falls belegt",
            "Member of the network or planning to join, if documented",
        ),
        code_list=PARTICIPATION,
    ),
    make_field(
        "attr_basis",
        "string",
        "attr_basis",
        ("Grundlage der Sachdaten", "Basis of the attributes"),
        ("Belegt, teilweise belegt oder fiktiv", "Documented, partly documented or fictional"),
        code_list=ATTR_BASIS,
        nullable=False,
    ),
    make_field(
        "source",
        "string",
        "source",
        ("Quelle", "Source"),
        ("Woher die Angaben stammen", "Where the data come from"),
    ),
    make_field(
        "licence", "string", "licence", ("Lizenz", "Licence"), ("Lizenz der Angaben", "Licence of the data")
    ),
)
