"""The whole application on the sample data: by Flask's client, and really served for a real browser."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from geo_service.settings import Settings
from geo_service.web.app import create_app
from tests.web.entered import Service
from tests.web.watching import watched_page

# No window, no GPU and no question to anybody; WebGL is drawn by the processor.
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@contextmanager
def served(app: WSGIApplication) -> Iterator[str]:
    """Serve `app` over real HTTP on a free port and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def make_app() -> Iterator[Callable[[Settings], Flask]]:
    """Return a function that makes the application; its connections are closed at the end."""
    engines: list[Engine] = []

    def _make(settings: Settings) -> Flask:
        app = create_app(settings)
        engines.append(app.extensions["geo_service"].engine)
        return app

    yield _make
    for engine in engines:
        engine.dispose()


@pytest.fixture(scope="session")
def vendor_settings(sample_settings: Settings) -> Settings:
    """Settings of a service on the sample data that has the map library."""
    assert sample_settings.vendor_dir, "GEO_SERVICE_VENDOR_DIR must name the directory with maplibre-gl"
    return sample_settings


@pytest.fixture(scope="session")
def app(make_app: Callable[[Settings], Flask], vendor_settings: Settings) -> Flask:
    return make_app(vendor_settings)


@pytest.fixture(scope="session")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def site(app: Flask) -> Iterator[str]:
    """Address of the application on the sample data, served over real HTTP."""
    with served(app) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Callable[..., Browser]:
    """Return a function that starts a real Chromium, with further arguments if wanted."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "the tests of the pages need Chromium (Debian's package chromium)"

    def _launch(*more: str) -> Browser:
        return playwright.chromium.launch(executable_path=executable, args=[*CHROMIUM_ARGS, *more])

    return _launch


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    with launch() as started:
        yield started


@pytest.fixture
def watched(browser: Browser, site: str) -> Iterator[Page]:
    """A page that asks nobody but the service, and in which nothing fails or complains."""
    size = {"width": 1280, "height": 800}
    with watched_page(browser, {site}, viewport=size, locale="de-DE") as page:
        yield page


@pytest.fixture
def fresh_service(sample_settings: Settings) -> Iterator[Service]:
    """A service that knows nothing yet."""
    made = Service(sample_settings)
    yield made
    made.close()
