"""The API on the sample data: an application with nothing but the blueprint, and one that is really served."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from geo_service.db.engine import read_engine
from geo_service.ogc.blueprint import make_blueprint
from geo_service.settings import Settings


@pytest.fixture(scope="session")
def make_api() -> Iterator[Callable[[Settings], Flask]]:
    """Return a function that makes an application with the API alone."""
    engines = []

    def _make(settings: Settings) -> Flask:
        engine = read_engine(settings)
        engines.append(engine)
        application = Flask("test", static_folder=None)
        application.register_blueprint(make_blueprint(settings, engine))
        return application

    yield _make
    for engine in engines:
        engine.dispose()


@pytest.fixture(scope="session")
def api(make_api: Callable[[Settings], Flask], sample_settings: Settings) -> FlaskClient:
    """A client of the API on the sample data."""
    return make_api(sample_settings).test_client()


@pytest.fixture(scope="session")
def served(make_api: Callable[[Settings], Flask], sample_settings: Settings) -> Iterator[str]:
    """Address of the API on the sample data, served over real HTTP."""
    server = make_server("127.0.0.1", 0, make_api(sample_settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/api"
    server.shutdown()
    thread.join()
    server.server_close()
