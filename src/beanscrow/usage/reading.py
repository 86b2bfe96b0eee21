"""Exports in, what deals draw out: nothing is written here."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.usage import focus
from beanscrow.usage.allot import Allotment, PartKey, reaches_outside
from beanscrow.usage.buckets import Tally
from beanscrow.usage.deals import Claim
from beanscrow.usage.drawdown import Scope
from beanscrow.usage.engine import connect
from beanscrow.usage.matching import wanted
from beanscrow.usage.refusal import count, refuse
from beanscrow.usage.scan import Group, Plan, Reader
from beanscrow.usage.source import (
    Measure,
    Source,
    check_unchanged,
    csv_rows,
    measure,
    recognise,
)
from beanscrow.usage.text import is_clean
from beanscrow.usage.windows import Cuts, Span, cuts, widened

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

_SPARE = 62  # days before and after the first rows that are told apart at once
_ANY = Span(
    datetime.datetime(2000, 1, 1), datetime.datetime(2000, 1, 2)
)  # no row has a time
_SHOWN = 3  # faulty rows named for each file
_PLAIN_PATH = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+= ,@"
)

Progress = Callable[[str, float], None]


class Export(NamedTuple):
    """One export, read.

    Attributes:
      long: Figures with more decimals than a DECIMAL of the engine keeps; they are
        added up exactly all the same.
      faults: Rows that cannot be read, by column and fault.
      shown: The first of them, by number of the row, from 1 after the header.
      scopes: Scopes it has rows of, with the latest end of usage in each.
    """

    path: Path
    sha256: str
    version: str
    rows: int
    long: int
    faults: dict[str, int]
    shown: list[tuple[int, str]]
    scopes: dict[Scope, datetime.datetime | None]
    contested: int
    strays: dict[str, int]


class Intake(NamedTuple):
    """All exports of one import, as if they were one.

    Attributes:
      parts: Rows and exact total of what is drawn, each part once.
    """

    exports: list[Export]
    tally: Tally
    parts: dict[PartKey, tuple[int, int]]


def take_in(
    paths: Sequence[Path],
    claims: Sequence[Claim],
    *,
    formats: Sequence[str] = (),
    progress: Progress | None = None,
) -> Intake:
    """Return what deals draw on billing exports, and where every row of them went.

    Args:
      paths: Parts of one delivery in any order; one given twice is read once.
      claims: The deals, as the ledger states them.
      formats: How the source writes times besides ISO 8601, as strptime has it.
      progress: Told a file's name and how much of it is read, from 0 to 1.
    Raises:
      Refused: A file is no FOCUS export, or cannot be read to its end.
    """
    sources = [recognise(path) for path in sorted(set(paths))]
    for source in sources:
        if not is_clean(source.path.name):
            raise refuse(source.path, "E701", "has a name that no ledger can hold")
    intake = Intake([], Tally(), {})
    seen: set[str] = set()
    with _readable(sources) as aliases, connect(list(aliases.values())) as backend:
        for source in sources:
            reader = _Reading(backend, source, aliases[source.path], claims, formats)
            tick = _ticker(progress, source)
            with _explained(source), ThreadPoolExecutor(1) as hashing:
                digest = hashing.submit(measure, source)
                found = reader.groups(tick)
                measured = digest.result()
            if measured.sha256 in seen:
                continue
            seen.add(measured.sha256)
            _include(intake, reader, found, measured)
    return intake


def _include(
    intake: Intake, reader: _Reading, found: list[Group], measured: Measure
) -> None:
    """Sort the groups of a file and add them to an intake."""
    source = reader.source
    allotment = Allotment(reader.claims, reader.cuts, reader.plan.formats)
    for group in found:
        allotment.add(group)
    allotment.tally.check(found, source.path)
    rows = sum(group.rows for group in found)
    with _explained(source):
        _check_rows(source, rows, measured, reader)
        named = any(group.bad for group in found)
        shown = reader.reader.faults(_SHOWN) if named else []
    check_unchanged(source)
    intake.tally.include(allotment.tally)
    for key, drawn in allotment.parts.items():
        before = intake.parts.get(key, (0, 0))
        intake.parts[key] = before[0] + drawn.rows, before[1] + drawn.total
    intake.exports.append(
        Export(
            source.path,
            measured.sha256,
            source.version,
            rows,
            sum(group.long for group in found),
            allotment.faults,
            shown,
            allotment.scopes,
            allotment.contested,
            allotment.strays,
        )
    )


class _Reading:
    """The reading of one file: the cuts are guessed, and made anew where too short."""

    def __init__(
        self,
        backend: Backend,
        source: Source,
        path: Path,
        claims: Sequence[Claim],
        formats: Sequence[str],
    ) -> None:
        self.source = source
        self.claims = claims
        measures = {claim.measure for claim in claims} & set(focus.MEASURES)
        extra = tuple(sorted(measures - set(focus.COSTS)))
        self.plan = Plan(wanted(claims), extra, tuple(formats))
        with _explained(source):
            self.reader = Reader(backend, source, path, self.plan)
        self.cuts = Cuts(())

    def groups(self, tick: Callable[[float], None] | None) -> list[Group]:
        calendars = [claim.calendar for claim in self.claims]
        quick = self.source.kind == "parquet"  # to read two columns costs little there
        span = self.reader.reach() if quick else self.reader.guess()
        span = span or self.reader.reach() or _ANY
        self.cuts = self._cuts(span) if quick else cuts(calendars, widened(span, _SPARE))
        found = self.reader.groups(self.cuts, tick)
        if any(reaches_outside(group, self.cuts) for group in found):
            self.cuts = self._cuts(self.reader.reach() or _ANY)
            found = self.reader.groups(self.cuts, tick)
        return found

    def _cuts(self, span: Span) -> Cuts:
        """Return the cuts of a span that is known to hold all charges."""
        calendars = [claim.calendar for claim in self.claims]
        after = span.end + datetime.timedelta(microseconds=1)
        return cuts(calendars, Span(span.start, after), whole=True)


def _check_rows(source: Source, rows: int, measured: Measure, reader: _Reading) -> None:
    """Refuse a file whose rows were not all added up, counted in another way."""
    if source.kind == "parquet":
        counted = reader.reader.count()
    elif rows == measured.lines - 1:
        return
    else:  # line ends within quotes, blank lines, or rows that went missing
        counted = csv_rows(source)
    if counted != rows:
        raise refuse(
            source.path,
            "E711",
            f"{count(rows)} added up, but the file has {counted:,}; nothing is "
            "written; please report it with the file's header",
        )


@contextlib.contextmanager
def _readable(sources: Sequence[Source]) -> Iterator[dict[Path, Path]]:
    """Yield, by path, the path to give to the engine, which takes some for patterns."""
    with tempfile.TemporaryDirectory(prefix="beanscrow-") as folder:
        aliases = {}
        for place, source in enumerate(sources):
            aliases[source.path] = source.path
            if not _PLAIN_PATH.issuperset(str(source.path)):
                aliases[source.path] = Path(folder) / str(place)
                aliases[source.path].symlink_to(source.path)
        yield aliases


@contextlib.contextmanager
def _explained(source: Source) -> Iterator[None]:
    """Say in words what the engine refuses of a file."""
    import duckdb

    try:
        yield
    except duckdb.OutOfRangeException:
        raise refuse(
            source.path,
            "E714",
            "its amounts add up to more than 20 digits before the point; nothing is "
            "written",
        ) from None
    except duckdb.OutOfMemoryException:
        raise refuse(
            source.path,
            "E705",
            "needs more memory than an import may have; split it by billing account",
        ) from None
    except duckdb.Error as error:
        if source.kind != "parquet":
            csv_rows(source)  # tells the line, where Python sees the fault as well
        code = "E704" if source.kind == "parquet" else "E703"
        first = str(error).strip().splitlines()[0]
        raise refuse(source.path, code, f"cannot be read to its end: {first}") from None


def _ticker(progress: Progress | None, source: Source) -> Callable[[float], None] | None:
    if progress is None:
        return None
    return lambda done: progress(source.path.name, done)


def joined_digest(exports: Sequence[Export]) -> tuple[str, str]:
    """Return the names of exports and one digest that stands for all of them.

    Returns:
      Of one export its own name and digest; of several the names by commas, and the
      digest of the lines "digest  name" in order.
    """
    if len(exports) == 1:
        return exports[0].path.name, exports[0].sha256
    lines = sorted((export.sha256, export.path.name) for export in exports)
    manifest = "".join(f"{digest}  {name}\n" for digest, name in lines)
    names = sorted(export.path.name for export in exports)
    shown = ", ".join(names)
    if len(shown) > 500:
        shown = f"{names[0]} to {names[-1]}, {len(names)} files"
    return shown, hashlib.sha256(manifest.encode()).hexdigest()
