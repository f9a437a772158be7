"""Ends connections on which nothing moves: whoever takes no answer, or sends a body drop by drop.

The server itself ends only those that do not send the head of a request. A worker looks through its own connections:
where nothing has been sent to the client for a while, and less has come from it than a slow upload would bring, the
socket is shut down; threads that wait for it become free.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from pathlib import Path

from geo_service.web.bodies import SLOWEST_BYTES_PER_S

LIMIT_S = 120.0
INTERVAL_S = 5.0
# struct tcp_info of Linux: milliseconds since data were sent, and bytes received.
_SENT_AGO = struct.Struct("I"), 44
_RECEIVED = struct.Struct("Q"), 128
_INFO_BYTES = 136


class StalledConnections:
    """Watches over the accepted connections of this process on one port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._received: dict[str, int] = {}

    def sweep(self, seconds: float, limit_s: float = LIMIT_S) -> int:
        """End those to which nothing was sent for `limit_s`, `seconds` after the last time; return their number."""
        ended, received = 0, {}
        for number in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names, not paths
            with contextlib.suppress(OSError):
                name = str(Path("/proc/self/fd", number).readlink())
                if not name.startswith("socket:"):
                    continue
                with socket.socket(fileno=os.dup(int(number))) as connection:
                    if not self._is_ours(connection):
                        continue
                    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
                    sent_ago = _SENT_AGO[0].unpack_from(info, _SENT_AGO[1])[0]
                    received[name] = count = _RECEIVED[0].unpack_from(info, _RECEIVED[1])[0]
                    came = count - self._received.get(name, count)
                    if sent_ago > limit_s * 1000 and came < SLOWEST_BYTES_PER_S / 2 * seconds:
                        connection.shutdown(socket.SHUT_RDWR)
                        ended += 1
        self._received = received
        return ended

    def _is_ours(self, connection: socket.socket) -> bool:
        if (
            connection.family not in (socket.AF_INET, socket.AF_INET6)
            or connection.type != socket.SOCK_STREAM
        ):
            return False
        return connection.getsockname()[1] == self._port and bool(connection.getpeername())
