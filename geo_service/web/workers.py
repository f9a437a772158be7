"""granian, but more patient with workers that are killed.

Left to itself, granian ends when a worker dies twice within 5.5 seconds, and takes the healthy workers along. But a
worker that is killed from outside, for its memory or by hand, says nothing about the next one. So a worker is
replaced up to `MAX_DEATHS` times within `WINDOW_S`; beyond that something is wrong with all of them.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from granian import Granian

MAX_DEATHS = 8
WINDOW_S = 30.0
# So that workers that cannot even start do not take the machine.
PAUSE_S = 0.2


class PatientServer(Granian):  # type: ignore[misc, valid-type]
    """A server that lives through the repeated death of its workers."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._deaths: deque[float] = deque(maxlen=MAX_DEATHS)

    def _respawn_workers(self, workers: list[int], *arguments: Any, **settings: Any) -> None:
        """Replace workers; without a note of when that was, granian sees no loop in the next death."""
        now = time.monotonic()
        looping = len(self._deaths) == MAX_DEATHS and now - self._deaths[0] < WINDOW_S
        self._deaths.extend(now for _ in workers)
        time.sleep(PAUSE_S)
        super()._respawn_workers(workers, *arguments, **settings)
        if not looping:
            self.respawned_wrks.clear()
