"""The fields of the collection of events; see ``domain.fields``."""

from __future__ import annotations

from geo_service.domain.code_lists import EVENT_STATUS, POINT_BASIS
from geo_service.domain.fields import SOURCE_FIELD, UPDATED_AT_FIELD, Field, make_field

EVENT_FIELDS: tuple[Field, ...] = (
    make_field(
        "event_id",
        "string",
        "event_id",
        ("Kennung", "Identifier"),
        (
            "Dauerhafte öffentliche Kennung, auch die id des Features",
            "Lasting public identifier, also the feature's id",
        ),
        role="id",
        nullable=False,
    ),
    make_field(
        "title_de",
        "string",
        "title_de",
        ("Titel", "Title (German)"),
        (
            "Titel auf Deutsch",
            "Title in German",
        ),
    ),
    make_field(
        "title_en",
        "string",
        "title_en",
        ("Titel (englisch)", "Title"),
        (
            "Titel auf Englisch",
            "Title in English",
        ),
    ),
    make_field(
        "begin_date",
        "date",
        "begin_date",
        ("Beginn", "Begin"),
        (
            "Erster Tag",
            "First day",
        ),
        role="interval-start",
        nullable=False,
    ),
    make_field(
        "end_date",
        "date",
        "end_date",
        ("Ende", "End"),
        (
            "Letzter Tag; bei einem Tag derselbe",
            "Last day; the same where it is one day",
        ),
        role="interval-end",
        nullable=False,
        derived=True,
    ),
    make_field(
        "begin_time",
        "string",
        "begin_time",
        ("Beginn (Uhrzeit)", "Begin (time)"),
        (
            "Uhrzeit des Beginns in Deutschland, HH:MM, falls bekannt",
            "Time of the begin in Germany, HH:MM, if known",
        ),
    ),
    make_field(
        "end_time",
        "string",
        "end_time",
        ("Ende (Uhrzeit)", "End (time)"),
        (
            "Uhrzeit des Endes in Deutschland, HH:MM, falls bekannt",
            "Time of the end in Germany, HH:MM, if known",
        ),
    ),
    make_field(
        "event_status",
        "string",
        "event_stat",
        ("Stand (Code)", "Status (code)"),
        (
            "Ob die Veranstaltung angekündigt oder abgesagt ist",
            "Whether the event is announced or cancelled",
        ),
        code_list=EVENT_STATUS,
        nullable=False,
    ),
    make_field(
        "place",
        "string",
        "place",
        ("Ort", "Place"),
        (
            "Name des Veranstaltungsorts",
            "Name of the venue",
        ),
    ),
    make_field(
        "address",
        "string",
        "address",
        ("Anschrift", "Address"),
        (
            "Anschrift des Veranstaltungsorts",
            "Address of the venue",
        ),
    ),
    make_field(
        "municipality",
        "string",
        "municip",
        ("Gemeinde", "Municipality"),
        (
            "Gemeinde, in der die Veranstaltung stattfindet",
            "Municipality in which the event takes place",
        ),
        derived=True,
    ),
    make_field(
        "ags",
        "string",
        "ags",
        ("AGS", "Municipality key (AGS)"),
        (
            "Amtlicher Schlüssel dieser Gemeinde, acht Ziffern",
            "Official key of that municipality, eight digits",
        ),
    ),
    make_field(
        "point_basis",
        "string",
        "point_bas",
        ("Grundlage des Punkts (Code)", "Basis of the point (code)"),
        (
            "Ob der Punkt den Veranstaltungsort zeigt oder nur die Gemeinde; leer: kein Punkt",
            "Whether the point shows the venue or the municipality only; null: no point",
        ),
        code_list=POINT_BASIS,
        derived=True,
    ),
    make_field(
        "organiser",
        "string",
        "organiser",
        ("Veranstalter", "Organiser"),
        (
            "Wer die Veranstaltung ausrichtet",
            "Who holds the event",
        ),
    ),
    make_field(
        "area_ids",
        "string-array",
        "area_ids",
        ("Programmgebiete", "Programme areas"),
        (
            "Kennungen der Programmgebiete, um die es geht",
            "Identifiers of the programme areas that it is about",
        ),
    ),
    make_field(
        "ags_all",
        "string-array",
        "ags_all",
        ("AGS aller Gemeinden", "Keys of all municipalities"),
        (
            "Schlüssel der Gemeinden, um die es geht, und der, in der sie stattfindet",
            "Keys of the municipalities that it is about, and of the one in which it takes place",
        ),
    ),
    SOURCE_FIELD,
    make_field(
        "source_url",
        "url",
        "source_url",
        ("Adresse der Quelle", "Address of the source"),
        (
            "Webadresse der Quelle",
            "Web address of the source",
        ),
    ),
    UPDATED_AT_FIELD,
    make_field(
        "event_url",
        "url",
        "event_url",
        ("Adresse der Seite", "Address of the page"),
        (
            "Webadresse der Veranstaltung",
            "Web address of the event",
        ),
        nullable=False,
        derived=True,
        stored=False,
    ),
)
