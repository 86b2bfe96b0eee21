"""The one door to DuckDB: a connection that can read the files it is given, and no more.

The engine filters, joins, adds DECIMALs and counts.  It has no other duty, and the
profile below leaves it no other means.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

MEMORY = "512MB"
THREADS = 2
_POLL = 0.2  # seconds between two looks at how far a query is

_AT_START = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}

Tick = Callable[[float], None]


@contextmanager
def connect(paths: Sequence[Path]) -> Iterator[Backend]:
    """Yield an Ibis backend on DuckDB that may read these files and nothing else.

    No extension is loaded or fetched, no Python variable is seen, nothing is written,
    times are UTC, memory has a bound, and none of it can be changed afterwards.

    Args:
      paths: Absolute paths of ordinary files, as they will be given to the engine.
    """
    import duckdb
    import ibis

    allowed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    connection = duckdb.connect(config=dict(_AT_START))
    try:
        backend = ibis.duckdb.from_connection(connection)
        for setting in (
            "python_enable_replacements = false",
            "allow_persistent_secrets = false",
            "temp_directory = ''",
            f"memory_limit = '{MEMORY}'",
            f"threads = {THREADS}",
            "TimeZone = 'UTC'",
            f"allowed_paths = [{allowed}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
        yield backend
    finally:
        connection.close()


def fetch(backend: Backend, expression: Any, tick: Tick | None = None) -> list[Any]:
    """Return the rows of an expression as tuples of Python values.

    Args:
      backend: From `connect`.
      expression: An Ibis table.
      tick: Told, now and then, how much of the reading is done, from 0 to 1.
    Raises:
      duckdb.Error: What the engine refused, a sum too large for a DECIMAL among it.
    """
    query = backend.compile(expression)
    if tick is None:
        return list(backend.con.execute(query).fetchall())
    rows: list[Any] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            rows.extend(backend.con.execute(query).fetchall())
        except BaseException as error:
            failure.append(error)

    worker = threading.Thread(target=work, name="duckdb", daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(_POLL)
            tick(max(0.0, min(backend.con.query_progress() / 100, 1.0)))
    except BaseException:
        backend.con.interrupt()
        worker.join()
        raise
    if failure:
        raise failure[0]
    tick(1.0)
    return rows
