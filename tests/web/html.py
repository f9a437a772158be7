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
    assert found, "a page has its stylesheet at least"
    return found


_HTML_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
_BLOCKS = {
    "p",
    "div",
    "ul",
    "ol",
    "dl",
    "table",
    "section",
    "article",
    "nav",
    "form",
    "h1",
    "h2",
    "h3",
    "main",
}
_PARENTS = {
    "li": {"ul", "ol"},
    "tr": {"thead", "tbody", "tfoot", "table"},
    "td": {"tr"},
    "th": {"tr"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "option": {"select", "optgroup"},
    "legend": {"fieldset"},
    "summary": {"details"},
}


class _Checker(HTMLParser):
    """Holds a page to what a validator would say: elements closed in order, where they may stand, ids once."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.needed_ids: set[str] = set()

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html" or self.open:
            self.faults.append(f"declaration {decl!r}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"{tag}: an attribute twice in {names}")
        parent = self.open[-1] if self.open else ""
        if tag in _PARENTS and parent not in _PARENTS[tag]:
            self.faults.append(f"{tag} inside of {parent} (line {self.getpos()[0]})")
        if parent == "p" and tag in _BLOCKS:
            self.faults.append(f"{tag} inside of p (line {self.getpos()[0]})")
        if tag in ("a", "button") and any(each in ("a", "button") for each in self.open):
            self.faults.append(f"{tag} inside of {self.open}")
        values = dict(attrs)
        self.ids += [values["id"]] if values.get("id") else []
        self.needed_ids |= {values["for"]} if tag == "label" and values.get("for") else set()
        self.needed_ids |= set((values.get("aria-labelledby") or "").split())
        href = values.get("href") or ""
        self.needed_ids |= {href[1:]} if tag == "a" and len(href) > 1 and href.startswith("#") else set()
        if tag not in _HTML_VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "svg" not in self.open and tag not in _HTML_VOID:
            self.faults.append(f"{tag} closes itself")
        self.handle_starttag(tag, attrs)
        if tag not in _HTML_VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-3:]} (line {self.getpos()[0]})")
        if tag in self.open:
            while self.open.pop() != tag:
                pass


def faults(html: str) -> list[str]:
    """Return what is wrong with the markup of a page."""
    checker = _Checker()
    checker.feed(html)
    checker.close()
    found = checker.faults + [f"{name} is not closed" for name in checker.open]
    found += [f"id {each} twice" for each in sorted({i for i in checker.ids if checker.ids.count(i) > 1})]
    return found + [f"no id {each}" for each in sorted(checker.needed_ids - set(checker.ids))]
