"""One pass over an export: rows that decide alike, added up by the engine.

Rows are grouped by what decides their fate: whose bill, which service, which stretch of
time, and whatever the deals' matching terms look at.  Nothing is filtered out, so the
groups add up to the file.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from beanscrow.usage import focus
from beanscrow.usage.amounts import exactly, instant, of_parts, plain
from beanscrow.usage.engine import Tick, fetch
from beanscrow.usage.expressions import (
    Table,
    Value,
    cases,
    count_true,
    first_of,
    joined,
    literal,
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
_FEW = 64  # identities a Parquet dictionary is searched for; more are joined
_UNUSUAL = -1  # where rows begin that are looked at a second time


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
        self._placed = {
            name: values
            for name, values in plan.wanted.ids.items()
            if source.kind == "parquet" and len(values) <= _FEW and name in self._columns
        }
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

        Rows whose figures are all written in the usual way are added up at once; only
        where there are others are those gone through with everything that may be odd
        or wrong with them.

        Args:
          cuts: The times that must be told apart.
          tick: Told how much is read, from 0 to 1.
        """
        self._before = int(cuts.whole)  # the first cut is then before every charge
        found = list(self._added(self._keyed(self._usual(), cuts), tick))
        groups = [self._group(row) for row in found if row["begins"] != _UNUSUAL]
        if len(groups) < len(found):
            others = self._keyed(self._unusual(), cuts)
            groups += [self._group(row) for row in self._added(others, None)]
        return groups

    def faults(self, most: int) -> list[tuple[int, str]]:
        """Return number and fault of the first rows that cannot be read.

        Args:
          most: How many at most.
        """
        import ibis

        rows = self._unusual(ibis.row_number())
        bad = rows.filter(rows["bad"].notnull()).order_by("row").limit(most)
        found = fetch(self._backend, bad.select("row", "bad"))
        return [(int(row) + 1, str(fault)) for row, fault in found]

    def _added(self, rows: Table, tick: Tick | None) -> Iterator[dict[str, Any]]:
        """Yield the sums of rows with equal keys."""
        keys = [name for name in rows.columns if name.startswith("k_")]
        sums = {
            name: rows[name].count() if name.startswith("m_count") else rows[name].sum()
            for name in rows.columns
            if name.startswith("m_")
        }
        found = rows.group_by(keys).agg(n=rows.count(), last=rows["end"].max(), **sums)
        names = [name.removeprefix("k_") for name in found.columns]
        for row in fetch(self._backend, found, tick):
            yield dict(zip(names, row, strict=True))

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

    def _usual(self) -> Table:
        """Return the rows with the figures that are written in the usual way."""
        rows = self._table.select(
            **{n: self._table[n] for n in self._columns},
            **{f"m_sum_{n}": self._plain(n) for n in self._figures},
            start=self._instant("ChargePeriodStart"),
            end=self._instant("ChargePeriodEnd"),
        )
        usual = rows["end"] >= rows["start"]
        for name in self._figures:
            if name in focus.COSTS or not rows[name].type().is_decimal():
                stated = rows[f"m_sum_{name}"].notnull()
                usual &= stated if name in focus.COSTS else stated | rows[name].isnull()
        return rows.mutate(usual=first_of(usual, literal(False)))

    def _unusual(self, number: Value = None) -> Table:
        """Return the other rows, with their exact figures or what is wrong with them.

        Args:
          number: Column to be added as `row`.
        """
        rows = self._usual().drop(*(f"m_sum_{n}" for n in self._figures))
        if number is not None:
            rows = rows.mutate(row=number)
        rows = exactly(rows.filter(~rows["usual"]), self._figures)
        faults: list[tuple[Value, str]] = []
        sums: dict[str, Value] = {}
        for name in self._figures:
            head = rows[f"head_{name}"]
            sums[f"m_sum_{name}"] = sums[f"m_count_{name}"] = head
            if f"tail_{name}" in rows.columns:
                given = rows[f"given_{name}"]
                faults.append((head.isnull() & given, f"{name}: not an exact number"))
                sums[f"m_tail_{name}"] = sums[f"m_count_tail_{name}"] = rows[f"tail_{name}"]
            if name in focus.COSTS:
                faults.append((head.isnull(), f"{name}: empty"))
        for name, column in (("ChargePeriodStart", "start"), ("ChargePeriodEnd", "end")):
            faults.append((rows[column].isnull(), f"{name}: not a time"))
        faults.append((rows["end"] < rows["start"], "ChargePeriodEnd: before its start"))
        return rows.mutate(**sums, bad=cases(*faults))

    def _keyed(self, rows: Table, cuts: Cuts) -> Table:
        """Return rows with what they are grouped by and what is added up."""
        inner = cuts.instants[1:-1] if cuts.whole else cuts.instants
        rows = rows.mutate(
            category=place_in(rows["ChargeCategory"].lower(), focus.CATEGORY_CODES),
            unused=place_in(rows[focus.STATUS].lower(), ("unused",))
            if focus.STATUS in rows.columns
            else literal(None, "int32"),
            begins=count_true([rows["start"] >= cut for cut in inner]),
            ends=count_true([rows["end"] > cut for cut in inner]),
        )
        for name, values in self.plan.wanted.ids.items():
            if name in self._placed:
                place = place_in(rows[name].cast("string"), values)
                rows = rows.mutate(**{f"is_{name}": place})
            elif name in rows.columns:
                rows = joined(rows, name, values)
        added = [n for n in rows.columns if n.startswith("m_")]
        keys = {f"k_{name}": key for name, key in self._keys(rows).items()}
        return rows.select(*added, "end", **keys)

    def _keys(self, rows: Table) -> dict[str, Value]:
        """Return what rows are grouped by; what decides nothing is not told apart."""
        wanted = self.plan.wanted
        code = rows["category"]
        used = code.between(1, focus.USAGE_CODES) & first_of(
            rows["unused"] != 1, literal(True)
        )
        service = rows[next(n for n in focus.SERVICES if n in rows.columns)]
        reaches = (rows["ends"] > rows["begins"]) & used
        span = rows["start"].cast("string").concat("/", rows["end"].cast("string"))
        keys: dict[str, Value] = {
            "category": code,
            "unused": rows["unused"],
            "begins": rows["usual"].ifelse(rows["begins"], literal(_UNUSUAL, "int8")),
            "split": reaches.ifelse(span, None),
            "BillingAccountId": rows["BillingAccountId"].cast("string"),
            "BillingPeriodStart": plain_key(rows["BillingPeriodStart"]),
            "BillingCurrency": rows["BillingCurrency"],
            "ServiceCategory": service if wanted.service else used.ifelse(service, None),
        }
        if "bad" in rows.columns:
            keys["bad"], keys["begins"] = rows["bad"], rows["begins"]
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

    def _plain(self, name: str) -> Value:
        try:
            return plain(self._table[name])
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
        rows, bad, span = int(row.pop("n")), row.pop("bad", None), row.pop("split")
        category, unused = row.pop("category"), row.pop("unused")
        begins = int(row.pop("begins") or 0)
        kind = focus.CATEGORY_OF_CODE[category or 0]
        figures = {name: row.pop(name) for name in list(row) if name.startswith("m_")}
        sums = {
            name: of_parts(figures[f"m_sum_{name}"], figures.get(f"m_tail_{name}"))
            for name in self._figures
        }
        providers = [row.pop(name, None) for name in focus.PROVIDERS]
        facts: dict[str, Any] = {
            name: None if value in focus.NULLS else value for name, value in row.items()
        }
        for name, values in self._placed.items():
            facts[name] = values[facts[name] - 1] if facts[name] else None
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
            counts={n: int(figures.get(f"m_count_{n}", rows)) for n in self._figures},
            long=sum(int(figures.get(f"m_count_tail_{n}", 0)) for n in self._figures),
            last=facts.pop("last"),
        )


def _span(text: str) -> Span:
    start, end = text.split("/")
    return Span(
        datetime.datetime.fromisoformat(start), datetime.datetime.fromisoformat(end)
    )
