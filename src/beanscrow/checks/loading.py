"""A ledger loaded for checking: never from a cache, and never with a traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from beanscrow.checks.findings import problem
from beanscrow.checks.placed import placed
from beanscrow.checks.sources import Sources, read_sources
from beanscrow.deal.problems import Position, Problem

# Classes of errors that say that some of the text is not among the entries.
UNREAD = ("ParserError", "ParserSyntaxError", "LexerError", "LoadError")
_NO_CACHE = "BEANCOUNT_DISABLE_LOAD_CACHE"


class Loaded(NamedTuple):
    """A ledger as Beancount made it of its text.

    Attributes:
      problems: Why it was not handed to Beancount, or where Beancount stopped; the
        rest is empty then.
    """

    sources: Sources
    entries: list[Any]
    errors: list[Any]
    options: dict[str, Any]
    problems: list[Problem]


def load(ledger: str | Path) -> Loaded:
    """Return a ledger loaded from its text, validated as bean-check validates it.

    The load cache is neither read nor left behind.  The validation of data types
    that only bean-check adds is called here once: handed to the loader it would stay
    in force for every later load of the process.

    Args:
      ledger: Path of the ledger; whatever is wrong with it is among the problems.
    """
    sources = read_sources(ledger)
    if sources.problems:
        return Loaded(sources, [], [], {}, list(sources.problems))
    top = os.path.abspath(ledger)
    os.environ[_NO_CACHE] = "1"  # for programs a plugin may start
    from beancount import loader
    from beancount.ops import validation

    loader.initialize(use_cache=False)
    try:
        entries, errors, options = loader.load_file(top)
        errors = [*errors, *validation.validate_data_types(entries, options)]
    except (Exception, SystemExit) as stop:
        return Loaded(sources, [], [], {}, [_stopped(stop, top)])
    return Loaded(sources, entries, placed(errors, sources), options, [])


def _stopped(stop: BaseException, top: str) -> Problem:
    """Return the error of a load that ended in an exception, in words."""
    place = "".join(f"; {where}" for where in _plugin_of(stop))
    what = f"{type(stop).__name__}: {stop}".strip().rstrip(":").splitlines()
    return problem(
        Position(top, 1),
        "E815",
        f"Beancount stopped reading the ledger ({what[0]}{place}); take the plugins out "
        "one by one to find the one that stops it",
    )


def _plugin_of(stop: BaseException) -> Iterator[str]:
    """Yield the innermost file of a fault, where it is none of Beancount's own."""
    frame = stop.__traceback__
    filename = ""
    while frame is not None:
        filename = frame.tb_frame.f_code.co_filename
        frame = frame.tb_next
    if filename and f"{os.sep}beancount{os.sep}" not in filename:
        yield f"in {os.path.basename(filename)}"
