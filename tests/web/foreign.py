"""Somebody else's web site: pages cut out of README.md, with the libraries beside them, on a port of its own.

Another port is another origin, so that a browser lets such a page read from the service only by CORS.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response

from geo_service.settings import PROJECT_DIR
from tests.web.conftest import served

ADDRESS = "http://127.0.0.1:5000"


def snippet(heading: str, language: str = "html", file: Path = PROJECT_DIR / "README.md") -> str:
    """Return the first code block below a heading."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(at for at, line in enumerate(lines) if re.fullmatch(rf"#+ {re.escape(heading)}\n", line))
    opened = lines.index(f"```{language}\n", start)
    assert not any(line.startswith("#") for line in lines[start + 1 : opened]), (
        f"no {language} below {heading!r}"
    )
    return "".join(lines[opened + 1 : lines.index("```\n", opened)])


def pointed_at(text: str, site: str) -> str:
    """Return a snippet that asks the service at `site`: the only change that a reader has to make, too."""
    assert ADDRESS in text
    return text.replace(ADDRESS, site)


@contextmanager
def foreign_site(pages: dict[str, str], libraries: Path) -> Iterator[str]:
    """Serve pages by path, and libraries below ``/node_modules``; yield the address."""

    @Request.application
    def answer(request: Request) -> Response:
        if request.path in pages:
            return Response(pages[request.path], mimetype="text/html")
        if request.path.startswith("/node_modules/"):
            response = send_from_directory(
                libraries, request.path.removeprefix("/node_modules/"), request.environ
            )
            if request.path.endswith(".mjs"):  # Python's own table differs between versions
                response.mimetype = "text/javascript"
            return response
        return Response(status=204 if request.path == "/favicon.ico" else 404)

    with served(answer) as address:
        yield address


def pixels(page: Page, places: list[tuple[float, float]]) -> list[tuple[int, int, int]]:
    """Return the colours that are on the screen at places of the page."""
    picture = base64.b64encode(page.screenshot()).decode()
    found = page.evaluate(
        """async ([picture, places]) => {
            const image = Object.assign(new Image(), {src: `data:image/png;base64,${picture}`});
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const drawing = canvas.getContext("2d");
            drawing.drawImage(image, 0, 0);
            return places.map(([x, y]) => [...drawing.getImageData(x, y, 1, 1).data.slice(0, 3)]);
        }""",
        [picture, places],
    )
    return [(red, green, blue) for red, green, blue in found]


def until(page: Page, wanted: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Wait until something is so; the page goes on meanwhile."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if wanted():
            return
        page.wait_for_timeout(200)
    raise AssertionError(what)
