"""The equity method a second time: each line reckoned from where the books stood before.

share of result   ownership x result, less the basis difference by month (323-10-35-4,
                  35-13); down to zero, and below it as far as support is owed (35-19)
elimination       ownership x margin x what the investee carries, to date (35-7)
deemed sale       new% x (net assets + raised) - old% x net assets - the part of the
                  basis difference that goes (323-10-40-1)
exits             take their part of everything beside the stake
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from beancount.core.amount import Amount

from beanscrow.checks.directives import LEGS, Directive
from beanscrow.checks.equity_events import (
    FOLLOWS,
    STAKE,
    Booked,
    Event,
    events_of,
    gathered,
    stated_share,
)
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import round_to_quanta
from beanscrow.periods import months_ended

_BELOW = "loss-liability"
_EXITS = ("deal-sale", "deal-convert", "deal-forfeit", "deal-reclassify", "deal-control")


def misvalued(ledger: Ledger) -> Iterator[Problem]:
    """Yield the lines whose entries are not what the equity method makes of them."""
    for method in _methods(ledger):
        yield from method.reckon()


def asked(ledger: Ledger) -> Iterator[Problem]:
    """Yield the further purchases that leave a question of the equity method open."""
    for method in _gone_through(ledger):
        yield from method.asked


def losses_in_mind(ledger: Ledger) -> dict[str, Decimal]:
    """Return by deal what of losses is not booked, since the stake and support are nothing."""
    return {
        method.deal: Decimal(method.in_mind).scaleb(-ledger.scale)
        for method in _gone_through(ledger)
    }


def _gone_through(ledger: Ledger) -> Iterator[_Method]:
    """Yield each deal as it stands after its last line, whatever is wrong with any."""
    for method in _methods(ledger):
        for _ in method.reckon():
            pass
        yield method


def _methods(ledger: Ledger) -> Iterator[_Method]:
    if not ledger.chart.ever(STAKE):
        return
    for deal, booked in gathered(ledger).items():
        if ledger.chart.stands_as(deal, STAKE) == STAKE:
            yield _Method(deal, booked, ledger)


class _Component:
    """A component of a basis difference: quanta, life, and the part still held."""

    def __init__(self, event: Event, amount: int) -> None:
        years, months = event.number("life-years"), event.number("life-months")
        self.life = years * 12 if years is not None else months
        self.amount = amount
        self.since = event.directive.day("from") or event.date
        self.kept = Fraction(1)
        self.passed = 0

    def due(self, last: datetime.date) -> int:
        """Return what the months up to a day wear off, and take them as passed."""
        if self.life is None:
            return 0
        before = self._to_date()
        self.passed = max(self.passed, min(int(self.life), months_ended(self.since, last)))
        return self._to_date() - before

    def _to_date(self) -> int:
        assert self.life is not None
        return round_to_quanta(self.amount * self.kept * self.passed / self.life, 0)


class _Method:
    """One deal: what is booked beside its stake, and what should be; in quanta."""

    def __init__(self, deal: str, booked: Booked, ledger: Ledger) -> None:
        self.deal = deal
        self.ledger = ledger
        self.events = events_of(deal, booked, ledger)
        self.units = Decimal(0)
        self.carrying = self.deferred = self.owed = self.in_mind = self.lost = 0
        self.guaranteed = 0
        self.asked: list[Problem] = []
        self.eliminated: dict[str, int] = {}
        self.sales: dict[str, int] = {}
        self.components: list[_Component] = []
        legs = [e.directive for e in self.events if e.name in LEGS]
        signed = {leg.event for leg in legs if leg.booked}
        stakes = [it for it in legs if it.name == "deal-stake" and it.event in signed]
        self.shares = sorted(
            (it.date, share) for it in stakes if (share := stated_share(it)) is not None
        )

    def reckon(self) -> Iterator[Problem]:
        """Yield each line that is booked otherwise than it is reckoned."""
        for event in self.events:
            wanted = self._wanted(event)
            posted = {role: event.posted.get(role, 0) for role in FOLLOWS}
            yield from self._tested(event)
            self._stand(event)
            yield from self._compared(event, wanted, posted)

    def _stand(self, event: Event) -> None:
        self.units += event.units
        self.carrying += event.carrying
        self.deferred -= event.posted.get("deferred-profit", 0)
        self.owed -= event.posted.get(_BELOW, 0)

    def _tested(self, event: Event) -> Iterator[Problem]:
        """Yield an impairment that is not to the price stated, or reversed too far.

        What rises again does so by what was lost of the stake at most (IAS 36.117).
        """
        price, books = event.directive.amount(1), self.ledger.written.books
        tested = event.name == "deal-valuation" and event.directive.booked
        if not tested or price is None or price.number is None or not event.carrying:
            return
        if any(it.deal == self.deal for it in self.ledger.written.standing("deal-correct")):
            return  # what a correction makes of the stake is no event of its own here
        worth = self._quanta(Fraction(price.number) * Fraction(self.units))
        change = min(worth - self.carrying, self.lost)
        if books is not None and books.text("currency") != price.currency:
            change = event.carrying  # at a rate of its day
        self.lost -= change
        if change != event.carrying:
            yield problem(
                event.directive.at,
                "E630",
                f"this {event.name} changes the stake by {self._figure(event.carrying)}; "
                f"the directives make it {self._figure(change)}",
                self.deal,
            )

    def _compared(
        self, event: Event, wanted: dict[str, int], posted: dict[str, int]
    ) -> Iterator[Problem]:
        made: dict[str, int] = defaultdict(int)
        for role, amount in wanted.items():
            made[self.ledger.chart.stands_as(self.deal, role)] += amount
        for role in FOLLOWS:
            if made.get(role, 0) != posted[role]:
                beside = role in ("deferred-profit", _BELOW)
                code = "E631" if beside else "E630"
                if event.name in _EXITS:
                    code = "E632"
                yield problem(
                    event.directive.at,
                    code,
                    f"this {event.name} debits {self._figure(posted[role])} to {role}; the "
                    f"directives make it {self._figure(made.get(role, 0))}",
                    self.deal,
                )
                return

    # -- what a line should book -------------------------------------------------

    def _wanted(self, event: Event) -> dict[str, int]:
        """Return the debits a line should make by role, having taken in what it says."""
        match event.name:
            case "deal-result":
                return self._result(event)
            case "deal-elimination":
                return self._elimination(event)
            case "deal-dilution":
                return self._dilution(event)
            case "deal-guarantee":
                return self._guarantee(event)
            case "deal-basis":
                amount = self._quanta(event.amount())
                self.components.append(_Component(event, amount))
                return {}
            case name if name in _EXITS:
                return self._exit(event)
            case _:
                return self._arrived(event)

    def _result(self, event: Event) -> dict[str, int]:
        last = event.directive.day("to") or event.date
        share = self._quanta(event.amount() * self._share(event, last))
        share -= sum(component.due(last) for component in self.components)
        if share > 0:
            good = min(share, self.in_mind)
            self.in_mind -= good
            back = min(share - good, self.owed)
            return {"share-of-result": good - share, _BELOW: back}
        beyond = max(0, -share - self.carrying)
        owed = min(beyond, max(0, self._limit(event.date) - self.owed))
        self.in_mind += beyond - owed
        return {"share-of-result": -share - beyond + owed, _BELOW: -owed}

    def _elimination(self, event: Event) -> dict[str, int]:
        elected = self.ledger.written.elected
        rule = elected(self.deal, "equity-method-elim", "proportionate")
        part = self._share(event, event.date)
        part = {"full": Fraction(1), "none": Fraction(0)}.get(rule, part)
        asset = event.directive.text("asset") or "model"
        sold = self._quanta(event.amount() * part)
        to_date = self._quanta(event.amount() * part * (event.number("margin") or 0))
        change = to_date - self.eliminated.get(asset, 0)
        revenue = sold - self.sales.get(asset, 0)
        self.eliminated[asset], self.sales[asset] = to_date, sold
        deferred = (
            max(0, change - self.carrying) if change > 0 else max(change, -self.deferred)
        )
        back = min(self.owed, deferred - change) if change < 0 else 0
        beside = {"deferred-profit": -deferred, _BELOW: back}
        if elected(self.deal, "elim-presentation", "") == "revenue-cost":
            shown = {"revenue-elimination": revenue, "cost-elimination": change - revenue}
        else:
            shown = {"share-of-result": change}
        return shown | beside

    def _dilution(self, event: Event) -> dict[str, int]:
        value = event.directive.entry.values[1].value
        old, new = self._last(event.date), Fraction(value)
        if not old:
            return {}  # a share that is not known is refused
        assets = event.number("net-assets") or Fraction(0)
        raised = event.number("raised") or Fraction(0)
        net = Fraction(self.carrying - self.deferred - self.owed, 10**self.ledger.scale)
        gain = self._quanta(
            new * (assets + raised) - old * assets - (1 - new / old) * (net - old * assets)
        )
        profit = self._keep(new / old)
        self.shares.append((event.date, new))
        gain = max(gain, profit - self.carrying)
        back = min(self.owed, max(0, gain - profit))
        return {"dilution-gain": -gain, "deferred-profit": profit, _BELOW: back}

    def _guarantee(self, event: Event) -> dict[str, int]:
        self.guaranteed = self._quanta(event.amount())
        paid = self._quanta(event.number("paid") or Fraction(0))
        freed = self._freed(event.date, self.owed - paid)
        return {_BELOW: paid + freed, "share-of-result": -freed}

    def _arrived(self, event: Event) -> dict[str, int]:
        """Units come in, and what is owed for losses is settled out of them."""
        if event.name == "deal-stake" and event.units > 0 and self.units:
            self._ask(event)
        if not self.owed or (event.units <= 0 and not any(event.posted.values())):
            return {}
        came = self.carrying + event.carrying + event.posted.get(_BELOW, 0)
        came += event.posted.get("share-of-result", 0)
        settled = min(self.owed, max(0, came))
        freed = self._freed(event.date, self.owed - settled)
        return {_BELOW: settled + freed, "share-of-result": -freed}

    def _exit(self, event: Event) -> dict[str, int]:
        if event.units >= 0 or event.into or self.units <= 0:
            return {}  # another stake's, or what comes for it is carried so as well
        kept = Fraction(self.units + event.units) / Fraction(self.units)
        share = self._known(event.date)
        if share is not None:
            left = share * kept
            if event.name == "deal-forfeit":
                rest = 1 - share * (1 - kept)
                left = left / rest if rest else Fraction(0)
            self.shares.append((event.date, left))
        profit = self._keep(kept)
        return {"deferred-profit": profit, _BELOW: 0 if kept else self.owed}

    def _ask(self, event: Event) -> None:
        commodity = event.directive.amount(1)
        what = f"a further purchase of {commodity.currency if commodity else 'the stake'}"
        if stated_share(event.directive) is None:
            said = "and does not say which share of the investee is ours now: `ownership:`"
            self.asked.append(self._found(event, f"{what} {said}"))
        if self.in_mind:
            said = (
                f"while losses of {self._figure(self.in_mind)} are kept in mind; if it pays "
                "for them, they are to be taken up (323-10-35-29), with a deal-result"
            )
            self.asked.append(self._found(event, f"{what} {said}"))

    def _found(self, event: Event, words: str) -> Problem:
        return problem(event.directive.at, "F632", words, self.deal)

    # -- pieces --------------------------------------------------------------------

    def _keep(self, kept: Fraction) -> int:
        """Keep a part of what stands beside, and return the deferred profit that goes."""
        for component in self.components:
            component.kept *= kept
        for amounts in (self.eliminated, self.sales):
            for asset in amounts:
                amounts[asset] = round_to_quanta(amounts[asset] * kept, 0)
        self.in_mind = round_to_quanta(self.in_mind * kept, 0)
        self.lost = round_to_quanta(self.lost * kept, 0)
        return self.deferred - round_to_quanta(self.deferred * kept, 0)

    def _freed(self, date: datetime.date, owed: int) -> int:
        freed = max(0, owed - self._limit(date))
        self.in_mind += freed
        return freed

    def _limit(self, date: datetime.date) -> int:
        """Return what is guaranteed, and promised beyond the cash agreed by a day."""
        written = self.ledger.written
        deal = written.deals[self.deal]
        committed = deal.entry.meta.get("committed")
        if written.elected(self.deal, "loss-limit", "committed") != "committed":
            return self.guaranteed
        if not isinstance(committed, Amount) or committed.number is None:
            return self.guaranteed
        agreed = sum(
            (_money(it) for it in written.standing("deal-cash") if self._agreed(it, date)),
            Fraction(0),
        )
        promised = Fraction(committed.number) - agreed
        return self.guaranteed + self._quanta(max(Fraction(0), promised))

    def _agreed(self, cash: Directive, date: datetime.date) -> bool:
        return cash.deal == self.deal and cash.event <= date

    def _share(self, event: Event, date: datetime.date) -> Fraction:
        stated = stated_share(event.directive)
        if stated is None:
            return self._last(date)
        self.shares.append((date, stated))
        return stated

    def _last(self, date: datetime.date) -> Fraction:
        return self._known(date) or Fraction(0)

    def _known(self, date: datetime.date) -> Fraction | None:
        known = [entry for entry in self.shares if entry[0] <= date]
        latest = max((day for day, _ in known), default=None)
        return next((share for day, share in reversed(known) if day == latest), None)

    def _quanta(self, exact: Fraction) -> int:
        return round_to_quanta(exact, self.ledger.scale)

    def _figure(self, quanta: int) -> str:
        return figure(Decimal(quanta).scaleb(-self.ledger.scale))


def _money(directive: Directive) -> Fraction:
    amount = directive.amount(1)
    return Fraction(amount.number) if amount and amount.number else Fraction(0)
