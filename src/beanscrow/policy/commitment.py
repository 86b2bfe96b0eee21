"""A promise to spend: executory, until what was promised and not bought falls due.

Neither party has performed, so the promise itself is no asset and no liability.  Money
usage counts to the first commitment whose term holds its day, and drawn credits to the
first that counts them; at the end of a take-or-pay commitment the shortfall is owed, and
to the provider it is breakage (606-10-55-46 to 55-49).

Where the cash of its event was more or less than the shares were worth, the promise
carries the difference: an asset paid to the customer (606-10-32-25), or compute owed
for shares (606-10-32-21).  It is released as the promise is fulfilled, and the rest of
it at the end.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Amend, Commitment, Fact, Grant, Usage
from beanscrow.money import from_quanta, round_half_up, to_quanta
from beanscrow.policy.credits_as_spent import counted_at
from beanscrow.policy.exact import exact_money
from beanscrow.policy.financing import Accrual, Financed, InterestAccrued, Plan
from beanscrow.policy.order import COMMITMENT_END, Act
from beanscrow.policy.terms_of_side import SideTerms

_NO_NUMBER = Decimal(0)


class CommitmentLeg(NamedTuple):
    """A promise to spend that carries what the cash of its event was not paid for.

    Attributes:
      price: Fair value of the shares less cash: positive where compute is owed for
        shares, negative where the customer was paid for more than its shares.
    """

    at: Position
    commitment: str
    price: Decimal


class ConsiderationReleased(NamedTuple):
    """A part of what a promise carries, released as it is fulfilled or ends.

    Attributes:
      service, usage_id: Of the purchase that releases it; "" at the end.
      amount: Of the sign of what is carried; the other where a purchase is taken back.
      left_over: Whether it is what was never bought, released at the end.
    """

    at: Position
    date: datetime.date
    rule: str
    commitment: str
    service: str
    usage_id: str
    amount: Decimal
    left_over: bool


class Shortfall(NamedTuple):
    """What a take-or-pay commitment leaves to be paid at its end."""

    at: Position
    date: datetime.date
    rule: str
    commitment: str
    amount: Decimal


class CommitmentEnd(NamedTuple):
    """The last day of a commitment, as signed or as an amendment would make it."""

    at: Position
    date: datetime.date
    commitment: Commitment


class Promise:
    """One commitment: what was promised and carried, in whole quanta of money.

    What was spent is exact: credits may count for parts of a quantum.  All of it counts
    from the last change of its terms on, `to` included.
    """

    __slots__ = (
        "before", "carried", "delivered", "ended", "fact", "financed", "promised",
        "released", "spent", "to",
    )  # fmt: skip

    def __init__(
        self, fact: Commitment, promised: int, carried: int, plan: Plan | None
    ) -> None:
        self.fact = fact
        self.to = fact.to
        self.promised = Fraction(promised)
        self.before = Fraction(0)
        self.carried = carried
        self.released = 0
        self.spent = self.delivered = Fraction(0)
        self.financed = None if plan is None else Financed(plan, carried)
        self.ended = False

    def release(self) -> int:
        """Return the change of carried x min(bought, promised) / promised, rounded once.

        With a financing component it is what the purchases delivered by plan.
        """
        part = max(Fraction(0), min(self.spent, self.promised))
        if self.financed is not None:
            released = self.financed.deliver(part - self.delivered)
            self.delivered = part
            self.released += released
            return released
        if not self.carried:
            return 0
        exact = abs(self.carried) * part / self.promised
        to_date = round_half_up(exact.numerator, exact.denominator)
        return self._to(to_date if self.carried > 0 else -to_date)

    def release_rest(self) -> int:
        """Return what is left of what was carried."""
        return self._to(self.carried)

    @property
    def still_carried(self) -> int:
        """What it carries and has not released yet."""
        return self.carried - self.released

    def rebase(self, in_all: Fraction) -> None:
        """Spread what is still carried over what is still to be spent, from now on.

        Args:
          in_all: Promised with what was spent before, in quanta.
        """
        self.carried, self.released = self.still_carried, 0
        self.before, self.spent = self.before + self.spent, Fraction(0)
        self.promised = in_all - self.before

    def _to(self, to_date: int) -> int:
        change = to_date - self.released
        self.released = to_date
        return change


class Commitments:
    """The promises of one deal; `emit` receives what is released, and what is owed.

    Attributes:
      count_credits: Whether any of them counts credits.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        terms: SideTerms,
        rules: dict[str, str],
        unit_scale: int,
        emit: Callable[[Shortfall | ConsiderationReleased | InterestAccrued], None],
    ) -> None:
        facts = list(facts)
        self.terms = terms
        self.rules = rules
        self.emit = emit
        self.count_credits = any(
            isinstance(fact, Commitment) and fact.counts_credits for fact in facts
        )
        # Quanta of money for one quantum of a tranche's credits.
        self._each = {
            fact.tranche: each * Fraction(10**terms.scale, 10**unit_scale)
            for fact in facts
            if isinstance(fact, Grant)
            and (each := counted_at(fact, terms.currency)) is not None
        }
        self._begun: list[Promise] = []

    def begin(self, fact: Commitment, carried: Decimal, plan: Plan | None = None) -> None:
        """Begin to count what is bought; the promise is executory, and books nothing.

        Args:
          carried: What the event left on it, as CommitmentLeg has it; else 0.
          plan: When it is due, where it has a financing component.
        """
        promised = exact_money(fact.amount, self.terms, fact.at)
        quanta = to_quanta(carried, self.terms.scale)
        self._begun.append(Promise(fact, promised, quanta, plan))
        self._begun.sort(key=lambda it: (it.fact.from_, it.fact.to, it.fact.commitment))

    def left(self) -> list[tuple[str, int]]:
        """Return what each promise still carries, in whole quanta, by its name."""
        return sorted(
            (it.fact.commitment, it.still_carried) for it in self._begun if it.carried
        )

    def named(self, name: str) -> Promise | None:
        """Return the promise of a name, None where it has not been made yet."""
        return next((it for it in self._begun if it.fact.commitment == name), None)

    def begun(self) -> tuple[Commitment, ...]:
        """Return the promises begun so far, in the order purchases count to them."""
        return tuple(promise.fact for promise in self._begun)

    def purchased(self, usage: Usage, amount: int) -> None:
        """Count a purchase to the first commitment whose term holds its day."""
        self._count(usage, Fraction(amount))

    def drawn(self, usage: Usage, tranche: str, credits: int) -> None:
        """Count credits drawn to the first such commitment that counts credits.

        Args:
          credits: Whole quanta; negative for a refund, which takes them back.
        """
        self._count(usage, self._each.get(tranche, Fraction(0)) * credits, credits=True)

    def overdrawn(self, usage: Usage, amount: int) -> None:
        """Count what was billed for credits beyond the grants, as the credits would."""
        self._count(usage, Fraction(amount), credits=True)

    def _count(self, usage: Usage, amount: Fraction, *, credits: bool = False) -> None:
        for promise in self._begun:
            fact = promise.fact
            counts = fact.counts_credits or not credits
            if counts and fact.from_ <= usage.date <= promise.to and not promise.ended:
                promise.spent += amount
                change = promise.release()
                self._release(usage.at, usage.date, promise, change, usage)
                return

    def carries(self, day: datetime.date) -> bool:
        """Return whether a promise that a purchase of a day counts to carries anything."""
        return any(
            promise.carried
            and promise.fact.from_ <= day <= promise.to
            and not promise.ended
            for promise in self._begun
        )

    def end(self, act: CommitmentEnd) -> None:
        """Bill what was promised and not bought, and release what is left over.

        Billed is only where the contract is take-or-pay.
        """
        for promise in self._begun:
            fact = promise.fact
            if fact is not act.commitment or act.date != promise.to or promise.ended:
                continue
            exact = promise.promised - promise.spent
            short = round_half_up(exact.numerator, exact.denominator)
            if short > 0 and fact.shortfall == "take-or-pay":
                amount = from_quanta(short, self.terms.scale)
                rule = self.rules["shortfall"]
                self.emit(Shortfall(fact.at, act.date, rule, fact.commitment, amount))
            self._release(fact.at, act.date, promise, promise.release_rest())
            promise.ended = True

    def accrue(self, act: Accrual) -> None:
        """Let a month's interest accrue on what a promise carries."""
        for promise in self._begun:
            if promise.fact is act.leg and promise.financed is not None:
                interest = 0 if promise.ended else promise.financed.accrue(act.date)
                if interest:
                    promise.carried += interest
                    self.emit(
                        InterestAccrued(
                            act.at,
                            act.date,
                            self.rules["interest"],
                            promise.fact.commitment,
                            from_quanta(interest, self.terms.scale),
                        )
                    )

    def _release(
        self,
        at: Position,
        date: datetime.date,
        promise: Promise,
        amount: int,
        usage: Usage | None = None,
    ) -> None:
        """Say what is released, by a purchase or, without one, at the end."""
        if not amount:
            return
        left_over = usage is None
        rule = "released" if promise.carried < 0 else "breakage" if left_over else "drawn"
        self.emit(
            ConsiderationReleased(
                at,
                date,
                self.rules[rule],
                promise.fact.commitment,
                usage.service if usage else "",
                (usage.import_id if usage else None) or "",
                from_quanta(amount, self.terms.scale),
                left_over,
            )
        )


def commitment_ends(facts: Iterable[Fact]) -> Iterator[Act]:
    """Yield the last days of a deal's commitments, and those they may be amended to."""
    facts = list(facts)
    signed = {it.commitment: it for it in facts if isinstance(it, Commitment)}
    for fact in facts:
        if not isinstance(fact, Commitment | Amend) or fact.to is None:
            continue
        promise = signed.get(fact.commitment or "")
        if promise is not None:
            key = (fact.to, COMMITMENT_END, 0, 1, promise.commitment, "", _NO_NUMBER, "")
            yield key, CommitmentEnd(promise.at, fact.to, promise)
