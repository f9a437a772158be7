"""A small reader of HTML for tests: elements with their attributes, headings with their text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"link", "meta", "input", "br", "hr", "img", "path", "circle", "rect"}
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "use": "href"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch", "manifest"}


@dataclass
class Element:
    """One element: name, attributes, and all text inside of it."""

    name: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in [element.name for element in self.open]:
            while self.open.pop().name != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.parts.append(data)


def read(html: str) -> list[Element]:
    """Return all elements of a page in their order."""
    reader = _Reader()
    reader.feed(html)
    return reader.elements


def named(html: str, name: str) -> list[Element]:
    """Return the elements called `name`."""
    return [element for element in read(html) if element.name == name]


def loaded(html: str) -> list[str]:
    """Return every address that a browser fetches by itself when it shows the page."""
    found = []
    for element in read(html):
        if attribute := LOADING.get(element.name):
            found += [element.attributes[attribute]] if attribute in element.attributes else []
        if element.name == "link" and set(element.attributes.get("rel", "").split()) & LOADING_LINKS:
            found.append(element.attributes["href"])
    return found
