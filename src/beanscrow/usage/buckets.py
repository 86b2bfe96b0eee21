"""The buckets every row of an export falls into, which add up to the file exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from beanscrow.usage import focus
from beanscrow.usage.amounts import written
from beanscrow.usage.refusal import refuse
from beanscrow.usage.scan import Group

BUCKETS = {
    "drawn": "usage of a deal, written as drawdowns",
    "out_of_window": "usage of a deal on days no grant of it covers",
    "ineligible": "tax and purchases of a deal, which credits do not pay",
    "unused": "a commitment of a deal that was not used: no consumption",
    "provider_credit": "credits the provider itself has applied to a deal",
    "unmatched": "rows no deal asks for",
    "ambiguous": "rows several deals of one priority ask for",
    "quarantined": "rows that cannot be read as they should",
}
TOTAL = "total"


class Sum(NamedTuple):
    """Rows of one bucket, deal and currency.

    Attributes:
      bucket: Of BUCKETS, or TOTAL for all rows of a currency.
      deal: The deal, several by commas, or "".
      costs: By column, in the currency; `stated` is how many rows give each.
    """

    bucket: str
    deal: str
    currency: str
    rows: int
    costs: Mapping[str, Decimal]
    stated: Mapping[str, int]


class Tally:
    """Sums by bucket, deal and currency, filled group by group.

    Amounts are whole numbers of 10^-38 throughout.
    """

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str, str], list[int]] = {}

    def add(
        self,
        bucket: str,
        deal: str,
        currency: str,
        rows: int,
        sums: Sequence[int],
        counts: Sequence[int],
    ) -> None:
        """Add rows to a bucket.

        Args:
          sums, counts: One a column of `focus.COSTS`.
        """
        line = self._lines.setdefault(
            (bucket, deal, currency), [0] * (1 + 2 * len(focus.COSTS))
        )
        for place, figure in enumerate((rows, *sums, *counts)):
            line[place] += figure

    def check(self, groups: Iterable[Group], path: Path) -> None:
        """Refuse to go on unless the buckets add up to what the engine counted.

        Args:
          groups: As they came from the engine, currencies in "BillingCurrency".
          path: The file they are of.
        """
        wanted: dict[str, list[int]] = {}
        for group in groups:
            line = wanted.setdefault(currency_of(group), [0] * (1 + 2 * len(focus.COSTS)))
            line[0] += group.rows
            for place, name in enumerate(focus.COSTS):
                line[1 + place] += group.sums[name]
                line[1 + len(focus.COSTS) + place] += group.counts[name]
        if wanted != self._totals():
            raise refuse(
                path,
                "E711",
                "the buckets do not add up to the file; this is a fault of beanscrow, "
                "please report it with the file's header",
            )

    def include(self, other: Tally) -> None:
        """Add all that another tally holds."""
        for key, line in other._lines.items():
            mine = self._lines.setdefault(key, [0] * len(line))
            for place, figure in enumerate(line):
                mine[place] += figure

    def rows(self, bucket: str) -> int:
        """Return how many rows fell into a bucket."""
        return sum(line[0] for key, line in self._lines.items() if key[0] == bucket)

    def lines(self) -> list[Sum]:
        """Return the buckets that hold rows, in their usual order."""
        order = list(BUCKETS)
        keys = sorted(self._lines, key=lambda k: (order.index(k[0]), k[1], k[2]))
        return [_sum(*key, self._lines[key]) for key in keys]

    def totals(self) -> list[Sum]:
        """Return the sums of all rows, by currency."""
        return [
            _sum(TOTAL, "", currency, line)
            for currency, line in sorted(self._totals().items())
        ]

    def _totals(self) -> dict[str, list[int]]:
        totals: dict[str, list[int]] = {}
        for (_, _, currency), line in self._lines.items():
            total = totals.setdefault(currency, [0] * len(line))
            for place, figure in enumerate(line):
                total[place] += figure
        return totals


def currency_of(group: Group) -> str:
    """Return the currency a group's costs are in, "" where the rows do not say."""
    return str(group.facts.get("BillingCurrency") or "")


def _sum(bucket: str, deal: str, currency: str, line: Sequence[int]) -> Sum:
    names = focus.COSTS
    return Sum(
        bucket,
        deal,
        currency,
        line[0],
        {name: written(line[1 + i]) for i, name in enumerate(names)},
        {name: line[1 + len(names) + i] for i, name in enumerate(names)},
    )
