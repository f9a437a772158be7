"""Waiting for what happens elsewhere: as long as it takes, and no longer than it may."""

from __future__ import annotations

import time
from collections.abc import Callable

INTERVAL_S = 0.05


def wait_until(condition: Callable[[], object], seconds: float = 30.0) -> bool:
    """Ask until `condition` holds; tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(INTERVAL_S)
    return bool(condition())
