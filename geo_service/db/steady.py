"""How a statement is sent: what is asked again and again is planned once per connection, not each time.

A statement says so itself, by a comment at its head. `STEADY`: its best plan does not depend on the values bound to it,
so the server may keep one. `RAW`: its texts are wanted as the bytes that they come as; they only pass through here.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg2
from psycopg2.extensions import BYTES, register_type

STEADY = "/* steady */"
RAW = "/* raw */"
STEADY_RAW = STEADY + RAW

# A statement is prepared when it comes for the third time; of the others there may be any number.
PREPARED_FROM = 3
REMEMBERED = 256
PREPARED_PER_CONNECTION = 64

PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


class Prepared(NamedTuple):
    """A statement as PREPARE takes it, and the call that takes its place."""

    definition: str
    call: str


class Sender:
    """Sends statements on the connections of one engine; for all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, int] = OrderedDict()
        self._prepared: WeakKeyDictionary[Any, OrderedDict[str, str]] = WeakKeyDictionary()
        self._refused: set[str] = set()

    def text(self, cursor: Any, statement: str) -> str:
        """Return what is to be executed in place of `statement`, with the same values; prepares it if it is time."""
        if statement.startswith(RAW) or statement.startswith(STEADY_RAW):
            register_type(BYTES, cursor)
        connection = cursor.connection
        # A statement that fails would end a transaction, and with it the state that it looks at.
        if not statement.startswith(STEADY) or not connection.autocommit or statement in self._refused:
            return statement
        known = self._prepared.get(connection)
        if known is None:
            known = self._prepared.setdefault(connection, OrderedDict())
        call = known.get(statement)
        if call is not None:
            known.move_to_end(statement)
            return call
        return self._prepare(cursor, statement, known) if self._comes_again(statement) else statement

    def _comes_again(self, statement: str) -> bool:
        with self._lock:
            count = self._seen[statement] = self._seen.get(statement, 0) + 1
            self._seen.move_to_end(statement)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return count >= PREPARED_FROM

    def _prepare(self, cursor: Any, statement: str, known: OrderedDict[str, str]) -> str:
        prepared = as_prepared(statement)
        try:
            cursor.execute(prepared.definition)
        except (psycopg2.ProgrammingError, psycopg2.NotSupportedError):
            # The type of a value could not be told, for instance.
            self._refused.add(statement)
            return statement
        known[statement] = prepared.call
        if len(known) > PREPARED_PER_CONNECTION:
            oldest, _ = known.popitem(last=False)
            cursor.execute(f"DEALLOCATE {_name(oldest)}")
        return prepared.call


@lru_cache(maxsize=REMEMBERED)
def as_prepared(statement: str) -> Prepared:
    """Turn named placeholders into numbered ones."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return "%" if found[1] is None else f"${names.setdefault(found[1], len(names) + 1)}"

    numbered = PLACEHOLDER.sub(number, statement)
    values = ", ".join(f"%({name})s" for name in names)
    name = _name(statement)
    return Prepared(f"PREPARE {name} AS {numbered}", f"EXECUTE {name}" + (f" ({values})" if names else ""))


def _name(statement: str) -> str:
    return f"steady_{abs(hash(statement)):x}"
