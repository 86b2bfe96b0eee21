"""What paid for credits blended of several tranches: shares, and money."""

from __future__ import annotations

from beanscrow.money import round_half_up


class Origins:
    """The part of a blended price that money paid, and how much of it is shown as such.

    A blend has one price (606-10-25-13(a)); what its draws recognise is still revenue
    for shares in part and for money in part, in proportion to the price not yet
    recognised that each brought in.  To date it is rounded once, so that each comes out
    exactly when all is drawn.

    Args:
      price: Brought in by the new grant and by all it blends, in whole quanta.
      money: Of that, what money paid.
    """

    __slots__ = ("_shown", "_used", "money", "price")

    def __init__(self, price: int, money: int) -> None:
        self.price = price
        self.money = money
        self._used = self._shown = 0

    def use(self, used: int) -> int:
        """Return the part of revenue from draws that money paid; negative takes back."""
        self._used += used
        before, self._shown = self._shown, self._part(self._used)
        return self._shown - before

    def left(self, unrecognised: int) -> int:
        """Return what money paid of the price not yet recognised, breakage gone as well."""
        return self.money - self._part(self.price - unrecognised)

    def _part(self, amount: int) -> int:
        return round_half_up(amount * self.money, self.price) if self.price else 0
