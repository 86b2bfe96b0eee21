"""Contracts that will cost more than they bring in: the loss provided for, and released.

Under IFRS the unavoidable cost of credits still owed, above the price still to be
recognised for them, is a provision (IAS 37.66 to 37.69).  It is reckoned at the end of
each day, contract by contract, rounded once, and an entry is its change; so as credits
are drawn, lapse or are given up the provision falls with them, and is nothing when none
is left (IAS 37.59).  US GAAP has no general rule for such contracts, and none is made up
here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Onerous
from beanscrow.money import from_quanta, round_half_up, round_to_quanta
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.terms_of_side import SideTerms

if TYPE_CHECKING:
    from beanscrow.policy.tranche import Tranche

_EVERY = ""
_SAME = "what it provides for is provided already"


class OnerousProvided(NamedTuple):
    """A change of what is provided for the rest of a contract, at the end of a day.

    Attributes:
      tranche: Tranche it is about; "" for every contract of the deal by itself.
      owed: Credits of the contracts that lose money, as far as they are expected to be
        drawn; `to_come`, the price still to be recognised for them.
      per_credit: Unavoidable cost of one.
      change: Of the provision; negative where it is released.
    """

    at: Position
    date: datetime.date
    rule: str
    tranche: str
    owed: Decimal
    per_credit: Decimal
    to_come: Decimal
    change: Decimal


class OnerousContracts:
    """The onerous contracts of one deal; `emit` receives each change of a provision."""

    def __init__(
        self,
        terms: SideTerms,
        rules: dict[str, str],
        unit_scale: int,
        tranches: dict[str, Tranche],
        agreed: dict[str, datetime.date],
        emit: Callable[[OnerousProvided], None],
        leave: Callable[[Position, str], None],
    ) -> None:
        self.terms = terms
        self.rules = rules
        self.unit_scale = unit_scale
        self.tranches = tranches
        # The contract event of each tranche: what is agreed on one day is one contract.
        self.agreed = agreed
        self.emit = emit
        self.leave = leave
        # The newest judgement of each contract, by tranche; what is provided by it.
        self.judged: dict[str, Onerous] = {}
        self._provided: dict[str, int] = {}
        self._settled: set[Onerous] = set()
        self._day = datetime.date.min

    def judge(self, fact: Onerous) -> None:
        """Take the unavoidable cost of a credit from a day on; zero ends the judgement.

        Raises:
          Refusal: The books are kept under US GAAP, the credits are no contract of their
            own, or they stand in another contract that is judged.
        """
        self._check(fact)
        self.turn_to(fact.date)
        name = fact.tranche or _EVERY
        before = self.judged.get(name)
        if before is not None and before not in self._settled:
            self.leave(before.at, "a later line of the day judges the same contract")
        self.judged[name] = fact

    def _check(self, fact: Onerous) -> None:
        if self.terms.framework != "ifrs":
            raise Refusal(
                "E330",
                "an onerous contract is provided for under IFRS (IAS 37.66), and these books "
                "are kept under US GAAP, which has no general rule for it; take the line out: "
                "`beanscrow report margin --by deal` shows the loss",
            )
        if fact.per_credit.currency != self.terms.currency:
            raise Refusal(
                "E331",
                f"the cost of a credit is in {fact.per_credit.currency}; write it in "
                f"{self.terms.currency}, the money of these books, in which the provision "
                "is kept",
            )
        for other, was in self.judged.items():
            if (other == _EVERY) is not bool(fact.tranche) or not was.per_credit.number:
                continue
            raise Refusal(
                "E332",
                f"{fact.tranche or 'the whole deal'} is judged onerous, and "
                f"{other or 'the whole deal'} has been since {was.date}; a credit would be "
                "provided for twice: judge the deal or its tranches, or end that with a cost "
                "of zero",
            )
        for tranche in self._of(fact):
            if tranche.kind == "earning":
                raise not_built("an onerous contract whose shares are earned as drawn")
            if tranche.escrow_mode in ("startup", "trustee-startup"):
                raise not_built("an onerous contract whose escrow is the startup's")
        if fact.tranche and self.tranches[fact.tranche].kind == "promotional":
            raise Refusal(
                "E333",
                f"the credits of {fact.tranche} are free: without a contract with a customer "
                "none can be onerous; take the line out",
            )

    def turn_to(self, day: datetime.date) -> None:
        """Provide for what the day before `day` has left, once it is over."""
        if self._day < day:
            self.settle()
            self._day = day

    def settle(self) -> None:
        """Bring every provision to what it is at the end of the day."""
        for name, fact in sorted(self.judged.items()):
            self._settle(name, fact)

    def _settle(self, name: str, fact: Onerous) -> None:
        each = Fraction(fact.per_credit.number) * Fraction(
            10**self.terms.scale, 10**self.unit_scale
        )
        loss = owed = Fraction(0)
        to_come = 0
        for contract in self._contracts(fact):
            held = sum((it.held - _never_drawn(it) for it in contract), Fraction(0))
            price = sum(tranche.unrecognised for tranche in contract)
            if held * each > price:
                loss += held * each - price
                owed += held
                to_come += price
        provision = round_half_up(loss.numerator, loss.denominator)
        change = provision - self._provided.get(name, 0)
        first = fact not in self._settled
        self._settled.add(fact)
        if not change:
            if first:
                covered = "the price to come covers the cost of the credits owed"
                self.leave(fact.at, _SAME if provision else covered)
            return
        self._provided[name] = provision
        scale = self.terms.scale
        self.emit(
            OnerousProvided(
                fact.at,
                self._day,
                self.rules["onerous" if change > 0 else "onerous-release"],
                name,
                from_quanta(round_to_quanta(owed, 0), self.unit_scale),
                fact.per_credit.number,
                from_quanta(to_come, scale),
                from_quanta(change, scale),
            )
        )

    def _contracts(self, fact: Onerous) -> Iterable[list[Tranche]]:
        """Return the tranches of each contract a judgement is about."""
        found: dict[datetime.date, list[Tranche]] = {}
        for tranche in self._of(fact):
            found.setdefault(self.agreed[tranche.name], []).append(tranche)
        return found.values()

    def _of(self, fact: Onerous) -> list[Tranche]:
        """Return the tranches a judgement is about; free credits are in no contract."""
        if fact.tranche:
            return [self.tranches[fact.tranche]]
        return [it for it in self.tranches.values() if it.kind != "promotional"]


def _never_drawn(tranche: Tranche) -> Fraction:
    """Return the credits held that are expected never to be drawn, in unit quanta."""
    return min(Fraction(tranche.held), tranche.expected_disclosed)
