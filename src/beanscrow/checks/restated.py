"""What an estimate or a valuation would have changed, reckoned from the booked entries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.accounts import UNITS, Chart
from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.exact import number_of
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.rates import Rates, newest, rates_into
from beanscrow.checks.units import Units
from beanscrow.money import places, round_to_quanta

_ZERO = Decimal(0)
# A price of these is a memorandum.
_NOT_AT_A_PRICE = ("stake-equity-method", "stake-consolidated")
_OWED = ("contract-liability", "intragroup-liability")


@dataclass(frozen=True)
class Ledger:
    """A ledger as booked: its entries, directives, accounts, tranches, and main file."""

    entries: list[Any]
    written: Written
    chart: Chart
    units: Units
    main: str

    def reached(self) -> datetime.date:
        """Return the last day the books have reached, inclusive."""
        return self.written.reached(self.entries, self.main) or datetime.date.max

    def made_for(self, deal: str, until: datetime.date) -> Iterator[Any]:
        """Yield the generated transactions of a deal up to a day, inclusive."""
        for entry in self._made.get(deal, ()):
            if entry.date <= until:
                yield entry

    def rates(self, currency: str) -> Rates:
        """Return what a unit of a currency was worth in money of the books, oldest first."""
        return self._rates.get(currency, [])

    @cached_property
    def _rates(self) -> dict[str, Rates]:
        """The rates stated, by currency."""
        books = self.written.books
        return rates_into(books.text("currency") if books else "", self.entries)

    @cached_property
    def _made(self) -> dict[str, list[Any]]:
        """The generated transactions by deal, in the order they stand."""
        made: dict[str, list[Any]] = defaultdict(list)
        for entry in self.entries:
            if isinstance(entry, Transaction) and BOOKED_BY in entry.meta:
                made[entry.meta.get("deal", "")].append(entry)
        return dict(made)

    def source(self, entry: Any) -> Directive | None:
        """Return the directive a generated entry comes from."""
        return self.written.source(entry)

    @property
    def scale(self) -> int:
        """Decimals of the functional currency."""
        books = self.written.books
        precision = books.entry.meta.get("precision") if books else None
        return places(precision.normalize()) if isinstance(precision, Decimal) else 2


def estimate_changes_nothing(estimate: Directive, ledger: Ledger) -> bool:
    """Return whether an estimate of breakage has nothing to catch up.

    Under the remote method it is kept for disclosure.  Under the proportional one
    revenue to date is price x drawn / (granted less expected breakage)
    (606-10-55-48): nothing changes where nothing is drawn yet, where the estimate is
    the one in force, or where the difference rounds to nothing.  A tranche that was
    amended or blended runs on other figures and is not reckoned again here.
    """
    written = ledger.written
    if written.elected(estimate.deal, "breakage-method", "remote") != "proportional":
        return estimate.entry.meta.get("remote") is None
    tranche = estimate.text("tranche") or _only_tranche(estimate.deal, written)
    states, price = _standing(estimate, tranche, ledger)
    drawn, granted = states.get("Drawn", _ZERO), states.get("Granted", _ZERO)
    if not drawn or not granted or states.get("Moved") or _amended(estimate, written):
        return True
    new = _expected(estimate.entry.meta.get("breakage"), granted)
    old = _expected(_before(estimate, tranche, written), granted)
    to_date = {
        round_to_quanta(Fraction(price) * _share(drawn, granted, expected), ledger.scale)
        for expected in (old, new)
    }
    return len(to_date) == 1


def _only_tranche(deal: str, written: Written) -> str:
    names = [
        d.text("tranche") or "T1" for d in written.standing("deal-grant") if d.deal == deal
    ]
    return names[0] if len(names) == 1 else ""


def _standing(
    estimate: Directive, tranche: str, ledger: Ledger
) -> tuple[dict[str, Decimal], Decimal]:
    """Return a tranche's credits by state before the estimate, and its whole price."""
    states: dict[str, Decimal] = {}
    price = _ZERO
    for entry in ledger.made_for(estimate.deal, estimate.date):
        source = ledger.source(entry)
        signing = source is not None and source.days is not None
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            if place is None or place.tranche != tranche:
                continue
            number = posting.units.number
            if place.role == UNITS and (signing or entry.date < estimate.date):
                own = number if place.leaf == "Granted" else -number
                states[place.leaf] = states.get(place.leaf, _ZERO) + own
            elif place.role in _OWED and signing and number < 0:
                price -= number
    return states, price


def _amended(estimate: Directive, written: Written) -> bool:
    return any(
        amend.deal == estimate.deal
        and amend.date <= estimate.date
        and {"breakage", "expires", "effective"} & amend.entry.meta.keys()
        for amend in written.standing("deal-amend")
    )


def _before(estimate: Directive, tranche: str, written: Written) -> object:
    """Return the breakage of the estimate in force before this one."""
    found: object = None
    for earlier in sorted(written.standing("deal-estimate"), key=lambda d: d.date):
        if earlier.deal == estimate.deal and earlier.date < estimate.date:
            named = earlier.text("tranche") or _only_tranche(estimate.deal, written)
            if named == tranche:
                found = earlier.entry.meta.get("breakage", found)
    return found


def _expected(breakage: object, granted: Decimal) -> Decimal:
    if isinstance(breakage, Amount):
        return breakage.number or _ZERO
    return breakage * granted if isinstance(breakage, Decimal) else _ZERO


def _share(drawn: Decimal, granted: Decimal, expected: Decimal) -> Fraction:
    return Fraction(drawn) / max(Fraction(drawn), Fraction(granted - expected))


def valuation_changes_nothing(valuation: Directive, ledger: Ledger) -> bool:
    """Return whether a stake stands at the price observed already.

    The carrying amount is the cost of its lots, as booked.  Under the equity method
    a price is a memorandum, an impairment apart.
    """
    price = valuation.amount(1)
    if price is None or price.number is None:
        return False
    if ledger.written.side(valuation.deal) == "startup":
        return not _issued_as_liability(valuation, ledger.written)
    stakes = {
        amount.currency
        for stake in ledger.written.standing("deal-stake")
        if stake.deal == valuation.deal and (amount := stake.amount(1)) is not None
    }
    stakes |= {
        into.currency
        for convert in ledger.written.standing("deal-convert")
        if convert.deal == valuation.deal
        and isinstance(into := convert.entry.meta.get("into"), Amount)
    }
    named = valuation.text("stake")
    units = carrying = memorandum = _ZERO
    for entry in ledger.made_for(valuation.deal, valuation.date):
        for posting in entry.postings:
            held = posting.units.currency
            if posting.cost is None or held not in stakes or named not in ("", held):
                continue
            units += posting.units.number
            carrying += posting.units.number * posting.cost.number
            place = ledger.chart(posting.account)
            if place is not None and place.role in _NOT_AT_A_PRICE:
                memorandum += posting.units.number
    if memorandum and valuation.text("kind") != "impairment":
        return True
    rate = rate_of(price.currency, valuation.date, ledger)
    observed = round_to_quanta(
        Fraction(price.number) * Fraction(rate) * Fraction(units), ledger.scale
    )
    return observed == round_to_quanta(Fraction(carrying), ledger.scale)


def rate_of(currency: str, day: datetime.date, ledger: Ledger) -> Decimal:
    """Return what a unit of a currency was worth in money of the books; 1 of the books'."""
    books = ledger.written.books
    functional = books.text("currency") if books else currency
    if currency == functional:
        return Decimal(1)
    return newest(ledger.rates(currency), day) or _ZERO


def _issued_as_liability(valuation: Directive, written: Written) -> bool:
    """Return whether what a startup issued stands at fair value through its income."""
    named = valuation.text("stake")
    for stake in written.standing("deal-stake"):
        units = stake.amount(1)
        if stake.deal == valuation.deal and units and named in ("", units.currency):
            instrument = stake.text("instrument") or "preferred"
            return class_of(units.currency, instrument, stake.deal, written) == "liability"
    return False


def class_of(commodity: str, instrument: str, deal: str, written: Written) -> str:
    """Return the class a startup states for what it issued, else the default."""
    for policy in written.policies.get(deal, ()):
        if policy.text("class") and policy.text("stake") in ("", commodity):
            return policy.text("class")
    if instrument in ("note", "safe"):
        return "liability"
    if instrument == "preferred":
        return written.elected(deal, "preferred-class", "")
    return "equity"


def opening_oci(deal: str, commodity: str, written: Written) -> Fraction:
    """Return what of an opening stake is said to wait in other comprehensive income."""
    for about in (commodity, ""):
        for policy in written.policies.get(deal, ()):
            stated = policy.entry.meta.get("opening-oci")
            if policy.text("stake") == about and isinstance(stated, Amount):
                return number_of(stated)
    return Fraction(0)
