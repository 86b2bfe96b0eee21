"""Books that are never shown torn: a load is judged before it is shown.

While a file is being written, or when one has gone, what loads is not the books.
Then the last good load stays, and says since when and why.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from beancount import loader

from beanscrow.booking.daybook import daybook_of
from beanscrow.checks.loading import UNREAD
from beanscrow.checks.placed import placed
from beanscrow.checks.sources import read_sources

Load = tuple[list[Any], list[Any], dict[str, Any]]
Signature = dict[str, tuple[int, int, int] | None]
Clock = Callable[[], datetime.datetime]

_TRIES = 3


class NotShown(NamedTuple):
    """An error in Beancount's form: the books on disk are not the books shown."""

    source: dict[str, Any]
    message: str
    entry: None = None


class Kept:
    """The books of one file, as last loaded well.

    Attributes:
      good: The last load of which nothing was missing, or None.
    """

    def __init__(self, path: str, clock: Clock = datetime.datetime.now) -> None:
        self.path = path
        self.clock = clock
        self.good: Load | None = None
        self._files: tuple[str, ...] = (path,)
        self._seen: Signature = {}
        self._since: datetime.datetime | None = None

    def moved(self) -> bool:
        """Return whether a file has changed, come or gone since the last load."""
        return self._seen != _signature(self._files)

    def load(self) -> tuple[Load, str]:
        """Return what to show, and why it is not what is on disk ("" where it is).

        Where nothing was ever loaded well, what there is is shown, with the reason.
        """
        found, why = self._settled()
        if not why:
            self.good, self._since = found, None
            return found, ""
        self._since = self._since or self.clock()
        if self.good is None:
            return found, f"These books are incomplete: {why}"
        entries, errors, options = self.good
        said = f"Shown as they were before {self._since:%Y-%m-%d %H:%M}: {why}"
        error = NotShown({"filename": self.path, "lineno": 1}, said)
        return (entries, [error, *errors], options), said

    def _settled(self) -> tuple[Load, str]:
        """Load until no file changed meanwhile."""
        load, why = _nothing(self.path), ""
        for _ in range(_TRIES):
            before = _signature(self._files)
            load, why = _load(self.path)
            self._files = self._watched(load)
            self._seen = after = _signature(self._files)
            if all(after[name] == seen for name, seen in before.items() if name in after):
                break
        return load, why or self._lost(load)

    def _watched(self, load: Load) -> tuple[str, ...]:
        included = {self.path, *load[2].get("include", ())}
        if self.good is not None:
            included.update(self.good[2]["include"])
        return tuple(sorted(included))

    def _lost(self, load: Load) -> str:
        """Return what is missing from a load that was there before, or ""."""
        for error in load[1]:
            if type(error).__name__ in UNREAD:
                # Where the line is known only from the text, it is found there.
                return _said(placed([error], read_sources(self.path))[0])
        if self.good is None:
            return ""
        empty = [
            name
            for name in self.good[2]["include"]
            if not os.path.exists(name) or not os.path.getsize(name)
        ]
        if empty:
            return f"{empty[0]} is empty or gone"
        if self.good[0] and not load[0]:
            return f"{self.path} has no entries"
        if daybook_of(self.good[2]) is not None and daybook_of(load[2]) is None:
            return "no deal plugin ran"
        return ""


def _load(path: str) -> tuple[Load, str]:
    """Return a load that never raises, and why it is none."""
    if not os.path.isfile(path):
        return _nothing(path), f"{path} is gone"
    loader.initialize(use_cache=False)
    try:
        entries, errors, options = loader.load_file(path)
    except (Exception, SystemExit) as error:
        return _nothing(path), f"loading stopped with {type(error).__name__}: {error}"
    return (entries, errors, options), ""


def _nothing(path: str) -> Load:
    entries, errors, options = loader.load_string("")
    options["filename"] = path
    return entries, errors, options


def _signature(files: Iterable[str]) -> Signature:
    found: Signature = {}
    for name in files:
        try:
            status = os.stat(name)
        except OSError:
            found[name] = None
        else:
            found[name] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _said(error: Any) -> str:
    source = error.source or {}
    message = str(error.message).strip().splitlines()[0]
    return f"{source.get('filename', '')}:{source.get('lineno', 0)}: {message}"
