"""What all models stand on: the two schemas and the column type of geometries."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from geoalchemy2 import Geometry
from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase

from geo_service.domain.crs import STORAGE_SRID

AREA_KEY = "registry.programme_area.area_no"


def geometry(kind: str, srid: int = STORAGE_SRID) -> Geometry:
    """Column type of a two-dimensional geometry; the migration makes the index."""
    return Geometry(kind, srid=srid, spatial_index=False)


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
