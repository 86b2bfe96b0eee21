"""What serving a credit costs: as it is written, else as the fleets that serve it cost.

The hours of a fleet are reckoned again from the depreciation booked for it, over the
twelve whole months up to the newest of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Transaction
from dateutil.relativedelta import relativedelta

from beanscrow.checks.case import Case
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.fleets import flushed
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.checks.still_owed import Contract
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Cost
from beanscrow.money import from_quanta, round_to_quanta
from beanscrow.periods import DAY, month_end

_PLACES = 4
_HOURS_A_DAY = 24


class Served(NamedTuple):
    """What a credit costs to serve, and by the hour where a fleet says so.

    Attributes:
      credits: Credits a GPU-hour is drawn for; None where a deal-cost says the cost.
    """

    per_credit: Fraction
    credits: Fraction | None = None

    @property
    def told(self) -> str:
        """The cost in words."""
        return f"{_shown(self.per_credit)} each"

    def by_hour(self, contract: Contract) -> str:
        """Return the loss of a GPU-hour in words, "" where no fleet says what one costs."""
        if self.credits is None:
            return ""
        each = contract.loss(self.per_credit) / contract.owed * self.credits
        return f", {_shown(each)} for each GPU-hour"


def served_at(case: Case, commodity: str, ledger: Ledger) -> Served | None:
    """Return what a credit of a deal costs to serve at the end of its books, if it is said.

    A deal-cost, newest first and that of the deal's own service before one for all, goes
    before what the fleets cost whose fleet-rate names the commodity.
    """
    service = case.agreement.deal.service
    costs = [cost for cost in case.facts(Cost) if cost.service in (None, service)]
    if costs:
        newest = max(costs, key=lambda it: (it.date, it.service is not None, it.sequence))
        return Served(Fraction(newest.per_credit.number))
    found = [
        hours
        for fleet in ledger.written.standing("fleet")
        if (hours := _hours(fleet, commodity, case.through, ledger)) is not None
    ]
    if not found:
        return None
    credits = sum((each.credits for each in found), Fraction(0))
    cost = sum((each.cost for each in found), Fraction(0))
    return Served(cost / credits, credits / sum(each.sold for each in found))


def unknown_credits(ledger: Ledger) -> Iterator[Problem]:
    """Yield the rates of fleets in credits that no deal of the ledger grants."""
    granted = {
        amount.currency
        for grant in ledger.written.of("deal-grant")
        if (amount := grant.amount(1)) is not None
    }
    for rate in ledger.written.standing("fleet-rate"):
        credits = rate.entry.meta.get("credits")
        if isinstance(credits, Amount) and credits.currency not in granted:
            yield problem(
                rate.at,
                "F647",
                f"fleet-rate: a GPU-hour is drawn for {credits.currency}, which no "
                "deal of this ledger grants; the deals grant "
                f"{', '.join(sorted(granted)) or 'none'}",
            )


class _Hours(NamedTuple):
    """A fleet's hours sold, what they cost, and the credits drawn for them."""

    sold: Fraction
    cost: Fraction
    credits: Fraction


def _hours(
    fleet: Directive, commodity: str, through: datetime.date, ledger: Ledger
) -> _Hours | None:
    """Return the hours of a fleet, None where it is not said what they cost and bring."""
    rates = [
        it
        for it in ledger.written.standing("fleet-rate")
        if it.deal == fleet.deal and it.date <= through
    ]
    running: Fraction | None = None
    credits: Fraction | None = None
    utilisation = Fraction(1)
    for rate in sorted(rates, key=lambda it: it.date):
        meta = rate.entry.meta
        if isinstance(meta.get("running"), Amount):
            running = Fraction(meta["running"].number)
        if isinstance(meta.get("utilisation"), Decimal):
            utilisation = Fraction(meta["utilisation"])
        if isinstance(it := meta.get("credits"), Amount) and it.currency == commodity:
            credits = Fraction(it.number or 0)
    gpus, since = fleet.entry.meta.get("gpus"), fleet.day("in-service")
    if not isinstance(gpus, Decimal) or since is None or running is None or not credits:
        return None
    end = flushed(ledger, through)
    if end != month_end(end):
        end = end.replace(day=1) - DAY
    first = max(since.replace(day=1), end - relativedelta(years=1) + DAY)
    days = (end - first).days + 1
    if days <= 0:
        return None
    sold = Fraction(gpus) * _HOURS_A_DAY * days * utilisation
    spent = Fraction(_depreciation(fleet, first, end, ledger))
    return _Hours(sold, spent + running * sold, credits * sold)


def _depreciation(
    fleet: Directive, first: datetime.date, last: datetime.date, ledger: Ledger
) -> Decimal:
    """Return what is booked as depreciation of a fleet from one day to another."""
    total = Decimal(0)
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if (
            source is not None
            and source.name == "fleet"
            and source.deal == fleet.deal
            and first <= entry.date <= last
            and entry.narration == "Depreciation"
            and (units := entry.postings[0].units) is not None
        ):
            total += units.number or Decimal(0)
    return total


def _shown(number: Fraction) -> str:
    return figure(from_quanta(round_to_quanta(number, _PLACES), _PLACES))
