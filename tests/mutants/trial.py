"""One trial: a fork of this process runs tests against a changed module.

Nothing is written: the changed module is compiled here, and the fork imports it instead
of the one in the file.  The process that forks has loaded what takes long and knows
nothing of beanscrow, so that each fork loads the whole house anew around the change.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple, NoReturn

import hypothesis
import pytest

# Loaded once, since every test does; none of it imports beanscrow.
PRELOADED = (
    "beancount.loader",
    "beancount.parser.printer",
    "beancount.plugins.auto_accounts",
    "beancount.plugins.noduplicates",
    "dateutil.relativedelta",
    "hypothesis.strategies",
    "rich.console",
    "click.testing",
)
# Folders of tests, nearest to the books first; each line is collected by itself, so
# that what the first tests find out needs no look at the others.
STAGES = (
    ("tests/cases", "tests/errors", "tests/policies"),
    ("tests/checks", "tests/reports", "tests/plugins", "tests/ledger", "tests/deal"),
    ("tests/laws", "tests/cli"),
)
# Tests of the tests, of imports, of servers, and those that spoil what was booked to see
# whether the checks notice: long, and a slip in the books shows elsewhere if at all.
LEFT_OUT = (
    "test_a_life_of_which_they_disagree_is_kept",
    "test_any_input.py",
    "test_every_row_of_the_export_is_accounted_for",
    "test_no_entry_can_be_taken_away",
    "test_no_move_of_credits_can_be_booked_twice",
    "test_no_posting_can_be_changed",
    "test_serve.py",
    "test_the_export_is_in_the_books_already",
    "test_usages.py",
)
# A law looks at a twentieth of its lives, and at no fewer than this.
LIVES_MIN = 10
# What a trial may take of memory beside what it was forked with.
MEMORY_BYTES = 2 * 2**30
# Seconds of the processor that a test may take more than without a change, and the
# seconds of a clock after which a trial is ended wherever it stands.
GRACE_SECONDS = 4.0
PATIENCE_SECONDS = 900.0


class Change(NamedTuple):
    """A module as it is imported in a trial: its name, and what it is compiled to."""

    name: str
    code: CodeType


class Verdict(NamedTuple):
    """What became of a mutant: killed, survived or timed out; and by which test."""

    status: str
    by: str = ""


def compiled(name: str, path: Path, text: str) -> Change:
    """Return a changed module, said to stand in the file it was made from."""
    return Change(name, compile(text, str(path), "exec", dont_inherit=True))


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports one module from memory."""

    def __init__(self, change: Change) -> None:
        self.change = change

    def find_spec(
        self, fullname: str, path: object, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.change.name:
            return None
        place = self.change.code.co_filename
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=place)
        spec.has_location = True
        if place.endswith("__init__.py"):
            spec.submodule_search_locations = [str(Path(place).parent)]
        return spec

    def get_code(self, fullname: str) -> CodeType:
        return self.change.code

    def get_source(self, fullname: str) -> None:
        return None


class Judge:
    """Has pytest run chosen tests in a chosen order and says what came of the first.

    Attributes:
      limits: Tests in the order to run them, with the seconds of the processor allowed.
    """

    def __init__(
        self, limits: Mapping[str, float], tell: Callable[[Verdict], NoReturn]
    ) -> None:
        self.limits = limits
        self.tell = tell
        self._running = ""
        signal.signal(signal.SIGPROF, self._too_long)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        found = {item.nodeid: item for item in items}
        items[:] = [found[name] for name in self.limits if name in found]
        for item in items:
            fewer_lives(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        limit = self.limits[item.nodeid]
        self._running = item.nodeid
        # The signal waits for the end of a single long step; the kernel does not.
        used = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + 2 * limit + 2), -1))
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> None:
        wrong = call.excinfo
        if wrong is not None and not wrong.errisinstance(pytest.skip.Exception):
            self.tell(Verdict("killed", item.nodeid))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.tell(Verdict("killed", f"{report.nodeid} cannot be loaded"))

    def _too_long(self, _number: int, _frame: object) -> None:
        self.tell(Verdict("timed out", self._running))


def fewer_lives(item: pytest.Item) -> None:
    """Have a law look at fewer lives, the same each time, the first failure told.

    Hypothesis has no option that overrules a test's own settings; it keeps them here.
    """
    test = getattr(item, "obj", None)
    own = getattr(test, "_hypothesis_internal_use_settings", None)
    if own is None:
        return
    few = hypothesis.settings(
        own,
        max_examples=min(own.max_examples, max(LIVES_MIN, own.max_examples // 20)),
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        derandomize=True,
        database=None,
        print_blob=False,
    )
    setattr(test, "_hypothesis_internal_use_settings", few)  # noqa: B010


def folders_of(tests: Sequence[str]) -> list[list[str]]:
    """Return the files that hold tests, stage by stage, without the stages that hold none."""
    stages = []
    for stage in STAGES:
        files = dict.fromkeys(
            name.partition("::")[0] for name in tests if name.startswith(stage)
        )
        if files:
            stages.append(list(files))
    return stages


def run_tests(paths: Sequence[str], plugin: object) -> int:
    """Return pytest's exit code for what a plugin chooses of some files or folders."""
    quick = ("-q", "--tb=no", "-p", "no:cacheprovider", "--disable-plugin-autoload")
    # What is loaded before the first fork cannot have its assertions rewritten.
    quiet = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    return int(pytest.main([*quick, *quiet, *paths], plugins=[plugin]))


def preload() -> None:
    """Load what every trial needs, before the first fork."""
    for name in PRELOADED:
        importlib.import_module(name)


def in_a_fork(work: Callable[[Callable[[Any], NoReturn]], object]) -> tuple[int, int]:
    """Begin some work in a fork, and return the fork and where it will tell.

    Args:
      work: Is handed a function that tells a result, as JSON, and ends the fork.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)

    def tell(result: Any) -> NoReturn:
        left = json.dumps(result).encode()
        while left:
            left = left[os.write(writing, left) :]
        os._exit(0)

    try:
        work(tell)
    except BaseException:
        tell({"fault": traceback.format_exc()})
    os._exit(1)


def _bound_memory() -> None:
    """Have whoever makes ever longer lists fail, and not the machine."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:  # not on Linux; the limit on time is left
        return
    limit = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def begin(change: Change | None, limits: Mapping[str, float]) -> tuple[int, int]:
    """Begin the trial of a change, or of none, against some tests; see `in_a_fork`."""

    def work(tell: Callable[[Any], NoReturn]) -> None:
        _bound_memory()
        if change is not None:
            sys.meta_path.insert(0, _Changed(change))
        judge = Judge(limits, tell)
        for files in folders_of(list(limits)):
            run_tests(files, judge)
        tell(Verdict("survived"))

    return in_a_fork(work)
