"""Serve the whole service in a process of its own: ``python tests/qgis/serve.py`` prints its port.

QGIS runs in another Python, so it needs a server; each request is a line on stderr. The settings are read from
the environment.
"""

from __future__ import annotations

from werkzeug.serving import make_server

from geo_service.settings import Settings
from geo_service.web.app import create_app


def main() -> None:
    server = make_server("127.0.0.1", 0, create_app(Settings.load()), threaded=True)
    print(server.port, flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main()
