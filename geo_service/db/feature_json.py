"""One feature as finished GeoJSON text: the SQL expression of it, and the links that it is completed with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import orjson

from geo_service.db.queries import EVERYTHING, geometry_json
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.domain.crs import ReferenceSystem
from geo_service.domain.fields import Field
from geo_service.domain.query import Selection

# As the stored text of all properties has them.
VALUES = {
    "date": "to_char({name}, 'YYYY-MM-DD')",
    "date-time": """to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
    "number": "round({name}, 2)",
}
IDENTIFIER = "\0"  # stands for it in a template
MAX_KEPT_QUERY = 100


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
    self_query, self_type : str
        What a single feature was asked for with, without ``?``, and the media type that it comes in.
    """

    pages_url: str
    items_url: str
    query: str = ""
    page_title: str = ""
    collection_title: str = ""
    self_query: str = ""
    self_type: str = "application/geo+json"

    def values(self, collection: Collection) -> dict[str, str]:
        """Return what the statements bind that `assemble` and `db.encodings` write, as the inside of JSON strings.

        Everything between two places of an identifier comes as one value: a server needs longer for putting a text
        together from many than for reading the stored ones.
        """
        known = _known_values if len(self.query) + len(self.self_query) <= MAX_KEPT_QUERY else _values
        return known(self, collection.collection_id)

    def _inside(self) -> dict[str, str]:
        query = f"?{self.query}" if self.query else ""
        texts = {
            "pages": f"{self.pages_url}/",
            "items": f"{self.items_url}/",
            "collection": self.items_url.removesuffix("/items") + query,
            "query": query,
            "as_json": f"{query}{'&' if query else '?'}f=json",
            "self_query": f"?{self.self_query}" if self.self_query else "",
            "self_type": self.self_type,
            "page_title": self.page_title,
            "collection_title": self.collection_title,
        }
        return {name: orjson.dumps(text)[1:-1].decode() for name, text in texts.items()}


def _values(links: FeatureLinks, collection_id: str) -> dict[str, str]:
    inside = links._inside()
    values = {"pages": inside["pages"]}
    for single in (False, True):
        for number, piece in enumerate(_tail(COLLECTIONS[collection_id], single=single)):
            values[_tail_name(number, single=single)] = piece.format(**inside)
    return values


# Few: they hold what the client wrote, and a flood of addresses must not fill the memory with it.
_known_values = lru_cache(maxsize=64)(_values)


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

    Identifiers are slugs or digits by constraint and need no escaping. The parentheses see to it that the long text of
    an outline is copied twice, and not with every short one that follows.
    """
    id_column = collection.id_column
    pieces = range(len(_tail(collection, single=single)))
    tail = f" || {id_column} || ".join(f"%({_tail_name(number, single=single)})s" for number in pieces)
    return (
        f"""'{{"type":"Feature","id":"' || {id_column} || '"'{more} || ',"geometry":' || {geometry}"""
        f""" || (',"properties":' || {_properties(collection, selection)} || ({tail}))"""
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
    return f"""{text} || ('{comma}"{name}":"' || %(pages)s || {collection.id_column} || '"}}')"""


def _value(field: Field) -> str:
    return VALUES.get(field.type, "{name}").format(name=field.name)


def _tail_name(number: int, *, single: bool) -> str:
    return f"single_tail_{number}" if single else f"tail_{number}"


def _tail(collection: Collection, *, single: bool) -> tuple[str, ...]:
    """Return what follows the properties: templates of texts, between which the identifier stands."""
    links = []
    if single:
        links.append(_link("self", "{self_type}", "", "{items}", "{self_query}"))
        links.append(_link("collection", "application/json", "{collection_title}", "{collection}"))
    if collection.page_path:
        links.append(_link("describedby", "text/html", "{page_title}", "{pages}", "{query}"))
        if collection.has_profile:
            links.append(_link("describedby", "application/json", "{page_title}", "{pages}", "{as_json}"))
    return tuple(f',"links":[{",".join(links)}]}}}}'.split(IDENTIFIER)) if links else ("}}",)


def _link(rel: str, media_type: str, title: str, *href: str) -> str:
    """Return the template of a link; the identifier stands between the parts of `href`."""
    title_member = f'"title":"{title}",' if title else ""
    address = IDENTIFIER.join(href)
    return f'{{{{"rel":"{rel}","type":"{media_type}",{title_member}"href":"{address}"}}}}'
