"""The published collections: which fields and which geometry stand under which identifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo_service.domain.area_fields import PROGRAMME_AREA_FIELDS
from geo_service.domain.code_lists import Label
from geo_service.domain.event_fields import EVENT_FIELDS
from geo_service.domain.fields import Field
from geo_service.domain.municipality_fields import MUNICIPALITY_FIELDS

GeometryType = Literal["MultiPolygon", "Point", "Geometry"]

# Nobody sorts by free text of any length; labels sort as their codes do.
NOT_SORTABLE = frozenset({"concept", "geom_source", "source", "licence", "status_de", "status_en", "address"})

# Fields of areas that people choose by: how many areas have each value is kept by the database.
COUNTED_AREA_FIELDS = (
    "municipality",
    "ags",
    "ags_all",
    "district",
    "government_region",
    "status",
    "stage",
    "programme",
    "programmes",
    "geom_basis",
    "attr_basis",
)

# What the geometry is called in filters and schemas; in GeoJSON it stands in the member ``geometry``.
GEOMETRY_NAME = "geom"


@dataclass(frozen=True)
class Collection:
    """One collection of the API.

    Attributes
    ----------
    table, geom_column, geojson_column : str
        Where it is read from in schema ``publication``. `geom_column` is in EPSG:25832, `geojson_column`
        holds the same geometry as GeoJSON text in CRS84.
    metric_geojson_column : str, optional
        The same text in EPSG:25832, where it is stored.
    id_column, key_column : str
        The public identifier, and the unique column that paging follows (``area_no``, ``entry_no`` or ``ags``).
    layer_name : str
        Name of the layer in files.
    has_period, has_profile : bool
        Whether ``datetime`` applies, and whether each feature is described by a profile.
    page_path : str, optional
        Below which path each feature has a page; its address is the one field that is not stored.
    may_lack_geometry : bool
        Whether there are features without a geometry.
    counted : tuple of str
        Fields of which ``publication.area_count`` has the number of features with each value.
    """

    collection_id: str
    title: Label
    description: Label
    fields: tuple[Field, ...]
    geometry_type: GeometryType
    table: str
    geom_column: str
    geojson_column: str
    id_column: str
    key_column: str
    layer_name: str
    has_period: bool
    has_profile: bool
    page_path: str | None = None
    metric_geojson_column: str | None = None
    may_lack_geometry: bool = False
    counted: tuple[str, ...] = ()

    def field(self, name: str) -> Field | None:
        """Return the field called `name`, if there is one."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def has_number_key(self) -> bool:
        """Whether the key is a number; that of municipalities is text."""
        return self.key_column != "ags"

    @property
    def page_field(self) -> Field | None:
        """The field with the address of a feature's page, which is put together when the answer is made."""
        return next((field for field in self.fields if not field.stored), None)

    @property
    def queryables(self) -> tuple[Field, ...]:
        """The fields that filters may name (the geometry, called `GEOMETRY_NAME`, comes on top)."""
        return tuple(field for field in self.fields if field.stored)

    @property
    def sortables(self) -> tuple[Field, ...]:
        """The fields that may be sorted by; each has an index, so that any page of it costs the same."""
        return tuple(
            field
            for field in self.queryables
            if field.type not in ("string-array", "url") and field.name not in NOT_SORTABLE
        )


PROGRAMME_AREAS = Collection(
    "programme-areas",
    Label("Programmgebiete", "Programme areas"),
    Label(
        "Programmgebiete der Städtebauförderung in Nordrhein-Westfalen mit Abgrenzung, Status und Programmen",
        "Programme areas of urban development funding in North Rhine-Westphalia: boundary, status, programmes",
    ),
    PROGRAMME_AREA_FIELDS,
    "MultiPolygon",
    table="programme_area",
    geom_column="geom",
    geojson_column="geojson",
    metric_geojson_column="geojson_25832",
    id_column="area_id",
    key_column="area_no",
    layer_name="programme_areas",
    has_period=True,
    has_profile=True,
    page_path="/profiles",
    counted=COUNTED_AREA_FIELDS,
)

PROGRAMME_AREA_POINTS = Collection(
    "programme-area-points",
    Label("Programmgebiete (Punkte)", "Programme areas (points)"),
    Label(
        "Ein Beschriftungspunkt je Programmgebiet, innerhalb der Fläche und möglichst weit vom Rand",
        "One label point per programme area, inside of it and as far from its edge as possible",
    ),
    PROGRAMME_AREA_FIELDS,
    "Point",
    table="programme_area",
    geom_column="label_point",
    geojson_column="label_geojson",
    id_column="area_id",
    key_column="area_no",
    layer_name="programme_area_points",
    has_period=True,
    has_profile=True,
    page_path="/profiles",
    counted=COUNTED_AREA_FIELDS,
)

MUNICIPALITIES = Collection(
    "municipalities",
    Label("Gemeinden", "Municipalities"),
    Label(
        "Gemeinden in Nordrhein-Westfalen als Punkt oder, wo eingespielt, mit ihrem Umriss",
        "Municipalities in North Rhine-Westphalia as a point or, where imported, with their outline",
    ),
    MUNICIPALITY_FIELDS,
    "Geometry",
    table="municipality",
    geom_column="geom",
    geojson_column="geojson",
    id_column="ags",
    key_column="ags",
    layer_name="municipalities",
    has_period=False,
    has_profile=False,
    may_lack_geometry=True,
)

EVENTS = Collection(
    "events",
    Label("Veranstaltungen", "Events"),
    Label(
        "Veranstaltungen zur Stadterneuerung als Punkt des Ortes oder, wo er nicht bekannt ist, der Gemeinde",
        "Events on urban renewal as a point of the venue or, where it is unknown, of the municipality",
    ),
    EVENT_FIELDS,
    "Point",
    table="event",
    geom_column="geom",
    geojson_column="geojson",
    id_column="event_id",
    key_column="entry_no",
    layer_name="events",
    has_period=True,
    has_profile=False,
    page_path="/events",
    may_lack_geometry=True,
)

COLLECTIONS: dict[str, Collection] = {
    collection.collection_id: collection
    for collection in (PROGRAMME_AREAS, PROGRAMME_AREA_POINTS, MUNICIPALITIES, EVENTS)
}
