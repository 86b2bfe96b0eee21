"""Units that a startup has issued, by acquisition, and an amount that stands beside them."""

from __future__ import annotations

from fractions import Fraction

from beancount.core.amount import Amount

from beanscrow.checks.directives import Directive

_NOTHING = Fraction(0)


class IssuedLots:
    """The acquisitions of one security, the oldest first; amounts are exact.

    Attributes:
      roundings: How often the books have rounded a part of the amount to a coin.
    """

    def __init__(self) -> None:
        self._lots: list[tuple[Fraction, Fraction]] = []
        self.roundings = 0

    @property
    def units(self) -> Fraction:
        """Units still held, of all acquisitions."""
        return sum((units for units, _ in self._lots), _NOTHING)

    @property
    def amount(self) -> Fraction:
        """What stands beside them together."""
        return sum((amount for _, amount in self._lots), _NOTHING)

    def comes(self, units: Fraction, amount: Fraction = _NOTHING) -> None:
        """Take in an acquisition, and what stands beside it."""
        self._lots.append((units, amount))

    def goes(self, wanted: Fraction, *, amounts: bool = True) -> Fraction:
        """Let units go, the oldest first; return what of the amount goes with them.

        Args:
          amounts: Whether any goes; else all of it stays.
        """
        before = self.amount
        left: list[tuple[Fraction, Fraction]] = []
        for units, amount in self._lots:
            part = min(wanted, units)
            wanted -= part
            gone = amount * part / units if part and amounts else _NOTHING
            left.append((units - part, amount - gone))
        self._lots = left
        self.roundings += amounts
        return before - self.amount

    def spreads(self, change: Fraction) -> None:
        """Add a change to each acquisition by its units."""
        held = self.units
        if held:
            self._lots = [(u, amount + change * u / held) for u, amount in self._lots]
            self.roundings += len(self._lots) - 1

    def comes_to_one_price(self, change: Fraction) -> None:
        """Let all units stand at the same, together at what they did and the change."""
        held, total = self.units, self.amount + change
        if held:
            self._lots = [(units, total * units / held) for units, _ in self._lots]
            self.roundings += len(self._lots) - 1


def leaving(directive: Directive) -> Amount | None:
    """Return the units a line gives up, or hands back; of a purchase those that come."""
    if directive.name != "deal-forfeit":
        return directive.amount(1)
    returned = directive.entry.meta.get("shares-returned")
    return returned if isinstance(returned, Amount) else None
