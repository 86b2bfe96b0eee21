"""Money of an event that is agreed in another currency than the books are kept in [2.11]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.laws.lives import Life
from tests.laws.oracle.accounts import (
    CASH,
    PAYABLE,
    RECEIVABLE,
    REMEASUREMENT,
    RESTRICTED,
)
from tests.laws.oracle.exact import rhu
from tests.laws.oracle.journal import ZERO, Journal, Undetermined

FRESH = timedelta(days=5)


def newest(life: Life, day: date) -> tuple[date, Fraction]:
    """Return the last rate stated on or before a day, and its own day."""
    stated, number = max(rate for rate in life.rates if rate[0] <= day)
    return stated, Fraction(number)


def exchanged(journal: Journal, amount: Fraction) -> Fraction:
    """Return an amount of an event in money of the books, converted once."""
    stated, rate = newest(journal.life, journal.day)
    assert journal.day - stated <= FRESH, "the author states fresh rates"
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


# The place of a movement among those of its day [2.4]: its phase, service and import-id.
Turn = tuple[int, str, str]
BILL, CREDIT, PAY, END = 1, 2, 3, 4


class Owed:
    """What the startup owes for what it was billed, in whichever currency.

    Attributes:
      amount: In the currency of the deal; below zero where more was paid.
      carrying: In money of the books.
      rate: At which it was last measured; 0 where it never was.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.amount = self.carrying = self.rate = ZERO
        self.today: list[tuple[Turn, Fraction, Fraction]] = []

    def add(self, amount: Fraction, turn: Turn) -> Fraction:
        """Owe more, less where it is below zero; return it at the rate of its day."""
        if not self.journal.life.rates:
            self.post(amount)
            return amount
        if not amount:
            return ZERO
        self.remeasure()
        _, rate = newest(self.journal.life, self.journal.day)
        worth = rhu(amount * rate, self.journal.cent)
        self.today.append((turn, amount, worth))
        self.amount += amount
        self.carrying += worth
        self.post(worth)
        return worth

    def pay(self, amount: Fraction, turn: Turn) -> Fraction | None:
        """Owe less; return what was paid at the rate of its day.

        What is owed is settled at the newest rate, whatever its age; of more than that
        nothing is taken without a fresh one.
        """
        life, day = self.journal.life, self.journal.day
        if life.rates and amount > self.amount and day - newest(life, day)[0] > FRESH:
            return None
        return -self.add(-amount, turn)

    def remeasure(self) -> None:
        """Bring what is owed to the newest rate, where there is another since the last."""
        _, rate = newest(self.journal.life, self.journal.day)
        if rate == self.rate:
            return
        self.rate = rate
        self.gain(rhu(self.amount * rate, self.journal.cent) - self.carrying)

    def close(self) -> None:
        """Let go of the cents that stand where nothing was owed in the course of the day."""
        amount = self.amount - sum((moved for _, moved, _ in self.today), ZERO)
        carrying = self.carrying - sum((worth for _, _, worth in self.today), ZERO)
        left = ZERO
        for _, moved, worth in sorted(self.today, key=lambda it: it[0]):
            amount += moved
            carrying += worth
            if not amount:
                left += carrying
                carrying = ZERO
        self.today.clear()
        self.gain(-left)

    def gain(self, change: Fraction) -> None:
        """Book a change of what is owed that nobody billed or paid."""
        self.carrying += change
        self.post(change)
        sign = -1 if self.journal.provider else 1
        self.journal.post(REMEASUREMENT, sign * change)

    def post(self, change: Fraction) -> None:
        """Book a change of what is owed."""
        if self.journal.provider:
            self.journal.post(RECEIVABLE, change)
        else:
            self.journal.post(PAYABLE, -change)
