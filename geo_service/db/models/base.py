"""What all models stand on: the two schemas, and the columns that many tables have."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from geoalchemy2 import Geometry
from sqlalchemy import DateTime, ForeignKey, Identity, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from geo_service.domain.crs import STORAGE_SRID

AREA_KEY = "registry.programme_area.area_no"
MUNICIPALITY_KEY = "registry.municipality.ags"


def geometry(kind: str, srid: int = STORAGE_SRID) -> Geometry:
    """Column type of a two-dimensional geometry; the migration makes the index."""
    return Geometry(kind, srid=srid, spatial_index=False)


def number_key() -> Mapped[int]:
    """Return a key that the database counts."""
    return mapped_column(Identity(), primary_key=True)


def given_key() -> Mapped[int]:
    """Return a key that another table counts."""
    return mapped_column(primary_key=True, autoincrement=False)


def of_area(*, key: bool = False) -> Mapped[int]:
    """Return the area that a row belongs to and goes with."""
    return mapped_column(ForeignKey(AREA_KEY, ondelete="CASCADE"), primary_key=key)


def of_municipality() -> Mapped[str]:
    """Return the municipality that a row is about, as part of its key; it follows a change of the key."""
    return mapped_column(ForeignKey(MUNICIPALITY_KEY, onupdate="CASCADE"), primary_key=True)


class Base(DeclarativeBase):
    """Base of all models."""

    metadata = MetaData()
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
        dict[str, Any]: JSONB,
    }


class Registry(Base):
    """Base of the tables of ``registry``."""

    __abstract__ = True
    __table_args__: Any = ({"schema": "registry"},)


class Publication(Base):
    """Base of the tables of ``publication``."""

    __abstract__ = True
    __table_args__: Any = ({"schema": "publication"},)
