"""A page whose requests and complaints are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

VIEWPORT = {"width": 1000, "height": 640}
# Remarks on the speed of drawing without a GPU, and of reading back what was drawn.
HARMLESS = ("GPU stall due to ReadPixels", "Multiple readback operations using getImageData")


@contextmanager
def watched_page(browser: Browser, hosts: set[str], **context: object) -> Iterator[Page]:
    """Open a page; afterwards nothing has failed, nothing complained, and no other host was asked."""
    opened = browser.new_context(**{"viewport": VIEWPORT, "reduced_motion": "reduce", **context})  # type: ignore[arg-type]
    opened.set_default_timeout(20_000)
    page = opened.new_page()
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(request.url))
    page.on(
        "response",
        lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )
    page.on(
        "requestfailed",
        # Who leaves a page gives up what it was still loading.
        lambda request: (
            None
            if request.failure == "net::ERR_ABORTED"
            else complaints.append(f"{request.failure} {request.url}")
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type in ("error", "warning") and not any(text in message.text for text in HARMLESS)
            else None
        ),
    )
    try:
        yield page
    finally:
        opened.close()
    assert not complaints, complaints
    found = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert found == {urlsplit(host).netloc for host in hosts}, found
