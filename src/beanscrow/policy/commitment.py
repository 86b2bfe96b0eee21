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
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Amend, Commitment, Fact, Grant, Money, Usage
from beanscrow.money import from_quanta, round_half_up, round_to_quanta, to_quanta
from beanscrow.policy.credits_as_spent import counted_at
from beanscrow.policy.exact import exact_money
from beanscrow.policy.financing import Accrual, Financed, InterestAccrued, Plan
from beanscrow.policy.order import COMMITMENT_END, Act
from beanscrow.policy.paragraphs import joined
from beanscrow.policy.rates import LEAST_DECIMALS, AtRate
from beanscrow.policy.terms_of_side import SideTerms

if TYPE_CHECKING:
    from beanscrow.policy.foreign_claim import ForeignClaims

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
    """What a take-or-pay commitment leaves to be paid at its end.

    `abroad` is what it leaves in another currency than the books', None for theirs.
    """

    at: Position
    date: datetime.date
    rule: str
    commitment: str
    amount: Decimal
    abroad: AtRate | None = None


class CommitmentEnd(NamedTuple):
    """The last day of a commitment, as signed or as an amendment would make it."""

    at: Position
    date: datetime.date
    commitment: Commitment


class Promise:
    """One commitment: what was promised and spent in its currency, and what it carries.

    What it carries is in whole quanta of the books.  What was spent is exact: credits may
    count for parts of a quantum.  All of it counts from the last change of its terms on,
    `to` included.
    """

    __slots__ = (
        "amount", "before", "carried", "delivered", "ended", "fact", "financed",
        "promised", "released", "scale", "spent", "to",
    )  # fmt: skip

    def __init__(
        self, fact: Commitment, scale: int, carried: int, plan: Plan | None
    ) -> None:
        self.fact = fact
        self.to = fact.to
        # Decimals of what it leaves to be paid.
        self.scale = scale
        # In all, as written; `promised`, what of it is still to be spent since a change.
        self.amount = fact.amount.number
        self.promised = Fraction(self.amount)
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
            bought = (part - self.delivered) * 10**self.scale
            released = self.financed.deliver(bought)
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

    @property
    def unspent(self) -> Fraction:
        """What is still to be spent, in its currency: at most what is promised in all.

        A credit note for what another promise counted takes nothing from this one.
        """
        left = min(self.promised - self.spent, Fraction(self.amount))
        return max(Fraction(0), left)

    def rebase(self, amount: Decimal) -> None:
        """Spread what is still carried over what is still to be spent, from now on.

        Args:
          amount: Promised with what was spent before, in its currency.
        """
        self.carried, self.released = self.still_carried, 0
        self.before, self.spent = self.before + self.spent, Fraction(0)
        self.amount, self.promised = amount, Fraction(amount) - self.before

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
        claims: ForeignClaims,
        emit: Callable[[Shortfall | ConsiderationReleased | InterestAccrued], None],
    ) -> None:
        facts = list(facts)
        self.terms = terms
        self.rules = rules
        self.claims = claims
        self.emit = emit
        self.count_credits = any(_counts(fact) for fact in facts)
        # Money of a promise's currency for one quantum of a tranche's credits.
        self._each = {
            (currency, fact.tranche): each / 10**unit_scale
            for currency in {it.amount.currency for it in facts if _counts(it)}
            for fact in facts
            if isinstance(fact, Grant) and (each := counted_at(fact, currency)) is not None
        }
        self._begun: list[Promise] = []

    def begin(self, fact: Commitment, carried: Decimal, plan: Plan | None = None) -> None:
        """Begin to count what is bought; the promise is executory, and books nothing.

        Args:
          carried: What the event left on it, as CommitmentLeg has it; else 0.
          plan: When it is due, where it has a financing component.
        """
        scale = LEAST_DECIMALS
        if fact.amount.currency == self.terms.currency:
            exact_money(fact.amount, self.terms, fact.at)
            scale = self.terms.scale
        quanta = to_quanta(carried, self.terms.scale)
        self._begun.append(Promise(fact, scale, quanta, plan))
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

    def purchased(self, usage: Usage, amount: int, money: Money) -> None:
        """Count a purchase to the first commitment in its currency that holds its day."""
        promise = self._holding(usage.date, money.currency)
        if promise is not None:
            self._count(usage, promise, Fraction(money.number))

    def drawn(self, usage: Usage, tranche: str, credits: int) -> None:
        """Count credits drawn to the first such commitment that counts credits.

        Args:
          credits: Whole quanta; negative for a refund, which takes them back.
        """
        promise = self._holding(usage.date)
        if promise is not None:
            key = promise.fact.amount.currency, tranche
            self._count(usage, promise, self._each.get(key, Fraction(0)) * credits)

    def overdrawn(self, usage: Usage, money: Money) -> None:
        """Count what was billed for credits beyond the grants, as the credits would."""
        promise = self._holding(usage.date)
        if promise is not None and promise.fact.amount.currency == money.currency:
            self._count(usage, promise, Fraction(money.number))

    def _holding(self, day: datetime.date, currency: str = "") -> Promise | None:
        """Return the first promise whose term holds a day, None where none does.

        Args:
          currency: Of the purchase; "" for credits, which count where they count at all.
        """
        for promise in self._begun:
            fact = promise.fact
            counts = fact.amount.currency == currency if currency else fact.counts_credits
            if counts and fact.from_ <= day <= promise.to and not promise.ended:
                return promise
        return None

    def _count(self, usage: Usage, promise: Promise, amount: Fraction) -> None:
        promise.spent += amount
        self._release(usage.at, usage.date, promise, promise.release(), usage)

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

        Billed is only where the contract is take-or-pay, at the rate of its last day.

        Raises:
          Refusal: It is owed in another currency, and that day has no rate.
        """
        for promise in self._begun:
            fact = promise.fact
            if fact is not act.commitment or act.date != promise.to or promise.ended:
                continue
            short = round_to_quanta(promise.unspent, promise.scale)
            if short > 0 and fact.shortfall == "take-or-pay":
                self._ask(fact, act.date, from_quanta(short, promise.scale))
            self._release(fact.at, act.date, promise, promise.release_rest())
            promise.ended = True

    def _ask(self, fact: Commitment, date: datetime.date, short: Decimal) -> None:
        """Ask for a shortfall, in the currency of the promise."""
        currency, rule = fact.amount.currency, self.rules["shortfall"]
        if currency == self.terms.currency:
            self.emit(Shortfall(fact.at, date, rule, fact.commitment, short))
            return

        cited = joined((rule, self.rules["billed-abroad"]))

        def asked(amount: int, abroad: AtRate) -> Shortfall:
            number = from_quanta(amount, self.terms.scale)
            return Shortfall(fact.at, date, cited, fact.commitment, number, abroad)

        self.claims.bill(Money(short, currency), date, fact.at, asked)

    def cited(self, promise: Promise, rule: str) -> str:
        """Return what decides a release: what is carried keeps the rate of its event."""
        if promise.fact.amount.currency == self.terms.currency:
            return rule
        return joined((rule, self.rules["abroad"]))

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
                self.cited(promise, self.rules[rule]),
                promise.fact.commitment,
                usage.service if usage else "",
                (usage.import_id if usage else None) or "",
                from_quanta(amount, self.terms.scale),
                left_over,
            )
        )


def _counts(fact: Fact) -> TypeGuard[Commitment]:
    """Return whether a fact is a promise that counts credits as spent."""
    return isinstance(fact, Commitment) and fact.counts_credits


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
