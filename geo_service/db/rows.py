"""Single rows, read with less around a statement than `engine.reading` has: what features and tiles are made of."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import psycopg2
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from geo_service.db.engine import errors_as_ours


class RowReader:
    """Reads single rows: what `reading` and ``exec_driver_sql(…).one()`` do, in a third of the time around a statement.

    Errors leave as they do there.
    """

    __slots__ = ("_engine",)

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def row(self, statement: str, values: Mapping[str, Any]) -> Any:
        """Return the one row of a statement as a named tuple."""
        engine = self._engine
        with errors_as_ours(engine):
            try:
                lent = engine.raw_connection()
            except psycopg2.Error as error:
                raise _wrapped(engine, error, statement, lost=True) from error
            try:
                cursor: Any = lent.cursor()
                engine.dialect.do_execute(cursor, statement, values)
                return _row_type(tuple(column[0] for column in cursor.description))(*cursor.fetchone())
            except psycopg2.Error as error:
                lost = engine.dialect.is_disconnect(error, lent.dbapi_connection, None)  # type: ignore[arg-type]
                if lost:
                    lent.invalidate(error)
                raise _wrapped(engine, error, statement, lost=lost) from error
            finally:
                lent.close()


def _wrapped(engine: Engine, error: psycopg2.Error, statement: str, *, lost: bool) -> Exception:
    """Return an error of the driver as SQLAlchemy raises it."""
    return DBAPIError.instance(
        statement,
        None,
        error,
        psycopg2.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=engine.dialect,
    )


Reads = Connection | RowReader
"""What one row can be read through."""


def read_row(reads: Reads, statement: str, values: Mapping[str, Any]) -> Any:
    """Return the one row of a statement."""
    if isinstance(reads, RowReader):
        return reads.row(statement, values)
    return reads.exec_driver_sql(statement, dict(values)).one()


@lru_cache(maxsize=64)
def _row_type(names: tuple[str, ...]) -> Callable[..., Any]:
    return namedtuple("Row", names)
