"""Serve the API alone, in a process of its own: ``python tests/ogc/serve.py`` prints its port.

GDAL holds Python's lock while it waits for an answer, so that a server in a thread of the tests would never
come to give one. The settings are read from the environment.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.serving import make_server

from geo_service.db.engine import read_engine
from geo_service.ogc.blueprint import make_blueprint
from geo_service.settings import Settings


def main() -> None:
    settings = Settings.load()
    application = Flask("test", static_folder=None)
    application.register_blueprint(make_blueprint(settings, read_engine(settings)))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    print(server.port, flush=True)  # noqa: T201 - the tests read it
    server.serve_forever()


if __name__ == "__main__":
    main()
