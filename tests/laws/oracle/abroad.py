"""Money of an event that is agreed in another currency than the books are kept in [2.11]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.laws.lives import Life
from tests.laws.oracle.accounts import CASH, REMEASUREMENT, RESTRICTED
from tests.laws.oracle.exact import rhu
from tests.laws.oracle.journal import ZERO, Journal, Undetermined


def newest(life: Life, day: date) -> tuple[date, Fraction]:
    """Return the last rate stated on or before a day, and its own day."""
    stated, number = max(rate for rate in life.rates if rate[0] <= day)
    return stated, Fraction(number)


def exchanged(journal: Journal, amount: Fraction) -> Fraction:
    """Return an amount of an event in money of the books, converted once."""
    stated, rate = newest(journal.life, journal.day)
    assert journal.day - stated <= timedelta(days=5), "the author states fresh rates"
    return rhu(amount * rate, journal.cent)


@dataclass
class ForeignCash:
    """The provider's own ring-fenced cash, a monetary item.

    Attributes:
      amount: In its own currency, not released yet.
      carrying: In money of the books.
      gone, based: Credits it was released for, and all it was set aside for.
    """

    amount: Fraction
    based: Fraction
    carrying: Fraction = ZERO
    rate: Fraction = ZERO
    gone: Fraction = ZERO

    def remeasure(self, journal: Journal) -> None:
        """Bring what is left to the newest rate, where there is one since the last."""
        _, rate = newest(journal.life, journal.day)
        if rate == self.rate:
            return
        self.rate = rate
        change = rhu(self.amount * rate, journal.cent) - self.carrying
        self.carrying += change
        journal.post(RESTRICTED, change)
        journal.post(REMEASUREMENT, -change)

    def set_aside(self, journal: Journal) -> None:
        """Set the cash aside at the rate of its event."""
        _, self.rate = newest(journal.life, journal.day)
        self.carrying = rhu(self.amount * self.rate, journal.cent)
        self.free(journal, -self.carrying)

    def release(self, journal: Journal, gone: Fraction) -> None:
        """Release its part of the carrying amount; the last takes the rest."""
        if gone == self.gone:
            return
        if gone < self.gone:
            raise Undetermined("cash of another currency that is set aside again")
        self.remeasure(journal)
        part = (gone - self.gone) / (self.based - self.gone)
        released = rhu(self.carrying * part, journal.cent)
        self.gone = gone
        self.amount -= self.amount * part
        self.carrying -= released
        self.free(journal, released)

    @staticmethod
    def free(journal: Journal, released: Fraction) -> None:
        """Book cash that leaves the ring-fence, or enters it where it is below zero."""
        journal.post(RESTRICTED, -released)
        journal.post(CASH, released)
