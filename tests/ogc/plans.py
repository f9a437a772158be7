"""How PostgreSQL would answer a statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event


def plan(connection: Connection, read: Any, options: str = "VERBOSE off") -> str:
    """Return the plan of the one statement that `read` runs; `options` are those of EXPLAIN."""
    statements: list[tuple[str, Any]] = []

    @event.listens_for(connection, "before_cursor_execute")
    def _remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    read()
    event.remove(connection, "before_cursor_execute", _remember)
    ((statement, parameters),) = statements
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN ({options}) {statement}", parameters).scalars())
