"""Serve the whole service in a process of its own: ``python tests/qgis/serve.py`` prints its port.

QGIS runs in another Python, so it needs a server; each request is a line on stderr. The settings are read from
the environment. ``IN_WORK`` answers how many requests were asked and not yet answered to their end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from geo_service.settings import Settings
from geo_service.web.app import create_app

IN_WORK = "/requests-in-work"


class Counted:
    """WSGI middleware that counts the requests in work."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._in_work = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == IN_WORK:
            return Response(str(self._in_work))(environ, start_response)
        self._count(1)
        try:
            content = self._app(environ, start_response)
        except BaseException:
            self._count(-1)
            raise
        return ClosingIterator(content, lambda: self._count(-1))

    def _count(self, change: int) -> None:
        with self._lock:
            self._in_work += change


def main() -> None:
    server = make_server("127.0.0.1", 0, Counted(create_app(Settings.load())), threaded=True)
    print(server.port, flush=True)  # noqa: T201 - the tests read it
    server.serve_forever()


if __name__ == "__main__":
    main()
