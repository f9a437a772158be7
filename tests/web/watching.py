"""A page whose requests and complaints are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

VIEWPORT = {"width": 1000, "height": 640}
# A driver's remark on the speed of software rendering, which only a machine without a GPU hears.
STALL = "GPU stall due to ReadPixels"
# A browser's remark on the speed of reading back what was drawn.
READBACK = "Multiple readback operations using getImageData"


class Watch:
    """What a page has asked for and complained about; complaints that hold one of the `harmless` texts are none."""

    def __init__(self, page: Page, harmless: tuple[str, ...] = (STALL,)) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._harmless = harmless
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._said)

    def hosts(self) -> set[str]:
        """Return the hosts, with their ports, that were asked."""
        return {urlsplit(url).netloc for url in self.requests if not url.startswith(("data:", "blob:"))}

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self.complaints.append(f"{answer.status} {answer.url}")

    def _failed(self, request: Request) -> None:
        # Who leaves a page gives up what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure} {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(one in message.text for one in self._harmless):
            self.complaints.append(message.text)


@contextmanager
def watched_page(browser: Browser, hosts: set[str], **context: object) -> Iterator[Page]:
    """Open a page; afterwards nothing has failed, nothing complained, and no other host was asked."""
    opened = browser.new_context(**{"viewport": VIEWPORT, "reduced_motion": "reduce", **context})  # type: ignore[arg-type]
    opened.set_default_timeout(20_000)
    page = opened.new_page()
    watch = Watch(page, (STALL, READBACK))
    try:
        yield page
    finally:
        opened.close()
    assert not watch.complaints, watch.complaints
    assert watch.hosts() == {urlsplit(host).netloc for host in hosts}, watch.hosts()
