"""Markdown of profiles to HTML that can be put into a page as it is."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    "p", "br", "hr", "em", "strong", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_HEADING_SHIFT = 2  # the page has the h1 and the section the h2


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # "html": False escapes HTML in the text; images would load from third parties, so they stay text.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@lru_cache(maxsize=512)
def render(source: str, *, documents: str = "", prefix: str = "", shift: int = _HEADING_SHIFT) -> Markup:
    """Render `source` (CommonMark and tables; HTML in it is shown as text, never obeyed).

    Headings move down two levels to fit below a section's title. Links leave with ``rel="noopener"``;
    only http, https and mailto addresses survive.

    Parameters
    ----------
    documents : str
        The address that ``documents/…`` in a link stands for, with a slash at its end.
    prefix : str
        The path below which the service is published; put before links such as ``/profiles/…``.
    shift : int
        By how many levels headings move down, where it is not two.
    """
    parser = _parser()
    tokens = parser.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            level = max(2, min(6, int(token.tag[1]) + shift))
            token.tag = f"h{level}"
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("href", _resolve(str(child.attrGet("href") or ""), documents, prefix))
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 - cleaned by nh3 just above


def _resolve(target: str, documents: str, prefix: str) -> str:
    if documents and target.startswith("documents/"):
        return documents + target.removeprefix("documents/")
    if target.startswith("/") and not target.startswith("//"):
        return prefix + target
    return target
