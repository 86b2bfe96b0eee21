"""Credits still owed and the price still to come for them, read off the booked entries."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from beancount.core.amount import Amount

from beanscrow.checks.accounts import UNITS
from beanscrow.checks.restated import Ledger

_ZERO = Decimal(0)
# Within a day an amendment comes first, then estimates.
_TURNS = ("deal-amend", "deal-estimate")
# The price still to come: of a customer, and of a subsidiary once control was gained.
_PRICE = ("contract-liability", "intragroup-liability")


class Owed(NamedTuple):
    """One tranche at the end of a day.

    Attributes:
      held: Credits held; `came`, those ever granted or moved in.
      price: Contract liability left, to a customer or within the group.
    """

    held: Decimal = _ZERO
    came: Decimal = _ZERO
    price: Decimal = _ZERO


class Contract(NamedTuple):
    """What one contract event granted, as far as it is still owed on a day.

    Attributes:
      tranches: Names of those of which credits are held.
      owed: Credits expected to be drawn; `price`, still to be recognised for them.
    """

    event: datetime.date
    tranches: tuple[str, ...]
    owed: Fraction
    price: Fraction

    def loss(self, per_credit: Fraction) -> Fraction:
        """Return what serving the credits costs above their price, at least zero."""
        return max(Fraction(0), self.owed * per_credit - self.price)


class StillOwed:
    """The credits of one deal, day by day, as its generated entries leave them."""

    def __init__(self, ledger: Ledger, deal: str) -> None:
        self.ledger = ledger
        self.deal = deal
        written = ledger.written
        self.grants = {
            grant.text("tranche") or "T1": grant
            for grant in written.standing("deal-grant")
            if grant.deal == deal
        }
        self._judged = sorted(
            (it for name in _TURNS for it in written.standing(name) if it.deal == deal),
            key=lambda it: (it.date, _TURNS.index(it.name)),
        )
        self._days: list[datetime.date] = []
        self._owed: list[dict[str, Owed]] = []
        self.mixed = False
        # Tranches that others have taken credits over from.
        self._moved: set[str] = set()
        self._walk()

    def _walk(self) -> None:
        entries = sorted(
            self.ledger.made_for(self.deal, datetime.date.max), key=lambda it: it.date
        )
        owed: dict[str, Owed] = defaultdict(Owed)
        for entry in entries:
            for posting in entry.postings:
                self._post(owed, posting)
            if self._days and self._days[-1] == entry.date:
                self._owed[-1] = dict(owed)
            else:
                self._days.append(entry.date)
                self._owed.append(dict(owed))

    def _post(self, owed: dict[str, Owed], posting: Any) -> None:
        place = self.ledger.chart(posting.account)
        if place is None or place.role not in (UNITS, *_PRICE):
            return
        # Several tranches on one account cannot be told apart.
        self.mixed |= not place.tranche
        before, number = owed[place.tranche], posting.units.number
        if place.role != UNITS:
            owed[place.tranche] = before._replace(price=before.price - number)
        elif place.leaf == "Held":
            owed[place.tranche] = before._replace(held=before.held - number)
        elif place.leaf == "Granted" or (place.leaf == "Moved" and number > 0):
            owed[place.tranche] = before._replace(came=before.came + number)
        elif place.leaf == "Moved" and number < 0:
            self._moved.add(place.tranche)

    def days(self) -> list[datetime.date]:
        """Return the days on which anything of the deal was booked or judged."""
        return sorted({*self._days, *(it.date for it in self._judged)})

    def on(self, day: datetime.date) -> Iterator[Contract]:
        """Yield the contracts of which credits are held at the end of a day."""
        owed = self._at(day)
        held: dict[datetime.date, list[str]] = defaultdict(list)
        for name, grant in self.grants.items():
            if name in owed and owed[name].held and not self._is_free(name):
                held[grant.event].append(name)
        for event, names in sorted(held.items()):
            credits = sum(
                (Fraction(owed[it].held) - self._never_drawn(it, day) for it in names),
                Fraction(0),
            )
            price = sum((Fraction(owed[it].price) for it in names), Fraction(0))
            yield Contract(event, tuple(names), credits, price)

    def _is_free(self, tranche: str) -> bool:
        """Return whether nothing was ever paid for a tranche, nor for what it blends."""
        price = self.grants[tranche].entry.meta.get("price")
        if not isinstance(price, Amount) or price.number:
            return False
        names = self.grants[tranche].text("blends").split(",")
        old = [name.strip() for name in names if name.strip() in self.grants]
        return all(it not in self._moved or self._is_free(it) for it in old)

    def alone(self, tranche: str, day: datetime.date) -> Contract:
        """Return one tranche at the end of a day, as if it were the whole contract."""
        owed = self._at(day).get(tranche, Owed())
        return Contract(
            self.grants[tranche].event,
            (tranche,),
            Fraction(owed.held) - self._never_drawn(tranche, day),
            Fraction(owed.price),
        )

    def _at(self, day: datetime.date) -> dict[str, Owed]:
        at = bisect_right(self._days, day)
        return self._owed[at - 1] if at else {}

    def _never_drawn(self, tranche: str, day: datetime.date) -> Fraction:
        """Return the credits held that the newest estimate expects never to be drawn.

        A fraction is of all that came in; what is judged remote is expected so too.
        """
        expected = Fraction(0)
        only = next(iter(self.grants)) if len(self.grants) == 1 else ""
        for it in self._judged:
            if it.date > day or (it.text("tranche") or only) != tranche:
                continue
            stated = [it.entry.meta.get(key) for key in ("breakage", "remote")]
            if any(value is not None for value in stated):
                came = self._at(it.date).get(tranche, Owed()).came
                expected = max(_credits(value, came) for value in stated)
        held = self._at(day).get(tranche, Owed()).held
        return min(Fraction(held), expected)


def _credits(estimate: object, came: Decimal) -> Fraction:
    if isinstance(estimate, Amount):
        return Fraction(estimate.number or 0)
    return (
        Fraction(estimate) * Fraction(came)
        if isinstance(estimate, Decimal)
        else Fraction(0)
    )
