"""Models of streets and house numbers, in ``registry``."""

from __future__ import annotations

from geoalchemy2 import WKBElement
from sqlalchemy import Computed, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo_service.db.models.base import Registry, geometry, number_key


class Street(Registry):
    """A street of a municipality, for finding places by their address."""

    __tablename__ = "street"
    __table_args__ = (UniqueConstraint("ags", "name", "quarter"), {"schema": "registry"})

    street_no: Mapped[int] = number_key()
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
