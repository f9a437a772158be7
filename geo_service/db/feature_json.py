"""One feature as finished GeoJSON text: the SQL expression of it, and the links that it is completed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from geo_service.db.queries import EVERYTHING, geometry_json
from geo_service.domain.collections import Collection
from geo_service.domain.crs import ReferenceSystem
from geo_service.domain.fields import Field
from geo_service.domain.query import Selection

# As the stored text of all properties has them.
VALUES = {
    "date": "to_char({name}, 'YYYY-MM-DD')",
    "date-time": """to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
    "number": "round({name}, 2)",
}


@dataclass(frozen=True, slots=True)
class FeatureLinks:
    """What a feature's links are made of, since no stored text contains a host.

    Attributes
    ----------
    pages_url, items_url : str
        Addresses without a trailing slash, to which ``/{id}`` is added.
    query : str
        What stays in every link, without ``?``: ``lang=en`` when the client asked so in the address.
    page_title, collection_title : str
        In the language of the answer.
    """

    pages_url: str
    items_url: str
    query: str = ""
    page_title: str = ""
    collection_title: str = ""

    def values(self) -> dict[str, Any]:
        """Return each part of a link as the inside of a JSON string, so that the statement only concatenates."""
        query = f"?{self.query}" if self.query else ""
        separator = "&" if query else "?"
        texts = {
            "pages": f"{self.pages_url}/",
            "items": f"{self.items_url}/",
            "collection": self.items_url.removesuffix("/items") + query,
            "query": query,
            "as_json": f"{query}{separator}f=json",
            "page_title": self.page_title,
            "collection_title": self.collection_title,
        }
        return {name: orjson.dumps(text)[1:-1].decode() for name, text in texts.items()}


def feature(
    collection: Collection, crs: ReferenceSystem, selection: Selection = EVERYTHING, *, single: bool = False
) -> str:
    """Return the SQL expression of one finished GeoJSON feature."""
    return assemble(collection, geometry_json(crs, collection, selection), selection, single=single)


def assemble(
    collection: Collection, geometry: str, selection: Selection, *, more: str = "", single: bool = False
) -> str:
    """Return the SQL expression of one finished feature; it binds the names of `FeatureLinks.values`.

    `geometry` is the expression of that member, `more` that of further ones, each with a comma before it.

    Identifiers are slugs or digits by constraint and need no escaping.
    """
    id_column = collection.id_column
    links = []
    if single:
        links.append(_link("self", "application/geo+json", "", f"%(items)s || {id_column} || %(query)s"))
        links.append(_link("collection", "application/json", "%(collection_title)s", "%(collection)s"))
    if collection.page_path:
        title = "%(page_title)s"
        page = f"%(pages)s || {id_column}"
        links.append(_link("describedby", "text/html", title, f"{page} || %(query)s"))
        if collection.has_profile:
            links.append(_link("describedby", "application/json", title, f"{page} || %(as_json)s"))
    links_member = f"""',"links":[' || {" || ',' || ".join(links)} || ']}}'""" if links else "'}'"
    return (
        f"""'{{"type":"Feature","id":"' || {id_column} || '"'{more} || ',"geometry":' || {geometry}"""
        f""" || ',"properties":' || {_properties(collection, selection)} || {links_member}"""
    )


def _properties(collection: Collection, selection: Selection) -> str:
    """Return the SQL expression of the member ``properties``.

    All of them are stored, without the closing brace, which leaves room for the address of the page.
    """
    fields = collection.fields if selection.properties is None else selection.properties
    stored = [field for field in fields if field.stored]
    text = "properties"
    if selection.properties is not None:
        pairs = ", ".join(f"'{field.name}', {_value(field)}" for field in stored)
        text = f"rtrim(json_build_object({pairs})::text, '}}')" if stored else "'{'"
    if len(stored) == len(fields):
        return f"{text} || '}}'"
    comma = "," if stored else ""
    name = collection.page_field.name if collection.page_field else ""
    return f"""{text} || '{comma}"{name}":"' || %(pages)s || {collection.id_column} || '"}}'"""


def _value(field: Field) -> str:
    return VALUES.get(field.type, "{name}").format(name=field.name)


def _link(rel: str, media_type: str, title: str, href: str) -> str:
    """Return the SQL expression of a link; `title` and `href` are expressions too."""
    title_member = f"""',"title":"' || {title} || '"' || """ if title else ""
    return f"""'{{"rel":"{rel}","type":"{media_type}"' || {title_member}',"href":"' || {href} || '"}}'"""
