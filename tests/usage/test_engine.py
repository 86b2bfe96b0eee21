"""The door to DuckDB: one, guarded, and opened only when an export is read."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from beanscrow.usage import engine

SOURCE = Path(__file__).parent.parent.parent / "src" / "beanscrow"


def calls(path: Path) -> set[str]:
    """Return the dotted names a module calls."""
    return {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }


def test_nothing_else_makes_a_connection() -> None:
    doors = {"duckdb.connect", "ibis.duckdb.connect", "ibis.connect", "duckdb.sql",
             "duckdb.execute", "duckdb.query", "ibis.duckdb.from_connection"}  # fmt: skip
    found = {
        path.relative_to(SOURCE).as_posix(): calls(path) & doors
        for folder in (SOURCE, SOURCE / "importers", SOURCE / "plugins")
        for path in folder.rglob("*.py")
    }
    assert {name: used for name, used in found.items() if used} == {
        "usage/engine.py": {"duckdb.connect", "ibis.duckdb.from_connection"}
    }


def test_the_engine_reads_the_files_it_is_given_and_no_others(tmp_path: Path) -> None:
    import duckdb

    given, other = tmp_path / "it's.csv", tmp_path / "b.csv"
    for path in (given, other):
        path.write_text("a\n1\n")
    with engine.connect([given]) as backend:
        quoted = str(given).replace("'", "''")
        assert backend.con.execute(f"SELECT * FROM read_csv('{quoted}')").fetchall()
        for refused in (
            f"SELECT * FROM read_csv('{other}')",
            f"SELECT * FROM read_csv('{tmp_path}/*.csv')",
            f"COPY (SELECT 1) TO '{tmp_path}/c.csv'",
            f"ATTACH '{tmp_path}/d.db'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET memory_limit = '8GB'",
        ):
            with pytest.raises(duckdb.Error):
                backend.con.execute(refused)


def test_times_are_utc_and_memory_has_a_bound(tmp_path: Path) -> None:
    with engine.connect([]) as backend:
        settings = dict(
            backend.con.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name IN "
                "('TimeZone', 'memory_limit', 'lock_configuration', 'threads')"
            ).fetchall()
        )
    assert settings["TimeZone"] == "UTC"
    assert settings["lock_configuration"] == "true"
    assert settings["memory_limit"].startswith("488")  # 512 MB in MiB
    assert settings["threads"] == str(engine.THREADS)


def test_commands_and_importers_load_no_engine_before_they_run() -> None:
    program = (
        "import sys, beanscrow.cli.import_usage, beanscrow.importers.focus, "
        "beanscrow.usage.importing\n"
        "print([m for m in ('duckdb', 'ibis', 'pyarrow', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_progress_runs_from_nothing_to_all(tmp_path: Path) -> None:
    import ibis

    told: list[float] = []
    with engine.connect([]) as backend:
        table = ibis.range(0, 1000).unnest().name("n").as_table()
        rows = engine.fetch(backend, table.count().as_table(), told.append)
    assert rows == [(1000,)]
    assert told[-1] == 1.0
    assert told == sorted(told)
