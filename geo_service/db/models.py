"""The schema ``registry`` and ``publication`` as GeoAlchemy2 models.

The migrations make the tables, with their checks, triggers and indexes; a test holds these models to the
result. Generated columns are computed by the database and never written.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, Computed, ForeignKey, Identity, Numeric, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from geo_service.db import entry_models as entry_models
from geo_service.db.model_base import AREA_KEY as AREA_KEY
from geo_service.db.model_base import Base as Base
from geo_service.db.model_base import Publication as Publication
from geo_service.db.model_base import Registry as Registry
from geo_service.db.model_base import geometry as geometry


def _number() -> Mapped[int]:
    return mapped_column(Identity(), primary_key=True)


def _area_no(*, key: bool = False) -> Mapped[int]:
    return mapped_column(ForeignKey(AREA_KEY, ondelete="CASCADE"), primary_key=key)


class Municipality(Registry):
    """A municipality by its official key; point and outline in EPSG:25832."""

    __tablename__ = "municipality"
    ags: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    district: Mapped[str | None]
    government_region: Mapped[str | None]
    attr_basis: Mapped[str] = mapped_column(server_default="documented")
    participation: Mapped[str | None]
    point: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    outline: Mapped[WKBElement | None] = mapped_column(geometry("MULTIPOLYGON"))
    source: Mapped[str | None]
    licence: Mapped[str | None]


class ProgrammeArea(Registry):
    """A programme area: what is true of it as a whole. Published once `released_at` is set."""

    __tablename__ = "programme_area"
    area_no: Mapped[int] = _number()
    area_id: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str | None]
    stage: Mapped[str | None]
    start_date: Mapped[date | None]
    start_year: Mapped[int | None]
    end_date: Mapped[date | None]
    end_year: Mapped[int | None]
    resolution_date: Mapped[date | None]
    concept: Mapped[str | None]
    concept_url: Mapped[str | None]
    documented_area_ha: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    documented_area_year: Mapped[int | None]
    population: Mapped[int | None]
    population_year: Mapped[int | None]
    attr_basis: Mapped[str] = mapped_column(server_default="documented")
    attr_source: Mapped[str | None]
    released_at: Mapped[datetime | None]
    withdrawn_on: Mapped[date | None]
    successor_area_no: Mapped[int | None] = mapped_column(ForeignKey(AREA_KEY), index=False)
    withdrawal_reason: Mapped[str | None]


class AreaName(Registry):
    """A name with its validity; the current one has no `valid_to` (exclusive)."""

    __tablename__ = "area_name"
    area_name_no: Mapped[int] = _number()
    area_no: Mapped[int] = _area_no()
    name: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class AreaMunicipality(Registry):
    """An area lies in one municipality or several; one of them leads."""

    __tablename__ = "area_municipality"
    area_no: Mapped[int] = _area_no(key=True)
    ags: Mapped[str] = mapped_column(
        ForeignKey("registry.municipality.ags", onupdate="CASCADE"), primary_key=True
    )
    is_leading: Mapped[bool] = mapped_column(server_default="false")


class Boundary(Registry):
    """A version of a boundary, EPSG:25832; the current one has no `valid_to` (exclusive)."""

    __tablename__ = "boundary"
    boundary_no: Mapped[int] = _number()
    area_no: Mapped[int] = _area_no()
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"), nullable=False)
    geom_basis: Mapped[str] = mapped_column(server_default="official")
    source: Mapped[str | None]
    reason: Mapped[str | None]
    licence: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    area_ha: Mapped[Decimal | None] = mapped_column(
        Numeric, Computed("round((public.st_area(geom) / 10000.0)::numeric, 2)", persisted=True)
    )
    geojson: Mapped[str | None] = mapped_column(
        Computed(
            "public.st_asgeojson(public.st_forcepolygonccw(public.st_transform(geom, 4326)), 7, 0)",
            persisted=True,
        )
    )
    geom_3857: Mapped[WKBElement | None] = mapped_column(
        geometry("MULTIPOLYGON", 3857), Computed("public.st_transform(geom, 3857)", persisted=True)
    )
    label_point: Mapped[WKBElement | None] = mapped_column(
        geometry("POINT"), Computed("(public.st_maximuminscribedcircle(geom)).center", persisted=True)
    )


class ProgrammePeriod(Registry):
    """An area in a funding programme, from year to year; no `end_year`: it still runs."""

    __tablename__ = "programme_period"
    __table_args__ = (
        UniqueConstraint(
            "area_no",
            "programme",
            "start_year",
            name="programme_period_once",
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": "registry"},
    )
    programme_period_no: Mapped[int] = _number()
    area_no: Mapped[int] = _area_no()
    programme: Mapped[str]
    start_year: Mapped[int | None]
    end_year: Mapped[int | None]


class ProfileSection(Registry):
    """The text of one of the seven sections in one language, in Markdown."""

    __tablename__ = "profile_section"
    area_no: Mapped[int] = _area_no(key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    source: Mapped[str | None]


class Milestone(Registry):
    """Something that happened in an area, on a day or in a year."""

    __tablename__ = "milestone"
    milestone_no: Mapped[int] = _number()
    area_no: Mapped[int] = _area_no()
    milestone_date: Mapped[date | None]
    year: Mapped[int]
    text_de: Mapped[str]
    text_en: Mapped[str | None]


class Contact(Registry):
    """Whom to ask about an area; shown from `released_at` until `expires_at`, `person` only when released too."""

    __tablename__ = "contact"
    contact_no: Mapped[int] = _number()
    area_no: Mapped[int] = _area_no()
    function_de: Mapped[str]
    function_en: Mapped[str | None]
    organisation: Mapped[str | None]
    person: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    released_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    person_released: Mapped[bool] = mapped_column(server_default="false")


class Document(Registry):
    """A file to download, with its content; shown only when `released_at` is set."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("area_no", "file_name", name="document_once"),
        {"schema": "registry"},
    )
    document_no: Mapped[int] = _number()
    area_no: Mapped[int] = _area_no()
    file_name: Mapped[str]
    title_de: Mapped[str]
    title_en: Mapped[str | None]
    language: Mapped[str | None]
    media_type: Mapped[str]
    content: Mapped[bytes]
    licence: Mapped[str | None]
    source: Mapped[str | None]
    released_at: Mapped[datetime | None]
    size_bytes: Mapped[int | None] = mapped_column(Computed("octet_length(content)", persisted=True))
    sha256: Mapped[str | None] = mapped_column(
        Computed("encode(sha256(content), 'hex'::text)", persisted=True)
    )


class AreaRevision(Registry):
    """When an area or anything that belongs to it was last changed; written by triggers."""

    __tablename__ = "area_revision"
    area_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    updated_at: Mapped[datetime]


class AreaMark(Registry):
    """An area to be published when the running transaction commits."""

    __tablename__ = "area_mark"
    area_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class MunicipalityMark(Registry):
    """A municipality to be published when the running transaction commits."""

    __tablename__ = "municipality_mark"
    ags: Mapped[str] = mapped_column(primary_key=True)


class PublishRequest(Registry):
    """Its only row starts the publication when the running transaction commits."""

    __tablename__ = "publish_request"
    requested: Mapped[bool] = mapped_column(primary_key=True, server_default="true")


class Dataset(Publication):
    """One row: the version of what is published, and how many features that is."""

    __tablename__ = "dataset"
    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default="true")
    version: Mapped[int] = mapped_column(BigInteger)
    programme_area_count: Mapped[int] = mapped_column(BigInteger, server_default="0")
    municipality_count: Mapped[int] = mapped_column(BigInteger, server_default="0")


class Change(Publication):
    """What a version changed; no box (EPSG:3857) and no feature: everything in the collection."""

    __tablename__ = "change"
    change_no: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    collection: Mapped[str]
    feature_id: Mapped[str | None]
    bbox_3857: Mapped[WKBElement | None] = mapped_column(geometry("MULTIPOLYGON", 3857))


class PublishedArea(Publication):
    """One published programme area, as domain.fields declares it, with everything precomputed."""

    __tablename__ = "programme_area"
    area_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    municipality: Mapped[str]
    ags: Mapped[str]
    municipalities: Mapped[list[str]]
    ags_all: Mapped[list[str]]
    district: Mapped[str | None]
    government_region: Mapped[str | None]
    status: Mapped[str | None]
    status_de: Mapped[str]
    status_en: Mapped[str]
    stage: Mapped[str | None]
    programme: Mapped[str | None]
    programmes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    start_year: Mapped[int | None]
    end_year: Mapped[int | None]
    resolution_date: Mapped[date | None]
    concept: Mapped[str | None]
    concept_url: Mapped[str | None]
    area_ha: Mapped[Decimal | None] = mapped_column(Numeric)
    population: Mapped[int | None]
    geom_basis: Mapped[str]
    attr_basis: Mapped[str]
    geom_source: Mapped[str | None]
    licence: Mapped[str | None]
    sections: Mapped[int]
    updated_at: Mapped[datetime]
    period: Mapped[Any | None] = mapped_column(DATERANGE)
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"), nullable=False)
    geojson: Mapped[str]
    geom_3857: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON", 3857), nullable=False)
    label_point: Mapped[WKBElement] = mapped_column(geometry("POINT"), nullable=False)
    label_geojson: Mapped[str]
    label_3857: Mapped[WKBElement] = mapped_column(geometry("POINT", 3857), nullable=False)
    properties: Mapped[str]
    search: Mapped[str] = mapped_column(TSVECTOR)
    geojson_25832: Mapped[str]


class PublishedMunicipality(Publication):
    """One published municipality; `geom` is its outline, else its point."""

    __tablename__ = "municipality"
    ags: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    district: Mapped[str | None]
    government_region: Mapped[str | None]
    participation: Mapped[str | None]
    attr_basis: Mapped[str]
    source: Mapped[str | None]
    licence: Mapped[str | None]
    geom: Mapped[WKBElement | None] = mapped_column(geometry("GEOMETRY"))
    geojson: Mapped[str | None]
    outline_3857: Mapped[WKBElement | None] = mapped_column(geometry("MULTIPOLYGON", 3857))
    point_3857: Mapped[WKBElement | None] = mapped_column(geometry("POINT", 3857))
    properties: Mapped[str]
    search: Mapped[str] = mapped_column(TSVECTOR)


class PublishedProfile(Publication):
    """Everything that a profile page shows beyond the feature, as one document."""

    __tablename__ = "profile"
    area_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_id: Mapped[str] = mapped_column(unique=True)
    profile: Mapped[dict[str, Any]]


class Withdrawal(Publication):
    """An area that is no longer published, and the one that took its place."""

    __tablename__ = "withdrawal"
    area_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    successor_area_id: Mapped[str | None]
    withdrawn_on: Mapped[date]
    reason: Mapped[str | None]


class Street(Registry):
    """A street of a municipality, for finding places by their address."""

    __tablename__ = "street"
    __table_args__ = (UniqueConstraint("ags", "name", "quarter"), {"schema": "registry"})

    street_no: Mapped[int] = _number()
    name: Mapped[str]
    ags: Mapped[str]
    municipality: Mapped[str]
    quarter: Mapped[str] = mapped_column(server_default="")
    words: Mapped[str] = mapped_column(Computed("", persisted=True))
    town_words: Mapped[str] = mapped_column(Computed("", persisted=True))


class Address(Registry):
    """A house number; the table has no key, since registers hold the same number twice."""

    __tablename__ = "address"

    street_no: Mapped[int] = mapped_column(
        ForeignKey("registry.street.street_no", ondelete="CASCADE"), primary_key=True
    )
    house_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    suffix: Mapped[str] = mapped_column(primary_key=True, server_default="")
    point: Mapped[WKBElement] = mapped_column(geometry("POINT"))
