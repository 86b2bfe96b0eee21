"""One pass over an export: rows that decide alike, added up by the engine.

Rows are grouped by what decides their fate: whose bill, which service, which stretch of
time, and whatever the deals' matching terms look at.  Nothing is filtered out, so the
groups add up to the file.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from beanscrow.usage import focus
from beanscrow.usage.amounts import Amount, amount, instant, of_parts
from beanscrow.usage.engine import Tick, fetch
from beanscrow.usage.expressions import (
    Table,
    Value,
    count_true,
    joined,
    mentioning,
    place_in,
    plain_key,
    tag_value,
)
from beanscrow.usage.matching import Wanted
from beanscrow.usage.refusal import refuse
from beanscrow.usage.source import Source
from beanscrow.usage.windows import Cuts, Span

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

_SAMPLE = 2000  # rows looked at to guess the months a file covers
_LONGEST_LINE = 4 << 20


class Plan(NamedTuple):
    """What is asked of a file.

    Attributes:
      wanted: What the deals' matching terms look at.
      measures: Columns to add up besides the four costs.
      formats: How the source writes times besides the usual ways.
    """

    wanted: Wanted
    measures: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


class Group(NamedTuple):
    """Rows of a file that decide alike.

    Attributes:
      facts: What matching looks at, by column, and "BillingCurrency",
        "BillingPeriodStart" and the units of measures.
      kind: "usage" (of which "unused"), or the charge category as written.
      stretch: Where among the cuts the charges begin; None where that is not known.
      split: Beginning and end of the charges, where they reach over a cut.
      applied: ContractApplied of each row, where a deal may be named in it.
      bad: Column and fault of rows that cannot be read ("ListCost: empty"), else None.
      rows: How many.
      sums: By column, as whole numbers of 10^-38, and `counts` how many rows state it.
      long: Figures of more decimals than a DECIMAL of the engine keeps.
      last: Latest end of a charge, in UTC.
    """

    facts: dict[str, Any]
    kind: str | None
    stretch: int | None
    split: Span | None
    applied: str | None
    bad: str | None
    rows: int
    sums: dict[str, int]
    counts: dict[str, int]
    long: int
    last: datetime.datetime | None


class Reader:
    """The rows of one export, in an engine that may read it."""

    def __init__(self, backend: Backend, source: Source, path: Path, plan: Plan) -> None:
        self.source = source
        self.plan = plan
        self._backend = backend
        self._columns = self._needed()
        measured = (*focus.COSTS, *plan.measures)
        self._figures = [name for name in measured if name in self._columns]
        self._before = 0
        with warnings.catch_warnings():  # Ibis asks DuckDB for a schema in an old way
            warnings.simplefilter("ignore", DeprecationWarning)
            self._table = self._open(path)

    def count(self) -> int:
        """Return how many rows the file has, counted apart from everything else."""
        return int(fetch(self._backend, self._table.count().as_table())[0][0])

    def guess(self) -> Span | None:
        """Return the time the charges of the first rows cover."""
        return self._reach(self._table.limit(_SAMPLE))

    def reach(self) -> Span | None:
        """Return the time all charges cover."""
        return self._reach(self._table)

    def groups(self, cuts: Cuts, tick: Tick | None = None) -> list[Group]:
        """Return the rows of the file, added up.

        Args:
          cuts: The times that must be told apart.
          tick: Told how much is read, from 0 to 1.
        """
        self._before = int(cuts.whole)  # the first cut is then before every charge
        rows = self._keyed(cuts)
        found = [self._group(row) for row in self._added(rows, (), tick)]
        if all(group.bad is None for group in found):
            return found
        # Only of rows that cannot be read is it unknown how many state each figure.
        stated = tuple(f"m_s_{name}" for name in self._figures)
        faulty = self._added(rows.filter(rows["k_bad"].notnull()), stated, None)
        sound = [group for group in found if group.bad is None]
        return sound + [self._group(row) for row in faulty]

    def _added(
        self, rows: Table, stated: Sequence[str], tick: Tick | None
    ) -> Iterator[dict[str, Any]]:
        """Yield the sums of rows with equal keys, and of some columns the counts."""
        keys = [name for name in rows.columns if name.startswith("k_")]
        sums = {n: rows[n].sum() for n in rows.columns if n.startswith("m_")}
        counts = {n.replace("m_s_", "m_c_"): rows[n].count() for n in stated}
        found = rows.group_by(keys).agg(
            n=rows.count(), last=rows["end"].max(), **sums, **counts
        )
        names = [name.removeprefix("k_") for name in found.columns]
        for row in fetch(self._backend, found, tick):
            yield dict(zip(names, row, strict=True))

    def faults(self, most: int) -> list[tuple[int, str]]:
        """Return number and fault of the first rows that cannot be read.

        Args:
          most: How many at most.
        """
        import ibis

        rows = self._normal().mutate(row=ibis.row_number())
        bad = rows.filter(rows["bad"].notnull()).order_by("row").limit(most)
        found = fetch(self._backend, bad.select("row", "bad"))
        return [(int(row) + 1, str(fault)) for row, fault in found]

    # -- columns -----------------------------------------------------------------

    def _needed(self) -> list[str]:
        wanted = self.plan.wanted
        columns = [
            *focus.CORE,
            *focus.PROVIDERS,
            *focus.SERVICES,
            focus.STATUS,
            *wanted.ids,
            *wanted.names,
            *self.plan.measures,
            *(focus.MEASURES[measure] for measure in self.plan.measures),
        ]
        if wanted.tags:
            columns.append("Tags")
        if wanted.commitments:
            columns.append(focus.CONTRACT_APPLIED)
        header = set(self.source.header)
        return [name for name in dict.fromkeys(columns) if name in header]

    def _open(self, path: Path) -> Table:
        if self.source.kind == "parquet":
            return self._backend.read_parquet(path)
        kept = set(self._columns)
        names = [
            name if name in kept else f"column {place}"
            for place, name in enumerate(self.source.header)
        ]
        return self._backend.read_csv(
            str(path),
            columns=dict.fromkeys(names, "VARCHAR"),
            compression="gzip" if self.source.kind == "csv.gz" else "none",
            header=True,
            delim=",",
            quote='"',
            escape='"',
            nullstr=list(focus.NULLS),
            strict_mode=True,
            null_padding=False,
            ignore_errors=False,
            max_line_size=_LONGEST_LINE,
        )

    def _normal(self) -> Table:
        """Return the rows in one form: texts, instants, exact amounts, and faults."""
        import ibis

        table = self._table
        typed: dict[str, Value] = {}
        faults: list[tuple[Value, str]] = []
        for name in self._figures:
            figure = self._amount(name)
            typed[f"m_s_{name}"] = figure.head
            if figure.tail is not None and figure.long is not None:
                typed[f"m_t_{name}"] = figure.tail
                typed[f"m_l_{name}"] = figure.long.ifelse(1, None).cast("int64")
                typed[f"given_{name}"] = figure.given
        rows = table.select(
            **{name: table[name] for name in self._columns if name not in self._figures},
            **typed,
            start=self._instant("ChargePeriodStart"),
            end=self._instant("ChargePeriodEnd"),
        )
        sound = rows["end"] >= rows["start"]
        for name in self._figures:
            unread = rows[f"m_s_{name}"].isnull()
            if f"given_{name}" in rows.columns:
                given = rows[f"given_{name}"]
                faults.append((unread & given, f"{name}: not a number that can be kept"))
                if name not in focus.COSTS:
                    unread &= given
            if name in focus.COSTS:
                faults.append((unread, f"{name}: empty"))
            if name in focus.COSTS or f"given_{name}" in rows.columns:
                sound &= ~unread
        for name, column in (("ChargePeriodStart", "start"), ("ChargePeriodEnd", "end")):
            faults.append((rows[column].isnull(), f"{name}: not a time"))
        faults.append((rows["end"] < rows["start"], "ChargePeriodEnd: before its start"))
        bad = ibis.cases(*faults, else_=None)
        nothing = ibis.null("string")
        return rows.mutate(bad=sound.fill_null(False).ifelse(nothing, bad))

    def _keyed(self, cuts: Cuts) -> Table:
        """Return the rows with what they are grouped by and what is added up."""
        rows = self._normal()
        inner = cuts.instants[1:-1] if cuts.whole else cuts.instants
        rows = rows.mutate(
            category=place_in(rows["ChargeCategory"].lower(), focus.CATEGORY_CODES),
            unused=place_in(rows[focus.STATUS].lower(), ("unused",)) > 0
            if focus.STATUS in rows.columns
            else False,
            begins=count_true(rows["start"] >= cut for cut in inner),
            ends=count_true(rows["end"] > cut for cut in inner),
        )
        for name, values in self.plan.wanted.ids.items():
            if name in rows.columns:
                rows = joined(rows, name, values)
        added = [n for n in rows.columns if n.startswith("m_")]
        keys = {f"k_{name}": key for name, key in self._keys(rows).items()}
        return rows.select(*added, "end", **keys)

    def _keys(self, rows: Table) -> dict[str, Value]:
        """Return what rows are grouped by; what decides nothing is not told apart."""
        wanted = self.plan.wanted
        code = rows["category"]
        used = code.between(1, focus.USAGE_CODES) & ~rows["unused"]
        service = rows[next(n for n in focus.SERVICES if n in rows.columns)]
        reaches = (rows["ends"] > rows["begins"]) & used
        span = rows["start"].cast("string").concat("/", rows["end"].cast("string"))
        keys: dict[str, Value] = {
            "bad": rows["bad"],
            "category": code,
            "unused": rows["unused"],
            "begins": rows["begins"],
            "split": reaches.ifelse(span, None),
            "BillingAccountId": rows["BillingAccountId"].cast("string"),
            "BillingPeriodStart": plain_key(rows["BillingPeriodStart"]),
            "BillingCurrency": rows["BillingCurrency"],
            "ServiceCategory": service if wanted.service else used.ifelse(service, None),
        }
        for name in (*focus.PROVIDERS, *(f"is_{name}" for name in wanted.ids)):
            if name in rows.columns:
                keys[name.removeprefix("is_")] = rows[name]
        for name in wanted.names:
            if name in rows.columns:
                keys[name] = rows[name]
        for measure in self.plan.measures:
            unit = focus.MEASURES[measure]
            if unit in rows.columns:
                keys[unit] = rows[unit]
        if "Tags" in rows.columns:
            keys.update((f"tag:{key}", tag_value(rows["Tags"], key)) for key in wanted.tags)
        if focus.CONTRACT_APPLIED in rows.columns:
            keys["applied"] = mentioning(rows[focus.CONTRACT_APPLIED], wanted.commitments)
        return keys

    def _instant(self, name: str, table: Table | None = None) -> Value:
        try:
            return instant(
                (self._table if table is None else table)[name], self.plan.formats
            )
        except TypeError as error:
            raise self._mistyped(name, error, "text or a time") from None

    def _amount(self, name: str) -> Amount:
        try:
            return amount(self._table[name])
        except TypeError as error:
            raise self._mistyped(name, error, "a number, or text of one") from None

    def _mistyped(self, name: str, error: TypeError, wanted: str) -> Exception:
        return refuse(
            self.source.path, "E704", f"{name} is of type {error}; wanted {wanted}"
        )

    def _reach(self, table: Table) -> Span | None:
        """Return from the first beginning to the last end of charges."""
        times = table.select(
            start=self._instant("ChargePeriodStart", table),
            end=self._instant("ChargePeriodEnd", table),
        )
        times = times.filter(times["end"] >= times["start"])
        limits = times.agg(first=times["start"].min(), last=times["end"].max())
        first, last = fetch(self._backend, limits)[0]
        return Span(first, last) if first is not None else None

    def _group(self, row: dict[str, Any]) -> Group:
        rows, bad, span = int(row.pop("n")), row.pop("bad"), row.pop("split")
        category, unused = row.pop("category"), row.pop("unused")
        begins = int(row.pop("begins") or 0)
        kind = focus.CATEGORY_OF_CODE[category]
        figures = {name: row.pop(name) for name in list(row) if name.startswith("m_")}
        sums = {
            name: of_parts(figures[f"m_s_{name}"], figures.get(f"m_t_{name}"))
            for name in self._figures
        }
        providers = [row.pop(name, None) for name in focus.PROVIDERS]
        facts = {
            name: None if value in focus.NULLS else value for name, value in row.items()
        }
        facts["provider"] = next(
            (p for p in providers if p not in (None, *focus.NULLS)), None
        )
        return Group(
            facts=facts,
            kind="unused" if unused and kind == "usage" else kind,
            stretch=None if bad else begins + self._before,
            split=_span(span) if span else None,
            applied=facts.pop("applied", None),
            bad=bad,
            rows=rows,
            sums=sums,
            counts={n: int(figures.get(f"m_c_{n}", rows)) for n in self._figures},
            long=sum(int(figures.get(f"m_l_{n}") or 0) for n in self._figures),
            last=facts.pop("last"),
        )


def _span(text: str) -> Span:
    start, end = text.split("/")
    return Span(
        datetime.datetime.fromisoformat(start), datetime.datetime.fromisoformat(end)
    )
