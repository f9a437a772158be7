"""The worker processes: made, replaced when they die, and ended.

A worker that is killed from outside, for its memory or by hand, says nothing about the next one. So workers are
replaced up to `MAX_DEATHS` times within `WINDOW_S`; beyond that something is wrong with all of them. None outlives
the process that made it.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType

PR_SET_PDEATHSIG = 1
MAX_DEATHS = 8
WINDOW_S = 30.0
# So that workers that cannot even start do not take the machine.
PAUSE_S = 0.2
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class WorkersFailError(Exception):
    """Workers die again and again."""


class Workers:
    """Processes that are forked from this one and do the same.

    Parameters
    ----------
    count : int
        How many there are.
    work : callable
        What each of them does; it ends with SIGTERM.
    grace_s : float
        How long they may take to end, in seconds; then they are killed.
    """

    def __init__(self, count: int, work: Callable[[], None], grace_s: float) -> None:
        self._count, self._work, self._grace_s = count, work, grace_s
        # Forked: they share memory that this process has laid out, see `freshness`.
        self._context = multiprocessing.get_context("fork")
        self._processes: list[BaseProcess] = []
        self._deaths: deque[float] = deque(maxlen=MAX_DEATHS)

    def run(self) -> None:
        """Keep them running until SIGTERM or SIGINT; blocks. Only in the main thread.

        Raises
        ------
        WorkersFailError
            They could not be kept running.
        """
        with _Stop() as stop:
            try:
                self._processes = [self._start() for _ in range(self._count)]
                while not stop.requested:
                    wait([stop.woken, *(one.sentinel for one in self._processes)])
                    if not stop.requested:
                        self._replace_dead()
            finally:
                self._end()

    def _start(self) -> BaseProcess:
        process = self._context.Process(target=_be_worker, args=(os.getpid(), self._work))
        process.start()
        return process

    def _replace_dead(self) -> None:
        dead = [one for one in self._processes if not one.is_alive()]
        if not dead:
            return
        now = time.monotonic()
        if len(self._deaths) == MAX_DEATHS and now - self._deaths[0] < WINDOW_S:
            raise WorkersFailError
        self._deaths.extend(now for _ in dead)
        time.sleep(PAUSE_S)
        self._processes = [one for one in self._processes if one not in dead] + [self._start() for _ in dead]

    def _end(self) -> None:
        for one in self._processes:
            one.terminate()
        end = time.monotonic() + self._grace_s
        for one in self._processes:
            one.join(max(0.0, end - time.monotonic()))
        for one in self._processes:
            one.kill()
            one.join()


class _Stop:
    """Whether a signal asked to stop, and a file number that becomes readable then."""

    def __init__(self) -> None:
        self.requested = False
        self.woken, self._wake = os.pipe()

    def __enter__(self) -> _Stop:
        self._before = {number: signal.signal(number, self._ask) for number in SIGNALS}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self.woken)
        os.close(self._wake)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if not self.requested:
            self.requested = True
            os.write(self._wake, b"!")


def _be_worker(parent: int, work: Callable[[], None]) -> None:
    die_with_parent(parent, signal.SIGKILL)
    # Those of the parent are not meant for it; the server sets its own.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    work()


def die_with_parent(parent: int, number: signal.Signals) -> None:
    """Ask the kernel for a signal when our parent, process `parent`, ends; end now if it has ended before."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
