"""Which paragraphs decide one entry, where more than its kind says so.

A stake is bought, marked and sold by the standard of the method it is carried by; what a
startup issues, by how it classifies it.  Credits are drawn by what was agreed of them,
whose cash stands behind them, and whether breakage is expected of them.  An entry cites
three paragraphs at most, those first that decide its amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from beanscrow.deal.terms import Forfeit, Grant, Stake
from beanscrow.policy.paragraphs import joined, named
from beanscrow.policy.schedule import CreditLeg, EscrowMode, StakeLeg, TrancheKind
from beanscrow.policy.tranche import Tranche

# Escrows out of which the provider's own cash goes free.
_PROVIDERS_CASH = ("provider", "trustee-provider")


class EventRules(NamedTuple):
    """What decides a contract event beside what its legs are worth.

    Attributes:
      issued: Whether these are the startup's books, which issue the shares.
      added: Whether credits of an earlier event were agreed before.
      abroad: Whether it is in another currency than the books.
    """

    rules: dict[str, str]
    issued: bool
    added: bool = False
    abroad: bool = False

    def stake(self, leg: StakeLeg) -> str:
        """Return what decides how a stake first stands in the books."""
        kinds = (leg.class_, leg.instrument) if self.issued else (leg.method,)
        return self.rules[named(self.rules, "purchase", *kinds)]

    def earned(self, leg: StakeLeg) -> str:
        """Return what decides shares earned as credits are drawn, or come into one's right."""
        if self.issued:
            return self.rules["earned"]
        return joined((self.rules["measured"], self.stake(leg)))

    def signing(
        self,
        stakes: Sequence[tuple[Stake, StakeLeg]],
        credits: Sequence[tuple[Grant, CreditLeg]],
        *,
        cash: bool,
        by_price: bool,
        promised: int,
        mode: EscrowMode,
    ) -> str:
        """Return what decides an event signed: which contract it is, and its measurement.

        Credits that come with shares are non-cash consideration (606-10-32-21; IFRS
        15.66), combined with the cash agreed beside them (606-10-25-9, 15-4; IFRS 15.17,
        15.7), apart from credits of before (606-10-25-12; IFRS 15.20) or blended with
        them (606-10-25-13(a); IFRS 15.21(a)); cash above what the shares are worth is
        paid to the customer (606-10-32-25, 32-26; IFRS 15.70, 15.71).

        Args:
          cash: Whether cash was paid beside what funds the credits' own escrow.
          by_price: Whether a stake is measured by the price of the credits.
          promised: What a promise to spend carries, by its sign.
        """
        rules = self.rules
        held = [self.stake(leg) for stake, leg in stakes if not stake.opening]
        unpriced = [(g, leg) for g, leg in credits if g.price is None and not g.opening]
        for_shares = [leg for _, leg in unpriced if leg.liability > 0]
        found: list[str] = []
        if unpriced and self.added and not self.issued:
            blends = any(grant.modification == "blend" for grant, _ in unpriced)
            found.append(rules["blend" if blends else "added"])
        if cash and unpriced:
            found.append(rules["combined"])
        if for_shares:
            found.append(self._measured(stakes, by_price))
        if promised > 0:
            found.append(rules[named(rules, "measured", "promise")])
        above = promised < 0 or any(self._paid_above(leg, mode) for _, leg in unpriced)
        if above:
            found.append(rules["consideration"])
        if any(leg.receivable for _, leg in credits):
            found.append(rules["prepaid"])
        if self.abroad:
            found.append(rules["abroad"])
        if cash and unpriced and not self.issued:
            found.append(rules["other-topic"])
        found += held
        if above and not self.issued:
            found.append(rules["not-distinct"])
        return joined(found)

    def _measured(self, stakes: Sequence[tuple[Stake, StakeLeg]], by_price: bool) -> str:
        if self.issued and all(is_debt(leg) for _, leg in stakes):
            return self.rules["prepaid"]
        return self.rules["measured-by-price" if by_price else "measured"]

    def drawn(
        self,
        grant: Grant,
        credit: CreditLeg,
        stakes: Sequence[StakeLeg],
        mode: EscrowMode,
        of_kind: TrancheKind,
    ) -> tuple[str, ...]:
        """Return the names of what decides draws of a grant, until its terms change.

        Args:
          of_kind: What pays for the tranche, with what was blended into it.
        """
        if of_kind == "promotional":
            return ("promotional",)
        kind = "drawn"
        priced = grant.price is not None and bool(grant.price.number)
        paid = of_kind == "prepaid" or (priced and not grant.opening)
        if self.issued and (paid or (stakes and all(is_debt(leg) for leg in stakes))):
            kind = "drawn, prepaid"
        elif not paid and mode == "startup":
            kind = "drawn, overpaid" if credit.upfront else "drawn, own-cash"
            if credit.liability > 0:
                return (kind, "drawn", *self._at_old_rate())
        elif not paid and self._paid_above(credit, mode):
            return ("drawn", "released", *self._at_old_rate())
        if grant.blends and grant.modification == "blend" and not self.issued:
            kind = "blend"
        return (kind, *self._at_old_rate())

    def _paid_above(self, credit: CreditLeg, mode: EscrowMode) -> bool:
        """Return whether the customer is paid more than its shares are worth.

        The startup's books have all that a trustee holds for it as prepaid.
        """
        return bool(credit.upfront) and not (self.issued and mode == "trustee-startup")

    def _at_old_rate(self) -> tuple[str, ...]:
        return ("abroad",) if self.abroad else ()


def is_debt(leg: StakeLeg) -> bool:
    """Return whether what a startup issued is owed: a note or SAFE it carries so."""
    return leg.class_ == "liability" and leg.instrument in ("note", "safe")


def amended(cited: tuple[str, ...]) -> tuple[str, ...]:
    """Return what decides draws once the terms of a tranche have changed.

    What is left of the price is spread anew (606-10-25-13(a); IFRS 15.21(a)).
    """
    if "promotional" in cited:
        return cited
    return ("blend", *(name for name in cited if name not in ("blend", "drawn")))


class Draws:
    """What decides draws and lapses, by what is true of their tranche."""

    def __init__(self, rules: dict[str, str], *, issued: bool) -> None:
        self.rules = rules
        self.issued = issued
        self._known: dict[tuple[str | None, tuple[str, ...], bool, bool], str] = {}

    def of(self, tranche: Tranche, escrow: int, rule: str | None = None) -> str:
        """Return what decides a draw, or days that pass.

        Args:
          escrow: Ring-fenced cash it sets free, in quanta.
          rule: What decides it in place of drawing ("606-10-25-14(b)"); to the startup,
            who has paid for it as for any other compute, nothing does.
        """
        if self.issued:
            rule = None
        if rule is None and tranche.waits:
            rule = self.rules["contract-asset"]
        key = rule, tranche.cited, bool(tranche.expected), self._frees(tranche, escrow)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._joined(*key)
        return found

    def lapsed(self, tranche: Tranche, escrow: int) -> str:
        """Return what decides what is left of a tranche on its last day."""
        promotional = tranche.kind == "promotional"
        lapsed = self.rules["promotional" if promotional else "lapsed"]
        return self._joined(
            lapsed, tranche.cited, expected=False, frees=self._frees(tranche, escrow)
        )

    def granted(self, tranche: Tranche, escrow: int) -> str:
        """Return what decides credits made available, and cash ring-fenced for them."""
        if tranche.kind == "promotional":
            return self.rules["promotional"]
        own = self.issued == (tranche.escrow_mode == "startup")
        if escrow and own:
            return self.rules["escrow"]
        prepaid = "drawn, prepaid" in tranche.cited
        return self.rules["prepaid" if prepaid else "granted"]

    def forfeited(
        self, fact: Forfeit, tranche: Tranche, stake: StakeLeg | None, *figures: int
    ) -> str:
        """Return what decides credits given up, by what is given for them.

        A startup that takes back its own shares books the difference in equity
        (260-10-S99-2; IAS 32.33), and one that takes back what it owes at fair value has
        settled it (405-20-40-1; IFRS 9.3.3.1); one that is paid, off the price of what it bought
        (705-20-25-1; IAS 2.11), or writes off what it has prepaid.

        Args:
          stake: What the shares handed back are of.
          figures: Ring-fenced cash it sets free, and the difference it leaves, in quanta.
        """
        escrow, difference = figures
        given_back = bool(fact.shares_returned or fact.cash)
        if self.issued and stake is not None and stake.class_ == "liability":
            name = "settled"
        elif self.issued and stake is not None:
            name = named(self.rules, "modification", stake.instrument)
        elif difference < 0:
            name = "consideration"
        else:
            name = "modification" if given_back and not self.issued else "breakage"
        return self._joined(self.rules[name], (), False, self._frees(tranche, escrow))

    def _frees(self, tranche: Tranche, escrow: int) -> bool:
        mine = not self.issued and tranche.escrow_mode in _PROVIDERS_CASH
        return bool(escrow) and mine

    def _joined(
        self, rule: str | None, cited: tuple[str, ...], expected: bool, frees: bool
    ) -> str:
        rules = self.rules
        own = [name for name in cited if name != "abroad"]
        last: list[str] = []
        if expected:
            # Breakage is recognised as credits are drawn, which goes without saying.
            last = [name for name in own if name == "drawn"]
            own = [*(name for name in own if name != "drawn"), "drawn, expected"]
        found = [rule] if rule is not None else [rules[name] for name in own]
        beside = [name for name in cited if name == "abroad"]
        if frees:
            beside.append("escrow")
        return joined(found + [rules[name] for name in (*beside, *last)])
