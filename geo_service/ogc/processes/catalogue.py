"""The processes as pygeoapi's processors: what they are called, what they take, and what they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pygeoapi.process.base import BaseProcessor
from sqlalchemy import Engine

from geo_service.db.engine import reading
from geo_service.db.overlap import find_overlap
from geo_service.domain.places import PLACE_SYSTEMS
from geo_service.errors import InvalidGeometryError, InvalidParameterError, Message
from geo_service.ogc.arguments import refuse
from geo_service.ogc.lookup import Document, look_up_places, lookup_document
from geo_service.ogc.overlap import overlap_document, overlap_geojson
from geo_service.ogc.places import Place, place_at, read_system
from geo_service.ogc.plan_text import plan_of_json, read_plan_text
from geo_service.ogc.plans import MAX_FEATURES, MAX_VERTICES, RawPlan, make_plan

JSON = "application/json"
MAX_POINTS = 10_000
OUTPUT = "result"
_CRS_TITLE = Message("Koordinatenreferenzsystem der Eingabe", "Coordinate reference system of the input")
Inputs = Mapping[str, Mapping[str, Any]]  # by name: title, description, least number and schema


@dataclass(frozen=True)
class Context:
    """What a process needs besides its inputs."""

    engine: Engine
    public_url: str
    language: str


class Processor(BaseProcessor):
    """A process: metadata in both languages, and one output, a JSON document."""

    process_id = ""
    title = Message("", "")
    description = Message("", "")
    inputs: ClassVar[Inputs] = {}
    output = Message("", "")

    def __init__(self, processor_def: dict[str, Any]) -> None:
        super().__init__(processor_def, {"id": self.process_id, "version": "1.0.0"})

    def summary(self, language: str) -> Document:
        """Return what the list of processes says."""
        return {
            "id": self.process_id,
            "version": self.metadata["version"],
            "title": self.title.text(language),
            "description": self.description.text(language),
            "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
            "outputTransmission": ["value"],
        }

    def describe(self, language: str) -> Document:
        """Return the process description, whose inputs and outputs are JSON Schema."""
        inputs = {
            name: {
                "title": one["title"].text(language),
                "description": one["description"].text(language),
                "minOccurs": one["least"],
                "maxOccurs": 1,
                "schema": one["schema"],
            }
            for name, one in self.inputs.items()
        }
        outputs = {
            OUTPUT: {
                "title": self.output.text(language),
                "schema": {"type": "object", "contentMediaType": JSON},
            }
        }
        return {**self.summary(language), "inputs": inputs, "outputs": outputs}

    def execute(self, data: dict[str, Any], outputs: Any = None) -> tuple[str, Document]:  # noqa: ARG002 - pygeoapi's signature
        """Run with ``data["inputs"]`` in ``data["context"]``.

        Raises
        ------
        GeoServiceError
            An input is unknown, missing or wrong, or the database cannot answer.
        """
        return JSON, self.run(self._inputs(data["inputs"]), data["context"])

    def run(self, inputs: Mapping[str, Any], context: Context) -> Document:
        """Do the work."""
        raise NotImplementedError

    def _inputs(self, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            refuse("inputs", "inputs muss ein Objekt sein.", "inputs must be an object.")
        values = {}
        for name, value in given.items():
            if name not in self.inputs:
                known = ", ".join(self.inputs)
                refuse(
                    "inputs",
                    f"Die Eingabe {name[:40]!r} gibt es nicht; es gibt: {known}.",
                    f"There is no input {name[:40]!r}; there are: {known}.",
                )
            values[name] = _plain(name, value)
        for name, one in self.inputs.items():
            if one["least"] and values.get(name) is None:
                refuse("inputs", f"Es fehlt die Eingabe {name}.", f"The input {name} is missing.")
        crs = values.get("crs")
        if crs is not None and not isinstance(crs, str):
            refuse("inputs", "crs ist ein Text, etwa EPSG:25832.", "crs is text, such as EPSG:25832.")
        return values


def _plain(name: str, value: Any) -> Any:
    """Return an input as it is, or what is wrapped as ``{"value": …}``; nothing is fetched from elsewhere."""
    if isinstance(value, dict) and "href" in value:
        refuse(
            "inputs",
            f"{name}: Eingaben werden nicht von einer Adresse geholt; bitte den Wert selbst senden.",
            f"{name}: inputs are not fetched from an address; please send the value itself.",
        )
    if isinstance(value, dict) and "value" in value and "type" not in value:
        return value["value"]
    return value


class LookupProcessor(Processor):
    """In which areas are these places?"""

    process_id = "lookup"
    title = Message("Orte prüfen", "Check places")
    description = Message(
        "In welchen Programmgebieten liegen Orte, oder welche drei sind die nächsten? Wie /lookup.",
        "In which programme areas are places, or which three are the nearest? As /lookup.",
    )
    output = Message("Antworten in der Reihenfolge der Orte", "Answers in the order of the places")
    inputs: ClassVar[Inputs] = {
        "points": {
            "title": Message("Orte", "Places"),
            "description": Message(
                f"Paare [x, y], höchstens {MAX_POINTS}; x zeigt nach Osten.",
                f"Pairs [x, y], {MAX_POINTS} at most; x is to the east.",
            ),
            "least": 1,
            "schema": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_POINTS,
                "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
            },
        },
        "crs": {
            "title": _CRS_TITLE,
            "description": Message("Ohne Angabe Länge, Breite.", "Longitude, latitude if not given."),
            "least": 0,
            "schema": {"type": "string", "enum": [one.code for one in PLACE_SYSTEMS], "default": "OGC:CRS84"},
        },
    }

    def run(self, inputs: Mapping[str, Any], context: Context) -> Document:
        """Answer for each place; one that is no place has its reason instead."""
        points = inputs["points"]
        if not isinstance(points, list) or not 1 <= len(points) <= MAX_POINTS:
            refuse(
                "inputs",
                f"points ist eine Liste von 1 bis {MAX_POINTS} Paaren [x, y].",
                f"points is a list of 1 to {MAX_POINTS} pairs [x, y].",
            )
        system = read_system(inputs.get("crs"))
        pairs = [_pair(point) for point in points]
        asked: list[Place | Message] = []
        for x, y in pairs:
            try:
                asked.append(place_at(x, y, system))
            except InvalidParameterError as error:
                asked.append(error.public)
        places = [one for one in asked if isinstance(one, Place)]
        found = iter(())  # type: ignore[var-annotated]
        if places:
            with reading(context.engine) as connection:
                found = iter(list(look_up_places(connection, places)))
        return {
            "answers": [
                lookup_document(*next(found), context.public_url, context.language)
                if isinstance(one, Place)
                else {"result": "error", "message": one.text(context.language)}
                for one in asked
            ]
        }


def _pair(point: Any) -> tuple[float, float]:
    numbers = (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(one, int | float) and not isinstance(one, bool) for one in point)
    )
    if not numbers:
        refuse("inputs", "Ein Ort ist ein Paar [x, y] von Zahlen.", "A place is a pair [x, y] of numbers.")
    return float(point[0]), float(point[1])


class OverlapProcessor(Processor):
    """How much of a plan lies in which areas?"""

    process_id = "overlap"
    title = Message("Planung prüfen", "Check a plan")
    description = Message(
        "Wie viel eines Plans liegt in welchen Programmgebieten? Wie /overlap.",
        "How much of a plan lies in which programme areas? As /overlap.",
    )
    output = Message(
        "Flächen und Anteile, auf Wunsch mit den Stücken", "Areas and shares, with the pieces if wanted"
    )
    inputs: ClassVar[Inputs] = {
        "plan": {
            "title": Message("Plan", "Plan"),
            "description": Message(
                f"GeoJSON (Geometrie, Feature oder FeatureCollection) oder WKT; höchstens {MAX_FEATURES} Flächen und "
                f"{MAX_VERTICES} Stützpunkte.",
                f"GeoJSON (geometry, feature or feature collection) or WKT; at most {MAX_FEATURES} polygons and "
                f"{MAX_VERTICES} vertices.",
            ),
            "least": 1,
            "schema": {"oneOf": [{"type": "object", "format": "geojson-geometry"}, {"type": "string"}]},
        },
        "crs": {
            "title": _CRS_TITLE,
            "description": Message(
                "Ohne Angabe das des Plans; GeoJSON ist in Länge, Breite.",
                "That of the plan if not given; GeoJSON is in longitude, latitude.",
            ),
            "least": 0,
            "schema": {"type": "string"},
        },
        "pieces": {
            "title": Message("Mit den Stücken", "With the pieces"),
            "description": Message(
                "Auch die gemeinsamen Flächen als GeoJSON.", "The shared pieces as GeoJSON, too."
            ),
            "least": 0,
            "schema": {"type": "boolean", "default": False},
        },
    }

    def run(self, inputs: Mapping[str, Any], context: Context) -> Document:
        """Lay the plan over the areas."""
        with_pieces = inputs.get("pieces", False)
        if not isinstance(with_pieces, bool):
            refuse("inputs", "pieces ist true oder false.", "pieces is true or false.")
        plan = make_plan(_raw_plan(inputs["plan"]), inputs.get("crs") or None)
        with reading(context.engine) as connection:
            found = find_overlap(connection, plan.wkb, with_pieces=with_pieces)
        document = overlap_document(plan, found, context.public_url, context.language)
        if with_pieces:
            document["pieces"] = overlap_geojson(found, context.public_url)
        return document


def _raw_plan(value: Any) -> RawPlan:
    if isinstance(value, str):
        return read_plan_text(value)
    if isinstance(value, dict):
        return plan_of_json(value)
    raise InvalidGeometryError(
        "a plan that is neither object nor text",
        Message("plan ist GeoJSON oder ein Text in WKT.", "plan is GeoJSON or text in WKT."),
    )


PROCESSORS: tuple[type[Processor], ...] = (LookupProcessor, OverlapProcessor)
# As pygeoapi's configuration names them, for its own loader.
PROCESSES = {
    one.process_id: {"type": "process", "processor": {"name": f"{one.__module__}.{one.__name__}"}}
    for one in PROCESSORS
}
