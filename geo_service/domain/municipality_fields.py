"""The fields of municipalities; see ``domain.fields``."""

from __future__ import annotations

from geo_service.domain.code_lists import PARTICIPATION
from geo_service.domain.fields import ATTR_BASIS_FIELD, SOURCE_FIELD, Field, make_field

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
    ATTR_BASIS_FIELD,
    SOURCE_FIELD,
    make_field(
        "licence", "string", "licence", ("Lizenz", "Licence"), ("Lizenz der Angaben", "Licence of the data")
    ),
)
