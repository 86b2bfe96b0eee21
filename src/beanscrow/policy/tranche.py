"""One tranche of credits: what is held, drawn and gone, and the price recognised for it.

The price recognised to date is a function of the credits gone to date, rounded
once; each entry is the change of it.  So however a draw is split, the total is
the same, and the last draw takes the last cent.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Money
from beanscrow.money import round_half_up
from beanscrow.policy.foreign_escrow import ForeignEscrow
from beanscrow.policy.origins import Origins
from beanscrow.policy.schedule import EscrowMode, StakeLeg, TrancheKind

_new = tuple.__new__


class Movement(NamedTuple):
    """What one draw changes, in quanta; negative where it takes back.

    Attributes:
      price: Recognised for the credits themselves.
      breakage: Recognised beside them, as expected breakage.
      escrow: Released.
    """

    price: int
    breakage: int
    escrow: int


class Tranche:
    """The unit and money state of one tranche, in whole quanta.

    Units: granted + moved_in = held + drawn + expired + forfeited + moved_out.
    Money runs on a *base*: `base_price` over `base_credits`, of which `base_drawn`
    are drawn and `base_used`, `base_recognised` are recognised.  An amendment, a
    partial forfeiture or a blend starts a new base from what is left
    (606-10-25-13(a)); until then the base is the grant itself.
    """

    __slots__ = (
        "at", "base_credits", "base_drawn", "base_passed", "base_price", "base_recognised",
        "base_remote", "base_used", "cited", "commodity", "contract_price",
        "credits_at_price", "drawn", "effective", "escrow_base", "escrow_gone",
        "escrow_mode", "escrow_money", "escrow_paid", "escrow_to_come", "expected",
        "expected_disclosed", "expired",
        "expires", "face", "foreign", "forfeited", "granted", "granted_on", "held", "kind",
        "lapsed", "leased", "moved_in", "moved_out", "name", "origins", "overpaid", "paid_by",
        "price_in", "priority", "recognised_before", "unconditional", "waits",
    )  # fmt: skip

    kind: TrancheKind
    escrow_mode: EscrowMode

    def __init__(
        self,
        *,
        name: str,
        at: Position,
        commodity: str,
        kind: TrancheKind,
        escrow_mode: EscrowMode,
        granted_on: datetime.date,
        effective: datetime.date,
        expires: datetime.date | None,
        priority: Decimal,
        face: Money | None,
        price: int,
        overpaid: bool = False,
    ) -> None:
        self.name = name
        self.at = at
        self.commodity = commodity
        self.kind = kind
        self.escrow_mode = escrow_mode
        self.granted_on = granted_on
        self.effective = effective
        self.expires = expires
        self.priority = priority
        self.face = face
        # The startup's escrow holds more than the credits are worth.
        self.overpaid = overpaid
        # Whether there is rent beside it ("apart"), or in its place ("whole").
        self.leased: Literal["", "apart", "whole"] = ""
        self.granted = self.held = self.drawn = self.expired = self.forfeited = 0
        self.moved_in = self.moved_out = 0
        self.lapsed = False
        # The price the contract set for the credits, by which draws are ordered.
        self.contract_price = price
        self.credits_at_price = 0
        self.price_in = price
        self.recognised_before = 0
        self.base_price = price
        self.base_credits = self.base_drawn = 0
        self.base_used = self.base_recognised = 0
        self.base_remote = 0
        # Of a service that stands ready: the part of the term's days that have passed.
        self.base_passed: Fraction | None = None
        # What the estimate in force says, and what of it is recognised by election.
        self.expected_disclosed = self.expected = Fraction(0)
        self.escrow_money = self.escrow_base = self.escrow_gone = self.escrow_paid = 0
        # The startup's cash that its event has agreed, until it is ring-fenced.
        self.escrow_to_come = 0
        # Shares that pay for it, where the right to them is unconditional only later.
        self.paid_by: StakeLeg | None = None
        self.unconditional: datetime.date | None = None
        self.waits = False
        # Names of what decides a draw of it, in the table of paragraphs.
        self.cited: tuple[str, ...] = ("drawn",)
        # Set where the ring-fenced cash is the provider's and in another currency.
        self.foreign: ForeignEscrow | None = None
        # Set where a blend took in credits paid for in shares and for money.
        self.origins: Origins | None = None

    # -- coming in ---------------------------------------------------------------

    def grant(self, credits: int, escrow: int) -> None:
        """Make credits available, with the cash ring-fenced for them."""
        self.granted += credits
        self.held += credits
        self.base_credits += credits
        self.credits_at_price += credits
        self.escrow_money += escrow
        self.escrow_base += credits
        self.escrow_to_come = 0

    def receive(self, credits: int, price: int, escrow: int) -> None:
        """Take over undrawn credits, and what is left of their price, of a blended tranche."""
        self.moved_in += credits
        self.held += credits
        self.base_credits += credits
        self.base_price += price
        self.price_in += price
        self.contract_price += price
        self.credits_at_price += credits
        self.escrow_money += escrow
        self.escrow_base += credits

    def give_over(self) -> tuple[int, int, int]:
        """Return the credits, price and escrow that leave for a blended tranche."""
        credits, price, escrow = self.held, self.unrecognised, self.escrow_left
        self.held = 0
        self.moved_out += credits
        self.price_in -= price
        self.rebase()
        self.base_price = self.base_credits = 0
        self.escrow_money = self.escrow_base = self.escrow_gone = self.escrow_paid = 0
        return credits, price, escrow

    # -- what stands -------------------------------------------------------------

    @property
    def came(self) -> bool:
        """Whether any credits of it were granted, or blended into it; else none can lapse."""
        return bool(self.granted or self.moved_in)

    @property
    def recognised(self) -> int:
        """Price recognised to date, expected breakage included."""
        return self.recognised_before + self.base_recognised

    @property
    def unrecognised(self) -> int:
        """Price not yet recognised."""
        return self.price_in - self.recognised

    @property
    def escrow_left(self) -> int:
        """Ring-fenced cash not yet released."""
        return self.escrow_money - self.escrow_paid

    @property
    def escrow_carried(self) -> int:
        """Ring-fenced cash not yet released, as it is carried in money of the books."""
        return self.escrow_left if self.foreign is None else self.foreign.carrying

    # -- recognition -------------------------------------------------------------

    def _used_after(self, credits: int) -> int:
        """Return rhu(price x drawn / granted) on the current base.

        Args:
          credits: Those just drawn, which are in the drawn of the base already.
        """
        if not self.base_credits:
            return 0
        if self.base_passed is not None:
            exact = self.base_price * self.base_passed
            return round_half_up(exact.numerator, exact.denominator)
        return round_half_up(self.base_price * self.base_drawn, self.base_credits)

    def pass_days(self, part: Fraction) -> None:
        """Let days pass, each of which takes an equal part of the price.

        Args:
          part: Of the days left of the term.
        """
        self.base_passed = self._passed(part)

    def credits_of(self, part: Fraction) -> int:
        """Return the credits of the days that pass with a part of those left."""
        exact = self.base_credits * self._passed(part)
        return round_half_up(exact.numerator, exact.denominator) - self.base_drawn

    def _passed(self, part: Fraction) -> Fraction:
        passed = self.base_passed or Fraction(0)
        return passed + (1 - passed) * part

    def _recognised_to_date(self) -> int:
        """Return the price recognised with expected or remote breakage, capped at the price.

        Proportional: price x drawn / max(drawn, granted - expected breakage), in
        the pattern of the rights exercised (606-10-55-48; IFRS 15.B46).  Remote:
        what is judged remote counts as drawn.
        """
        if self.base_remote:
            gone = min(self.base_credits, self.base_drawn + self.base_remote)
            return round_half_up(self.base_price * gone, self.base_credits)
        over = max(Fraction(self.base_drawn), self.base_credits - self.expected)
        if over <= 0:
            return 0
        exact = Fraction(self.base_price * self.base_drawn) / over
        return min(self.base_price, round_half_up(exact.numerator, exact.denominator))

    def draw(self, credits: int) -> Movement:
        """Return what drawing held credits recognises; negative credits take back."""
        self.held -= credits
        self.drawn += credits
        self.base_drawn += credits
        used = self._used_after(credits)
        price = used - self.base_used
        self.base_used = used
        if self.expected or self.base_remote:
            recognised = self._recognised_to_date()
        else:
            recognised = used
        breakage = recognised - self.base_recognised - price
        self.base_recognised = recognised
        escrow = self._release(credits) if self.escrow_money else 0
        return _new(Movement, (price, breakage, escrow))

    def draw_lapsed(self, credits: int) -> tuple[int, int, int]:
        """Return what a late row, or a refund, of a lapsed tranche moves; no new money.

        The price was recognised in full at expiry: what the row was worth moves
        between breakage and credits.

        Returns:
          The change of price for credits and of breakage, which cancel, and the
          part of a startup-owned escrow that was, or would have been, drawn with it.
        """
        before = self._escrow_drawn()
        self.expired -= credits
        self.drawn += credits
        self.base_drawn += credits
        used = self._used_after(credits)
        price = used - self.base_used
        self.base_used = used
        return price, -price, self._escrow_drawn() - before

    def _escrow_drawn(self) -> int:
        """Return the startup's escrow that was paid for credits drawn, not expired."""
        if self.escrow_mode not in ("startup", "trustee-startup"):
            return 0
        if not self.escrow_money:
            return 0
        return round_half_up(self.escrow_money * self.drawn, self.escrow_base)

    def reestimate(self, expected: Fraction, remote: int) -> int:
        """Return the cumulative catch-up of a new estimate; negative takes back."""
        self.expected = expected
        self.base_remote = remote
        recognised = self._recognised_to_date()
        change = recognised - self.base_recognised
        self.base_recognised = recognised
        return change

    def reprice(self, change: int) -> Movement:
        """Return the catch-up of a new price of the whole grant, expected breakage with it.

        What is drawn, and what has lapsed, is recognised at the new price at once.

        Args:
          change: Of the price, either sign, in quanta.
        """
        self.price_in += change
        self.base_price += change
        self.contract_price += change
        used = self._used_after(0)
        price, self.base_used = used - self.base_used, used
        recognised = self.base_price if self.lapsed else self._recognised_to_date()
        breakage = recognised - self.base_recognised - price
        self.base_recognised = recognised
        return Movement(price, breakage, 0)

    def reprice_drawn(self, change: int) -> None:
        """Change the price of what is drawn, and recognise it; what is left keeps its own."""
        self.price_in += change
        self.recognised_before += change

    @property
    def runs_as_granted(self) -> bool:
        """Whether nothing of it was re-based, given over or given up since its grant."""
        return not (self.recognised_before or self.moved_out or self.forfeited)

    def rebase(self) -> None:
        """Start a new base: the price not yet recognised over the credits held."""
        self.recognised_before += self.base_recognised
        self.base_price = self.price_in - self.recognised_before
        self.base_credits = self.held
        self.base_drawn = self.base_used = self.base_recognised = self.base_remote = 0
        self.base_passed = None

    # -- escrow ------------------------------------------------------------------

    def _release(self, credits: int) -> int:
        """Return the escrow released: escrow x gone / granted to date, rounded once."""
        if not self.escrow_money:
            return 0
        self.escrow_gone += credits
        paid = round_half_up(self.escrow_money * self.escrow_gone, self.escrow_base)
        released = paid - self.escrow_paid
        self.escrow_paid = paid
        return released if self.foreign is None else self.foreign.release(released)

    def change_escrow(self, money: int) -> int:
        """Return the cash added to (negative: freed from) a ring-fence agreed anew.

        What stays ring-fenced is the new amount less its part for the credits gone,
        as if it had been agreed from the start.

        Args:
          money: Escrow the contract now asks for the whole grant.
        """
        before = self.escrow_left
        if not self.escrow_money:
            self.escrow_gone = self.escrow_base - self.held
        self.escrow_money = money
        self.escrow_paid = round_half_up(money * self.escrow_gone, self.escrow_base)
        return self.escrow_left - before

    # -- going out ---------------------------------------------------------------

    def lapse(self) -> tuple[int, int, int]:
        """Return the credits that expire, the price left on them, the escrow freed."""
        credits = self.held
        price = self.unrecognised
        self.held = 0
        self.expired += credits
        self.base_recognised += price
        self.lapsed = True
        escrow = self._release(credits) if credits else 0
        return credits, price, escrow

    def forfeit(self, credits: int) -> tuple[int, int]:
        """Return the price and the escrow of held credits given up; the rest re-based.

        All credits left take all the price left; a part takes its share of it,
        rounded once.
        """
        left = self.unrecognised
        price = round_half_up(left * credits, self.held)
        self.held -= credits
        self.forfeited += credits
        escrow = self._release(credits)
        self.price_in -= price
        self.rebase()
        self.expected = min(self.expected, Fraction(self.base_credits))
        return price, escrow
