"""Models of areas and municipalities and of all that belongs to them, in ``registry``."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from geoalchemy2 import WKBElement
from sqlalchemy import Computed, ForeignKey, LargeBinary, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from geo_service.db.models.base import (
    AREA_KEY,
    Registry,
    geometry,
    given_key,
    number_key,
    of_area,
    of_municipality,
)


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
    area_no: Mapped[int] = number_key()
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
    area_name_no: Mapped[int] = number_key()
    area_no: Mapped[int] = of_area()
    name: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class AreaMunicipality(Registry):
    """An area lies in one municipality or several; one of them leads."""

    __tablename__ = "area_municipality"
    area_no: Mapped[int] = of_area(key=True)
    ags: Mapped[str] = of_municipality()
    is_leading: Mapped[bool] = mapped_column(server_default="false")


class Boundary(Registry):
    """A version of a boundary, EPSG:25832; the current one has no `valid_to` (exclusive)."""

    __tablename__ = "boundary"
    boundary_no: Mapped[int] = number_key()
    area_no: Mapped[int] = of_area()
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
    tile_shapes: Mapped[list[bytes] | None] = mapped_column(
        ARRAY(LargeBinary),
        Computed("registry.tile_shapes(public.st_transform(geom, 3857))", persisted=True),
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
    programme_period_no: Mapped[int] = number_key()
    area_no: Mapped[int] = of_area()
    programme: Mapped[str]
    start_year: Mapped[int | None]
    end_year: Mapped[int | None]


class ProfileSection(Registry):
    """The text of one of the seven sections in one language, in Markdown."""

    __tablename__ = "profile_section"
    area_no: Mapped[int] = of_area(key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    source: Mapped[str | None]


class Milestone(Registry):
    """Something that happened in an area, on a day or in a year."""

    __tablename__ = "milestone"
    milestone_no: Mapped[int] = number_key()
    area_no: Mapped[int] = of_area()
    milestone_date: Mapped[date | None]
    year: Mapped[int]
    text_de: Mapped[str]
    text_en: Mapped[str | None]


class Contact(Registry):
    """Whom to ask about an area; shown from `released_at` until `expires_at`, `person` only when released too."""

    __tablename__ = "contact"
    contact_no: Mapped[int] = number_key()
    area_no: Mapped[int] = of_area()
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
    document_no: Mapped[int] = number_key()
    area_no: Mapped[int] = of_area()
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
    area_no: Mapped[int] = given_key()
    updated_at: Mapped[datetime]


class AreaMark(Registry):
    """An area to be published when the running transaction commits."""

    __tablename__ = "area_mark"
    area_no: Mapped[int] = given_key()


class MunicipalityMark(Registry):
    """A municipality to be published when the running transaction commits."""

    __tablename__ = "municipality_mark"
    ags: Mapped[str] = mapped_column(primary_key=True)


class PublishRequest(Registry):
    """Its only row starts the publication when the running transaction commits."""

    __tablename__ = "publish_request"
    requested: Mapped[bool] = mapped_column(primary_key=True, server_default="true")
