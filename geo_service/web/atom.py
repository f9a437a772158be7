"""The news as an Atom feed (RFC 4287), one for each language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from xml.etree import ElementTree as ET

from geo_service.db.entries import News
from geo_service.web.entries_view import show
from geo_service.web.page import Page

MEDIA_TYPE = "application/atom+xml"
PATH = "/news/atom.xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def feed(news: Sequence[News], page: Page) -> bytes:
    """Return the feed of `news`; identifiers are addresses without a language, which last."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": page.language})
    address = f"{page.absolute(PATH)}?lang={page.language}"
    _add(root, "id", address)
    _add(root, "title", f"{page.text('news.title')} – {page.text('site.name')}")
    _add(root, "updated", _moment(max((one.updated_at for one in news), default=_NEVER)))
    _link(root, "self", MEDIA_TYPE, address)
    _link(root, "alternate", "text/html", f"{page.absolute('/news')}?lang={page.language}")
    _add(ET.SubElement(root, _name("author")), "name", page.text("site.name"))
    for one in news:
        _entry(root, one, page)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _entry(root: ET.Element, one: News, page: Page) -> None:
    shown = show(one.content, page)
    entry = ET.SubElement(root, _name("entry"))
    address = page.absolute(f"/news/{one.news_id}")
    _add(entry, "id", address)
    _add(entry, "title", shown.title)
    _add(entry, "published", _moment(one.day))
    _add(entry, "updated", _moment(one.updated_at))
    _link(entry, "alternate", "text/html", f"{address}?lang={page.language}")
    _add(entry, "content", str(shown.body), type="html")


def _moment(moment: datetime | date) -> str:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), UTC)
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _name(tag: str) -> str:
    return f"{{{_NAMESPACE}}}{tag}"


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, _name(tag), attributes).text = _NO_XML.sub("", text)


def _link(parent: ET.Element, rel: str, media_type: str, href: str) -> None:
    ET.SubElement(parent, _name("link"), {"rel": rel, "type": media_type, "href": href})
