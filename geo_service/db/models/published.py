"""Models of what is served of areas and municipalities, in ``publication``: one row each, with all precomputed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, Identity, LargeBinary, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from geo_service.db.models.base import Publication, geometry, given_key


class Dataset(Publication):
    """One row: the version of what is published, and how many features that is."""

    __tablename__ = "dataset"
    singleton: Mapped[bool] = mapped_column(primary_key=True, server_default="true")
    version: Mapped[int] = mapped_column(BigInteger)
    programme_area_count: Mapped[int] = mapped_column(BigInteger, server_default="0")
    municipality_count: Mapped[int] = mapped_column(BigInteger, server_default="0")


class AreaCount(Publication):
    """How many published areas have a value; null is one, too, and of an array each element."""

    __tablename__ = "area_count"
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str | None] = mapped_column(primary_key=True)
    areas: Mapped[int] = mapped_column(BigInteger)


class Change(Publication):
    """What a version changed; no box (EPSG:3857) and no feature: everything in the collection."""

    __tablename__ = "change"
    change_no: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    collection: Mapped[str]
    feature_id: Mapped[str | None]
    bbox_3857: Mapped[WKBElement | None] = mapped_column(geometry("MULTIPOLYGON", 3857))


class PublishedArea(Publication):
    """One published programme area, as domain.area_fields declares it, with everything precomputed."""

    __tablename__ = "programme_area"
    area_no: Mapped[int] = given_key()
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
    size_m2: Mapped[float]
    tile_shapes: Mapped[list[bytes] | None] = mapped_column(ARRAY(LargeBinary))
    valid_cuts: Mapped[int]


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
    area_no: Mapped[int] = given_key()
    area_id: Mapped[str] = mapped_column(unique=True)
    profile: Mapped[dict[str, Any]]


class Withdrawal(Publication):
    """An area that is no longer published, and the one that took its place."""

    __tablename__ = "withdrawal"
    area_no: Mapped[int] = given_key()
    area_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    successor_area_id: Mapped[str | None]
    withdrawn_on: Mapped[date]
    reason: Mapped[str | None]
