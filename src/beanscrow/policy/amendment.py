"""What changes while a tranche lives: the provider's estimate, and the contract's terms."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Amend, Estimate, Money
from beanscrow.money import from_quanta, places, to_quanta
from beanscrow.policy.citing import amended
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.exact import exact_money
from beanscrow.policy.financed_tranche import FinancedTranche
from beanscrow.policy.measurement import STARTUPS_CASH
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import EscrowChanged, Event, Reestimated
from beanscrow.policy.standing import expected_breakage
from beanscrow.policy.terms_of_side import SideTerms
from beanscrow.policy.tranche import Tranche

_NO_MONEY = "it changes terms and moves no money"
_NO_CHANGE = "the estimate changes nothing recognised yet"


class Amendments:
    """Estimates and amendments of one deal; `leave` takes what books nothing, and why."""

    def __init__(
        self,
        terms: SideTerms,
        rules: dict[str, str],
        draws: Drawdowns,
        named: Callable[[str | None, datetime.date], Tranche],
        emit: Callable[[Event], None],
        leave: Callable[[Position, str], None],
    ) -> None:
        self.terms = terms
        self.rules = rules
        self.draws = draws
        self.named = named
        self.emit = emit
        self.leave = leave

    def estimate(self, estimate: Estimate) -> None:
        """Recognise the cumulative catch-up of a new estimate of breakage.

        A new measure of progress is a change in estimate, which acts on its own day
        (606-10-25-35; IFRS 15.43; 250-10-45-17; IAS 8.36).  Under
        the remote method an estimate of breakage is kept for disclosure only, and
        what is judged remote is recognised at once (606-10-55-48).

        Raises:
          Refusal: The tranche is not there, `remote:` is given under the
            proportional method, or more is estimated than there is.
        """
        tranche = self.named(estimate.tranche, estimate.date)
        _check_granted(tranche, estimate.date)
        remote = tranche.base_remote
        if estimate.remote is not None:
            if self.terms.proportional:
                raise Refusal(
                    "E308",
                    "`remote:` belongs to the remote method and this deal's breakage is "
                    "proportional; write the estimate as `breakage:`",
                )
            remote = to_quanta(estimate.remote.number, self.draws.unit_scale)
            if remote > tranche.held and not tranche.lapsed:
                raise self._more_than("judged remote", estimate.remote, "holds", tranche)
        if self.terms.proportional and tranche.escrow_mode in STARTUPS_CASH:
            # Revenue would run ahead of the startup's cash: a contract asset.
            raise not_built(
                "proportional breakage of credits whose escrow is the startup's"
            )
        # What is judged remote is expected never to be drawn, under either name.
        expected = Fraction(0) if estimate.remote is None else Fraction(remote)
        if estimate.breakage is not None:
            expected = max(expected, self._credits(estimate.breakage, tranche))
        if tranche.lapsed:
            tranche.expected_disclosed = expected
            self.leave(estimate.at, "the tranche has lapsed")
            return
        in_force = expected if self.terms.proportional else Fraction(0)
        change = tranche.reestimate(in_force, remote)
        tranche.expected_disclosed = expected
        if not change:
            self.leave(estimate.at, _NO_CHANGE)
        # A new measure of progress, or what is remote by now, recognised as it is judged.
        rule = "estimate" if self.terms.proportional else "breakage"
        self._reestimated(estimate, tranche, change, rule)

    def _reestimated(
        self, source: Estimate | Amend, tranche: Tranche, change: int, rule: str
    ) -> None:
        self.emit(
            Reestimated(
                source.at,
                source.date,
                self.rules[rule],
                tranche.name,
                from_quanta(change, self.terms.scale),
                from_quanta(expected_breakage(tranche), self.draws.unit_scale),
            )
        )

    def amend(self, amend: Amend) -> None:
        """Change a tranche's terms from its day on; what is left of it is re-based.

        The remaining credits are distinct from those drawn, so the price not yet
        recognised is spread over them (606-10-25-13(a)).  A change of `priority` or
        `escrow` alone is none of the price's.

        Raises:
          Refusal: The tranche has lapsed, or would before the amendment, or more
            breakage is expected than was granted.
        """
        tranche = self.named(amend.tranche, amend.date)
        if tranche.lapsed or (amend.expires and amend.expires < amend.date):
            ended = (
                f"lapsed on {tranche.expires}"
                if tranche.lapsed
                else f"would expire on {amend.expires}"
            )
            raise Refusal(
                "E309",
                f"tranche {tranche.name} {ended}, before the amendment of {amend.date}; "
                "grant new credits instead",
            )
        if amend.escrow is not None and tranche.escrow_mode in STARTUPS_CASH:
            raise not_built("an amendment of an escrow that is the startup's")
        moves = amend.expires or amend.effective or amend.breakage is not None
        if tranche.leased and moves:
            raise not_built(f"an amendment of {tranche.name}, which has a lease in it")
        if isinstance(tranche, FinancedTranche) and moves:
            raise not_built(
                "an amendment of when credits with a financing component are due"
            )
        # What the provider expects is no fact of the startup's.
        expected = None
        if amend.breakage is not None and self.terms.side == "provider":
            _check_granted(tranche, amend.date)
            expected = self._credits(amend.breakage, tranche)
        escrow = _escrow_agreed(amend, tranche, self.terms)
        days = [amend.date]
        if amend.expires is not None:
            tranche.expires = amend.expires
        if amend.effective is not None:
            tranche.effective = amend.effective
            days.append(amend.effective)
        if amend.priority is not None:
            tranche.priority = amend.priority
        if amend.expires or amend.effective or expected is not None:
            tranche.rebase()
            if self.terms.side == "provider":
                tranche.cited = amended(tranche.cited)
            if expected is not None:
                tranche.expected_disclosed = expected
                if self.terms.proportional:
                    tranche.expected = tranche.expected_disclosed
            tranche.expected = min(tranche.expected, Fraction(tranche.base_credits))
        if expected is not None:
            self._reestimated(amend, tranche, 0, "blend")
        self.draws.bound(tranche.commodity, *days)
        change = 0 if escrow is None else tranche.change_escrow(escrow)
        if change and tranche.foreign is not None:
            change = -tranche.foreign.release(-change)
        if not change:
            self.leave(amend.at, _NO_MONEY)
            return
        self.emit(
            EscrowChanged(
                amend.at,
                amend.date,
                self.rules["escrow"],
                tranche.name,
                from_quanta(change, self.terms.scale),
            )
        )

    def _credits(self, breakage: Decimal | Money, tranche: Tranche) -> Fraction:
        """Return an estimate in credit quanta; a fraction is of the original grant."""
        granted = tranche.granted + tranche.moved_in
        if not isinstance(breakage, Money):
            return Fraction(breakage) * granted
        credits = Fraction(breakage.number) * Fraction(10**self.draws.unit_scale)
        if credits > granted:
            raise self._more_than("expected never to be drawn", breakage, "had", tranche)
        return credits

    def _more_than(self, what: str, stated: Money, verb: str, tranche: Tranche) -> Refusal:
        """Return the refusal of an estimate of more credits than a tranche holds, or had."""
        quanta = tranche.held if verb == "holds" else tranche.granted + tranche.moved_in
        return Refusal(
            "E317",
            f"{stated.number:f} {stated.currency} are {what}, and tranche {tranche.name} "
            f"{verb} {from_quanta(quanta, self.draws.unit_scale):f}; write at most those",
        )


def _check_granted(tranche: Tranche, date: datetime.date) -> None:
    """Refuse an estimate of credits that come later than it, of which it would say nothing."""
    if tranche.granted_on > date:
        raise Refusal(
            "E302",
            f"tranche {tranche.name} is granted on {tranche.granted_on}, after the estimate "
            f"of {date}; estimate it on that day or later",
        )


def _escrow_agreed(amend: Amend, tranche: Tranche, terms: SideTerms) -> int | None:
    """Return an escrow agreed anew in quanta of the currency it was set aside in.

    None where none is, or where it is the provider's cash in a currency that the
    startup's books need no rate of.
    """
    foreign, money = tranche.foreign, amend.escrow
    if money is None or (terms.side == "startup" and money.currency != terms.currency):
        return None
    if foreign is None:
        return exact_money(money, terms, amend.at)
    if money.currency != foreign.currency or places(money.number) > foreign.scale:
        raise not_built(
            f"an escrow of {money.number:f} {money.currency} in place of one in "
            f"{foreign.currency} to {foreign.scale} decimals"
        )
    return to_quanta(money.number, foreign.scale)
