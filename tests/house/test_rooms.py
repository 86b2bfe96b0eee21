"""The rooms of the house: where they stand, and what comes in with them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checkout import ROOMS, ROOT, SOURCE, tracked

MODULES = sorted(path for path in tracked() if path.endswith(".py"))
OURS = [path for path in MODULES if not path.startswith(("tests/", "benchmarks/"))]
CODE_LINES_MAX = 400


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_at_the_top_is_reached_by_a_relative_link(room: str) -> None:
    link = SOURCE / room
    assert tracked()[f"src/beanscrow/{room}"] == "120000"
    assert os.readlink(link) == f"../../{room}"
    assert link.resolve() == ROOT / room


def test_nothing_else_in_the_checkout_is_a_link() -> None:
    links = {path for path, mode in tracked().items() if mode == "120000"}
    assert links == {f"src/beanscrow/{room}" for room in ROOMS}


def test_every_folder_with_modules_is_a_package() -> None:
    # What makes pages of docs/ is run, never imported.
    folders = {Path(path).parent for path in OURS} - {Path("src"), Path("docs"), Path()}
    assert folders
    without = [str(it) for it in folders if not (ROOT / it / "__init__.py").exists()]
    assert without == []


def code_lines(text: str) -> int:
    """Return how many lines are neither blank nor comment nor docstring."""
    documented: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef
        ) and ast.get_docstring(node):
            first = node.body[0]
            documented |= set(range(first.lineno, (first.end_lineno or 0) + 1))
    return sum(
        1
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.strip().startswith("#") and number not in documented
    )


@pytest.mark.parametrize("path", OURS)
def test_a_module_is_short(path: str) -> None:
    """What grows past this has a second idea in it, which wants a name of its own."""
    assert code_lines((ROOT / path).read_text(encoding="utf-8")) <= CODE_LINES_MAX


def test_no_module_is_named_for_having_no_idea() -> None:
    empty = {"common.py", "helpers.py", "misc.py", "util.py", "utils.py"}
    assert [path for path in OURS if Path(path).name in empty] == []


@pytest.mark.parametrize("path", MODULES)
def test_a_room_is_imported_by_its_full_name(path: str) -> None:
    """`import plugins.deals` from the checkout would load the module a second time."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"), path)
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module or "")
    assert [name for name in names if name.split(".")[0] in ROOMS] == []


def loaded_by(*modules: str) -> set[str]:
    """Return the top-level packages in a fresh interpreter that imports `modules`."""
    loaded = "{name.split('.')[0] for name in sys.modules}"
    code = f"import sys, {', '.join(modules)}; print(*{loaded})"
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def dotted(folder: str) -> list[str]:
    """Return the modules under a folder of src/beanscrow, by their full names."""
    names = [path.relative_to(SOURCE.parent) for path in (SOURCE / folder).rglob("*.py")]
    return sorted(
        str(name.with_suffix("")).replace("/", ".").removesuffix(".__init__")
        for name in names
    )


def test_policy_runs_without_beancount() -> None:
    modules = dotted("policy")
    assert len(modules) > 5
    loaded = loaded_by(*modules)
    assert "beanscrow" in loaded
    assert loaded & {"beancount", "beanquery", "fava", "click"} == set()


def test_loading_a_ledger_starts_no_billing_engine_and_no_server() -> None:
    loaded = loaded_by("beanscrow.plugins.deals")
    assert "beancount" in loaded
    heavy = {"duckdb", "ibis", "numpy", "pandas", "pyarrow", "fava", "flask", "rich"}
    assert loaded & {*heavy, "matplotlib"} == set()


def test_help_waits_for_nothing_heavy() -> None:
    loaded = loaded_by("beanscrow.cli")
    heavy = {"beancount", "duckdb", "ibis", "pandas", "fava", "flask", "matplotlib"}
    assert loaded & heavy == set()
