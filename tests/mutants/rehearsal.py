"""The rehearsal: the tests without any change, noting which lines each of them reaches."""

from __future__ import annotations

import importlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest
from coverage import Coverage

from tests.mutants.mutant import PACKAGES
from tests.mutants.trial import GRACE_SECONDS, LEFT_OUT, STAGES, fewer_lives, run_tests


class Reach(NamedTuple):
    """What the tests reach of the packages.

    Attributes:
      tests: The tests that pass, those to be run first first, with the seconds of the
        processor allowed to each.
      failing: Those that fail without any change.
      lines: Tests by module and line; "" stands for the import of the module.
    """

    tests: dict[str, float]
    failing: list[str]
    lines: dict[str, dict[int, set[str]]]

    def limits(self, module: str, first: int, last: int) -> dict[str, float]:
        """Return the tests that reach some lines of a module, first to be run first.

        What runs at the import of its module may be used by any other, so all tests are
        returned for it; those that reach anything in the module come first.
        """
        reached = self.lines.get(module, {})
        here: set[str] = set()
        for number in range(first, last + 1):
            here |= reached.get(number, set())
        if here == {""}:
            near = set().union(*reached.values())
            return {
                name: self.tests[name]
                for name in sorted(self.tests, key=lambda name: name not in near)
            }
        return {name: limit for name, limit in self.tests.items() if name in here}


class _Witness:
    """Has pytest run all tests, noting the lines, the seconds and the failures of each."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failing: set[str] = set()
        self._caches: list[Callable[[], object]] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [
            item
            for item in items
            if not any(name in item.nodeid for name in LEFT_OUT)
            and not any(mark.name in ("browser", "long") for mark in item.iter_markers())
        ]
        for item in items:
            fewer_lives(item)
        self._caches = [
            getattr(it, "cache_clear")  # noqa: B009
            for name, module in sys.modules.items()
            if name.startswith("tests.")
            for it in vars(module).values()
            if hasattr(it, "cache_clear")
        ]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        # Of several tests that share a ledger each loads it, or the first would seem to
        # be the only one that reaches anything.
        for clear in self._caches:
            clear()
        began = time.process_time()
        self.coverage.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self.coverage.switch_context("")
            self.seconds[item.nodeid] = time.process_time() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failing.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failing.add(report.nodeid)


def rehearse(package: Path) -> Callable[[Callable[[Any], NoReturn]], object]:
    """Return the work of a rehearsal, to be done in a fork.

    Args:
      package: The folder of `beanscrow` itself.
    """

    def work(tell: Callable[[Any], NoReturn]) -> None:
        coverage = Coverage(
            data_file=None,
            config_file=False,
            include=[f"{package / name}/*" for name in PACKAGES],
        )
        witness = _Witness(coverage)
        coverage.start()
        # Before the first test, or it would seem to be the only one to reach what runs
        # at their import.
        for name in PACKAGES:
            for path in sorted((package / name).rglob("*.py")):
                parts = path.relative_to(package.parent).with_suffix("").parts
                importlib.import_module(".".join(parts).removesuffix(".__init__"))
        for stage in STAGES:
            run_tests([it for it in stage if Path(it).exists()], witness)
        coverage.stop()
        data = coverage.get_data()
        numbers = {name: at for at, name in enumerate(["", *witness.seconds])}
        lines = {
            Path(file).relative_to(package).as_posix(): {
                line: [numbers[name] for name in tests]
                for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        tell([witness.seconds, sorted(witness.failing), lines])

    return work


def reach_of(told: Any) -> Reach:
    """Return what a rehearsal has told, the tests in an order that never changes.

    Stage by stage, those that reach the fewest lines come first: they are the quickest,
    and what a mutant does to a small ledger it rarely fails to do.
    """
    seconds, failing, raw = told
    names = ["", *seconds]
    lines = {
        module: {int(line): {names[at] for at in tests} for line, tests in rows.items()}
        for module, rows in raw.items()
    }
    count: dict[str, int] = defaultdict(int)
    for rows in lines.values():
        for tests in rows.values():
            for name in tests:
                count[name] += 1
    places = {name: at for at, name in enumerate(seconds)}

    def turn(name: str) -> tuple[int, int, int]:
        stage = next(at for at, stage in enumerate(STAGES) if name.startswith(stage))
        return stage, count[name], places[name]

    return Reach(
        {
            name: GRACE_SECONDS + 10 * seconds[name]
            for name in sorted(seconds, key=turn)
            if name in count and name not in failing
        },
        failing,
        lines,
    )
