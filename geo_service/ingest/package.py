"""What a GeoPackage holds beside the features: code lists, profiles' tables with their relations, styles.

Tables of attributes and the relations between them follow the GeoPackage Encoding Standard (OGC 12-128r19, clause
2.3) and its Related Tables Extension (OGC 18-000); styles are kept as QGIS does, in ``layer_styles``. Contacts are
never in a file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from geo_service.domain.code_lists import CODE_LISTS, LANGUAGES, PROFILE_SECTION, CodeList, Label
from geo_service.domain.collections import MUNICIPALITIES, Collection, GeometryType
from geo_service.domain.map_look import Style
from geo_service.domain.qgis.styles import LayerStyle, layer_style

BATCH = 1_000
RELATED_TABLES = "http://www.geopackage.org/18-000.html"
GEOMETRY_COLUMN = "geom"
STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30),
    ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""


@dataclass(frozen=True)
class RelatedTable:
    """A table whose rows belong to programme areas.

    Attributes
    ----------
    columns : str
        Their definitions in SQL, without ``id`` and ``area_id``, which come first.
    """

    name: str
    title: Label
    columns: str

    @property
    def placeholders(self) -> str:
        """One for each column, ``id`` apart."""
        return ", ".join("?" * (self.columns.count(",") + 2))


SECTIONS = RelatedTable(
    "profile_sections",
    Label("Stadtteilprofile: Abschnitte", "Area profiles: sections"),
    "language TEXT, section TEXT, title TEXT, body TEXT, source TEXT",
)
DOCUMENTS = RelatedTable(
    "documents",
    Label("Materialien zum Download", "Documents to download"),
    "file_name TEXT, title_de TEXT, title_en TEXT, language TEXT, media_type TEXT, size_bytes INTEGER,"
    " sha256 TEXT, licence TEXT, source TEXT, url TEXT",
)
MILESTONES = RelatedTable(
    "milestones",
    Label("Meilensteine", "Milestones"),
    "date DATE, year INTEGER, text_de TEXT, text_en TEXT",
)
PERIODS = RelatedTable(
    "programme_periods",
    Label("Programme und Zeiträume", "Programmes and periods"),
    "programme TEXT, start_year INTEGER, end_year INTEGER",
)


class Package:
    """Completes a GeoPackage that already holds the features of a collection."""

    def __init__(self, path: Path, language: str) -> None:
        self._database = sqlite3.connect(path)
        self._language = language

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_error: object) -> None:
        # What is not whole is thrown away together with the file.
        with closing(self._database):
            self._database.commit()

    def add_code_lists(self, collection: Collection) -> None:
        """Add a table for each code list that the collection's fields use, with labels in both languages."""
        used = {field.code_list.name for field in collection.fields if field.code_list}
        for name, code_list in CODE_LISTS.items():
            if name in used or (code_list is PROFILE_SECTION and collection.has_profile):
                self._add_code_list(code_list)

    def add_profiles(self, connection: Connection, collection: Collection, public_url: str | None) -> None:
        """Add sections, documents, milestones and programme periods, related to the areas.

        Parameters
        ----------
        connection : Connection
            In the transaction that the features were read in.
        public_url : str or None
            Public address of the service, for the addresses of documents; these stay empty without it.
        """
        tables = (SECTIONS, DOCUMENTS, MILESTONES, PERIODS)
        for table in tables:
            self._create(
                table.name,
                f"id INTEGER PRIMARY KEY AUTOINCREMENT, area_id TEXT NOT NULL, {table.columns}",
                table.title,
            )
        for profiles in _profiles(connection):
            for table, rows in (
                (SECTIONS, _sections(profiles)),
                (DOCUMENTS, _documents(profiles, public_url)),
                (MILESTONES, _listed(profiles, "milestones", "date", "year", "text_de", "text_en")),
                (PERIODS, _listed(profiles, "programme_periods", "programme", "start_year", "end_year")),
            ):
                self._database.executemany(
                    f"INSERT INTO {table.name} VALUES (NULL, {table.placeholders})", rows
                )
        for table in tables:
            self._relate(
                collection.layer_name,
                table.name,
                "id",
                "attributes",
                f"SELECT area.fid, other.id FROM {table.name} AS other"
                f" JOIN {collection.layer_name} AS area USING (area_id) ORDER BY other.id",
            )

    def relate_municipalities(self, connection: Connection, collection: Collection) -> None:
        """Relate areas to all of their municipalities, whose layer is in the file already."""
        self._database.execute("CREATE TEMP TABLE area_ags (area_id TEXT, ags TEXT)")
        rows = connection.exec_driver_sql(
            "SELECT area_id, unnest(ags_all) FROM publication.programme_area",
            execution_options={"stream_results": True},
        )
        for part in rows.partitions(BATCH):
            self._database.executemany("INSERT INTO area_ags VALUES (?, ?)", [tuple(row) for row in part])
        self._relate(
            collection.layer_name,
            MUNICIPALITIES.layer_name,
            "fid",
            "features",
            f"SELECT area.fid, town.fid FROM area_ags JOIN {collection.layer_name} AS area USING (area_id)"
            f" JOIN {MUNICIPALITIES.layer_name} AS town ON town.ags = area_ags.ags",
        )

    def add_styles(self, collection: Collection, look: Style) -> None:
        """Add the look of a layer in each language; QGIS takes the one of the file's language by itself.

        A layer that holds points and areas has none: QGIS makes two layers of it, and would give both the same.
        """
        table = collection.layer_name
        types: dict[str, GeometryType] = {"POINT": "Point", "MULTIPOLYGON": "MultiPolygon"}
        (stored,) = self._database.execute(
            "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?", (table,)
        ).fetchone()
        if stored not in types:
            return
        if not self._database.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_styles'").fetchone():
            self._database.execute(STYLE_TABLE)
            self._list("layer_styles", "layer_styles")
        for language in LANGUAGES:
            name = f"{collection.title.text(language)} ({language})"
            style = LayerStyle(collection, language, look, types[stored], arrays="text", read_only=False)
            self._database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
                " styleName, styleQML, useAsDefault, description) VALUES ('', '', ?, ?, ?, ?, ?, ?)",
                (table, GEOMETRY_COLUMN, name, layer_style(style), language == self._language, name),
            )

    def _add_code_list(self, code_list: CodeList) -> None:
        name = f"code_{code_list.name}"
        title = Label(f"Codeliste: {code_list.title.de}", f"Code list: {code_list.title.en}")
        self._create(
            name,
            "id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, label_de TEXT, label_en TEXT, legend_de TEXT,"
            " legend_en TEXT",
            title,
        )
        self._database.executemany(
            f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?, ?)",
            [
                (number, one.code, one.label.de, one.label.en, one.legend_label.de, one.legend_label.en)
                for number, one in enumerate(code_list, 1)
            ],
        )

    def _create(self, table: str, columns: str, title: Label) -> None:
        self._database.execute(f"CREATE TABLE {table} ({columns})")
        self._list(table, title.text(self._language))

    def _list(self, table: str, identifier: str) -> None:
        self._database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)",
            (table, identifier),
        )

    def _relate(self, base: str, related: str, related_key: str, relation: str, pairs: str) -> None:
        """Write a mapping table and say that it is one (OGC 18-000, clauses 7.1 to 7.3)."""
        mapping = f"{base}_{related}"
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS gpkgext_relations (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " base_table_name TEXT NOT NULL, base_primary_column TEXT NOT NULL DEFAULT 'id',"
            " related_table_name TEXT NOT NULL, related_primary_column TEXT NOT NULL DEFAULT 'id',"
            " relation_name TEXT NOT NULL, mapping_table_name TEXT NOT NULL UNIQUE)"
        )
        self._database.execute(
            f"CREATE TABLE {mapping} (base_id INTEGER NOT NULL, related_id INTEGER NOT NULL)"
        )
        self._database.execute(f"INSERT INTO {mapping} {pairs}")
        self._database.execute(f"CREATE INDEX {mapping}_base ON {mapping} (base_id)")
        self._database.execute(
            "INSERT INTO gpkgext_relations VALUES (NULL, ?, 'fid', ?, ?, ?, ?)",
            (base, related, related_key, relation, mapping),
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO gpkg_extensions (table_name, extension_name, definition, scope)"
            " VALUES (?, 'related_tables', ?, 'read-write')",
            [("gpkgext_relations", RELATED_TABLES), (mapping, RELATED_TABLES)],
        )


Profile = tuple[str, dict[str, Any]]


def _profiles(connection: Connection) -> Iterator[list[Profile]]:
    rows = connection.exec_driver_sql(
        "SELECT area_id, profile - 'contacts' FROM publication.profile ORDER BY area_no",
        execution_options={"stream_results": True, "max_row_buffer": BATCH},
    )
    for part in rows.partitions(BATCH):
        yield [(area_id, profile) for area_id, profile in part]


def _sections(profiles: Iterable[Profile]) -> Iterator[tuple[Any, ...]]:
    for area_id, profile in profiles:
        for language, texts in sorted(profile["sections"].items()):
            sources = profile["section_sources"].get(language, {})
            for code in PROFILE_SECTION:
                if code.code in texts:
                    title = code.label.text(language)
                    yield area_id, language, code.code, title, texts[code.code], sources.get(code.code)


def _documents(profiles: Iterable[Profile], public_url: str | None) -> Iterator[tuple[Any, ...]]:
    names = (
        "file_name",
        "title_de",
        "title_en",
        "language",
        "media_type",
        "size_bytes",
        "sha256",
        "licence",
        "source",
    )
    for area_id, profile in profiles:
        for one in profile["documents"]:
            url = None
            if public_url is not None:
                url = f"{public_url.rstrip('/')}/profiles/{area_id}/documents/{one['file_name']}"
            yield (area_id, *(one[name] for name in names), url)


def _listed(profiles: Iterable[Profile], member: str, *names: str) -> Iterator[tuple[Any, ...]]:
    for area_id, profile in profiles:
        for one in profile[member]:
            yield (area_id, *(one[name] for name in names))
