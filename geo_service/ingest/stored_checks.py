"""Questions that only the database can answer about the rows of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from geo_service.ingest.report import Findings


@dataclass(frozen=True)
class Check:
    """One rule: the rows that break it, with a detail that goes into the sentence.

    `condition` follows ``SELECT row_no, area_id, <detail> FROM import_row AS r``.
    """

    rule: str
    where: str
    detail: str
    condition: str
    de: str
    en: str


AREA_CHECKS = (
    Check(
        "id-unknown",
        "area_id",
        "''",
        "WHERE r.is_new AND NOT :new",
        "Dieses Programmgebiet gibt es noch nicht; mit --new wird es angelegt",
        "There is no such programme area yet; --new adds it",
    ),
    Check(
        "withdrawn",
        "area_id",
        "a.withdrawn_on || coalesce(' → ' || s.area_id, '')",
        "JOIN registry.programme_area AS a ON a.area_no = r.area_no"
        " LEFT JOIN registry.programme_area AS s ON s.area_no = a.successor_area_no"
        " WHERE a.withdrawn_on IS NOT NULL",
        "Dieses Programmgebiet wurde zurückgezogen ({}); die Zeile weglassen, den Nachfolger nennen oder das mit "
        "„geo-service area restore“ zurücknehmen",
        "This programme area was withdrawn ({}); leave the row out, name the successor, or take that back by "
        "`geo-service area restore`",
    ),
    Check(
        "required",
        "name",
        "''",
        "WHERE r.name IS NULL",
        "Ein neues Programmgebiet braucht einen Namen",
        "A new programme area needs a name",
    ),
    Check(
        "required",
        "ags",
        "''",
        "WHERE r.ags IS NULL",
        "Ein neues Programmgebiet braucht den AGS der federführenden Gemeinde",
        "A new programme area needs the AGS of its leading municipality",
    ),
    Check(
        "ags-unknown",
        "ags",
        "string_agg(DISTINCT k, ', ')",
        "CROSS JOIN LATERAL unnest(r.ags || r.ags_all) AS k"
        " WHERE NOT EXISTS (SELECT FROM registry.municipality AS m WHERE m.ags = k) AND k IS NOT NULL"
        " GROUP BY r.row_no, r.area_id",
        "Diese Gemeinde gibt es im Bestand nicht: {}",
        "There is no such municipality: {}",
    ),
    Check(
        "ags-leading",
        "ags_all",
        "r.ags",
        "WHERE NOT r.ags = ANY (r.ags_all)",
        "Die federführende Gemeinde {} steht nicht unter allen Gemeinden",
        "The leading municipality {} is not among all municipalities",
    ),
    Check(
        "period-year",
        "start_year",
        "r.start_year || ' / ' || r.start_date",
        "WHERE extract(year FROM r.start_date) <> r.start_year",
        "Jahr und Tag des Beginns widersprechen sich: {}",
        "Year and day of the start contradict each other: {}",
    ),
    Check(
        "period-year",
        "end_year",
        "r.end_year || ' / ' || r.end_date",
        "WHERE extract(year FROM r.end_date) <> r.end_year",
        "Jahr und Tag des Endes widersprechen sich: {}",
        "Year and day of the end contradict each other: {}",
    ),
    Check(
        "period-order",
        "end_date",
        "concat_ws(' – ', coalesce(r.start_date::text, r.start_year::text),"
        " coalesce(r.end_date::text, r.end_year::text))",
        "WHERE coalesce(r.start_date, make_date(r.start_year, 1, 1))"
        " > coalesce(r.end_date, make_date(r.end_year, 12, 31))",
        "Das Ende liegt vor dem Beginn: {}",
        "The end is before the start: {}",
    ),
    Check(
        "valid-from",
        "--valid-from",
        "b.valid_from",
        "JOIN registry.boundary AS b ON b.area_no = r.area_no AND b.valid_to IS NULL"
        " WHERE r.shape_changed AND CAST(:valid_from AS date) < b.valid_from",
        "Die geltende Abgrenzung beginnt erst am {}; eine neue kann nicht früher beginnen",
        "The current boundary begins on {}; a new one cannot begin earlier",
    ),
    Check(
        "valid-from",
        "--valid-from",
        "n.valid_from",
        "JOIN registry.area_name AS n ON n.area_no = r.area_no AND n.valid_to IS NULL"
        " WHERE r.name_changed AND CAST(:valid_from AS date) < n.valid_from",
        "Der geltende Name gilt erst ab {}; ein neuer kann nicht früher gelten",
        "The current name is valid from {}; a new one cannot be valid earlier",
    ),
    # A column says which programmes, not from when to when. So the first programmes of an area are taken,
    # with unknown years; a change of known ones is not.
    Check(
        "programme-among",
        "programme",
        "r.programme",
        "WHERE r.programmes_missing AND NOT r.programme = ANY (r.programmes)",
        "Das Programm {} steht nicht unter allen Programmen",
        "The programme {} is not among all programmes",
    ),
    Check(
        "programme-years",
        "programme",
        "r.programme",
        "WHERE r.programmes_missing"
        ' AND r.programme <> (SELECT max(code COLLATE "C") FROM unnest(r.programmes) AS code)',
        "Ohne Jahre ist nicht zu erkennen, dass {} das laufende Programm ist; "
        "die Zeiträume in der Datenbank eintragen",
        "Without years it cannot be told that {} is the current programme; enter the periods in the database",
    ),
    Check(
        "programme-years",
        "programmes",
        "concat_ws(' → ', array_to_string(s.codes, ';'), array_to_string(r.programmes, ';'))",
        "JOIN LATERAL (SELECT array_agg(DISTINCT pp.programme ORDER BY pp.programme) AS codes"
        " FROM registry.programme_period AS pp WHERE pp.area_no = r.area_no) AS s ON s.codes IS NOT NULL"
        " LEFT JOIN publication.programme_area AS p ON p.area_no = r.area_no"
        " WHERE ('programmes' = ANY (CAST(:present AS text[])) AND s.codes IS DISTINCT FROM"
        " (SELECT array_agg(DISTINCT code ORDER BY code) FROM unnest(r.programmes) AS code))"
        " OR ('programme' = ANY (CAST(:present AS text[]))"
        " AND r.programme IS DISTINCT FROM coalesce(p.programme, r.programme, s.codes[1]))",
        "Die Programme eines Gebiets haben Zeiträume, die eine Spalte nicht ausdrücken kann ({}); "
        "Spalte weglassen und die Zeiträume in der Datenbank ändern",
        "The programmes of an area have periods, which a column cannot express ({}); "
        "leave the column out and change the periods in the database",
    ),
)

MUNICIPALITY_CHECKS = (
    Check(
        "id-unknown",
        "ags",
        "''",
        "WHERE r.is_new AND NOT :new",
        "Diese Gemeinde gibt es noch nicht; mit --new wird sie angelegt",
        "There is no such municipality yet; --new adds it",
    ),
    Check(
        "required",
        "name",
        "''",
        "WHERE r.name IS NULL",
        "Eine neue Gemeinde braucht einen Namen",
        "A new municipality needs a name",
    ),
)


def run_checks(
    connection: Connection,
    checks: tuple[Check, ...],
    id_column: str,
    values: dict[str, Any],
    findings: Findings,
) -> None:
    """Add a finding for each row that breaks a rule, unless the row has one from the file itself."""
    known = findings.rows()
    for check in checks:
        # Only parts written above are joined; values are bound.
        sql = f"SELECT r.row_no, r.{id_column}, {check.detail} FROM import_row AS r {check.condition}"
        for row_no, feature_id, detail in connection.execute(text(sql), values):
            if row_no not in known:
                findings.add(
                    check.rule,
                    check.de.format(detail),
                    check.en.format(detail),
                    row=row_no,
                    feature_id=feature_id,
                    where=check.where,
                )
