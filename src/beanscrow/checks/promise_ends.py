"""The entries of promises to spend that ended early: what was carried, cash, and the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.foreign_bills import in_the_books
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
_CARRYING = (
    "contract-liability", "upfront", "prepaid", "vendor-consideration",
    "intragroup-liability", "intragroup-upfront",
)  # fmt: skip
_CARRIED, _INSIDE = "what it carried", "revenue-intragroup"
_RESULT = (
    "contra-consideration", "revenue-breakage", "revenue-modification",
    "termination-income",
)  # fmt: skip


def misended(left: Mapping[tuple[str, int], Decimal], ledger: Ledger) -> Iterator[Problem]:
    """Yield the early ends that do not derecognise what was carried against cash.

    What the provider no longer owes is revenue, less what it pays; below zero it is paid
    to a customer (606-10-32-25).

    Args:
      left: What each carried when it ended, by the position of the directive.
    """
    booked = _booked(ledger)
    for end in ledger.written.standing("deal-commitment-end"):
        if end.at not in left:
            continue
        paid = _paid(end, ledger)
        price, found = left[end.at], booked[end.at]
        parts = [(_CARRIED, price), ("cash", -paid)]
        # Inside the group all of it is one line.
        if ledger.written.side(end.deal) == "provider" and _INSIDE not in found:
            parts += [(role, _ZERO) for role in _RESULT]
            parts.append((_line(price - paid, paid, end, ledger), paid - price))
        wanted: dict[str, Decimal] = defaultdict(lambda: _ZERO)
        for role, amount in parts:
            # A ledger may keep several roles on one account.
            what = role if role == _CARRIED else ledger.chart.stands_as(end.deal, role)
            wanted[what] += amount
        for what, amount in wanted.items():
            if found.get(what, _ZERO) != amount:
                yield problem(
                    end.at,
                    "E624",
                    f"{figure(found.get(what, _ZERO))} of {what} is booked where "
                    f"{end.text('commitment')} ended; the purchases before it and its cash make it "
                    f"{figure(amount)}",
                    end.deal,
                )
                break


def _paid(end: Directive, ledger: Ledger) -> Decimal:
    """Return the cash of an early end in money of the books, at the rate of its day."""
    cash = end.entry.meta.get("cash")
    if not isinstance(cash, Amount) or not cash.number:
        return _ZERO
    return in_the_books(Fraction(cash.number), cash.currency, end.date, ledger)


def _line(difference: Decimal, paid: Decimal, end: Directive, ledger: Ledger) -> str:
    """Return the role of the account a difference stands on in the provider's books."""
    if difference < 0:
        return "contra-consideration"
    if not paid:
        return "revenue-breakage"
    other = ledger.written.elected(end.deal, "termination-difference", "revenue")
    return "revenue-modification" if other == "revenue" else "termination-income"


def _booked(ledger: Ledger) -> dict[tuple[str, int], dict[str, Decimal]]:
    """Return what the entries of early ends have, by position, as the provider's debits."""
    found: dict[tuple[str, int], dict[str, Decimal]] = defaultdict(dict)
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or source.name != "deal-commitment-end":
            continue
        sign = 1 if ledger.written.side(source.deal) == "provider" else -1
        sums = found[source.at]
        for posting in entry.postings:
            place, units = ledger.chart(posting.account), posting.units
            if place is None or units is None or units.number is None:
                continue
            what = _CARRIED if place.role in _CARRYING else place.role
            sums[what] = sums.get(what, _ZERO) + sign * units.number
    return found
