"""Credits drawn, given back, drawn late, and billed where the grants run out."""

from __future__ import annotations

import datetime
from bisect import insort
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Agreement, Cost, Money, Usage
from beanscrow.money import WIDE, from_quanta, round_half_up, to_quanta, trimmed
from beanscrow.periods import DAY
from beanscrow.policy.billing import Billing
from beanscrow.policy.burn_down import ProRataDay, Slice, in_order, take_in_turn
from beanscrow.policy.citing import Draws
from beanscrow.policy.earning import Earning
from beanscrow.policy.exact import worth_in_quanta
from beanscrow.policy.foreign_claim import ForeignClaims
from beanscrow.policy.noncash import MeasuredDraws
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.schedule import Drawn, Event, PromotionServed
from beanscrow.policy.serving_cost import cost_in_force
from beanscrow.policy.terms_of_side import SideTerms
from beanscrow.policy.tranche import Tranche

_NEVER = datetime.date.max
_new = tuple.__new__


class _Queue(NamedTuple):
    """Tranches in the order of the day, good until the day before `until`."""

    tranches: list[Tranche]
    until: datetime.date


class Drawdowns:
    """All draws of one deal; `emit` receives the events in the order they happen.

    `promised` tells whether a commodity is credits of some grant of the deal, whether
    that took effect or not: such a usage is never taken for one in money.
    Units are whole quanta of 10^-unit_scale; the finest any amount of credits of the
    deal is written in has `written` decimals.
    """

    def __init__(
        self,
        agreement: Agreement,
        terms: SideTerms,
        rules: dict[str, str],
        unit_scale: int,
        written: int,
        promised: Callable[[str], bool],
        emit: Callable[[Event], None],
        claims: ForeignClaims,
    ) -> None:
        self.deal = agreement.deal
        self.billing = Billing(agreement, terms, rules, claims, emit)
        self.terms = terms
        self.rules = rules
        self.unit_scale = unit_scale
        # Credits are shared as finely as they are written, however finely days are.
        self._shared_by = 10 ** (unit_scale - written)
        self._written = written
        self.emit = emit
        self._promised = promised
        self.tranches: dict[str, Tranche] = {}
        self.commodities: dict[str, list[Tranche]] = {}
        self.costs = [fact for fact in agreement.facts if isinstance(fact, Cost)]
        self.promotion_cost: dict[str, tuple[Fraction, int]] = {}
        self.boundaries: dict[str, list[datetime.date]] = {}
        self._shared = terms.consumption_order == "pro-rata"
        self.cited = Draws(rules, issued=terms.side == "startup")
        self._nothing = from_quanta(0, terms.scale)
        # Told of every draw of a tranche, refunds included; empty where no promise
        # counts credits.
        self.drawers: list[Callable[[Usage, str, int], None]] = []
        # Shares that draws earn, and draws that shares of their day measure, by tranche.
        self.earnings: dict[str, Earning] = {}
        # Last day on which the startup was a customer and no subsidiary.
        self.ends_on: datetime.date | None = None
        self.measured: dict[str, MeasuredDraws] = {}
        # What a credit cost when some were billed beyond the grants: of each usage.
        self.billed_at: dict[tuple[Position, datetime.date, str], Money] = {}
        self._queues: dict[str, _Queue] = {}
        self._pro_rata: dict[str, ProRataDay] = {}
        self._last_boundary: dict[str, datetime.date] = {}

    # -- tranches ----------------------------------------------------------------

    def add(self, tranche: Tranche, *days: datetime.date) -> None:
        """Let a tranche be drawn; `days` are boundaries no usage may straddle."""
        self.tranches[tranche.name] = tranche
        self.commodities.setdefault(tranche.commodity, []).append(tranche)
        self.bound(tranche.commodity, *days)

    def bound(self, commodity: str, *days: datetime.date) -> None:
        """Note days a usage may not straddle, and forget the queue made before them."""
        known = self.boundaries.setdefault(commodity, [])
        for day in days:
            if day not in known:
                insort(known, day)
        if known:
            self._last_boundary[commodity] = known[-1]
        self.forget(commodity)

    def forget(self, commodity: str) -> None:
        """Forget the order made for a commodity, because what it rests on has changed."""
        self._queues.pop(commodity, None)
        self._pro_rata.pop(commodity, None)

    def next_expiry(self) -> datetime.date:
        """Return the next day a tranche with anything left expires, or the end of time."""
        return min(
            (
                tranche.expires
                for tranche in self.tranches.values()
                if tranche.expires and tranche.came and not tranche.lapsed
            ),
            default=_NEVER,
        )

    # -- use ---------------------------------------------------------------------

    def use(self, usage: Usage) -> None:
        """Draw what a usage says, or bill it where it is in money.

        Raises:
          Refusal: More than the grants have left under `overage: "refuse"`, or a
            period that straddles a boundary; nothing of the usage is booked.
        """
        _, day, _, (number, commodity), _, from_, of, named, *_ = usage
        if commodity not in self.commodities:
            self.check_is_money(usage)
            if self.ends_on is not None and from_ is not None and from_ <= self.ends_on:
                raise _straddles(usage, self.ends_on + DAY, "who is sold to changes")
            self.billing.bill_usage(usage)
            return
        if from_ is not None and from_ < self._last_boundary[commodity]:
            self._check_boundaries(usage, commodity)
        credits = to_quanta(number, self.unit_scale)
        if of is None and named is None and not self._shared:
            queue = self._queue(commodity, day)
            if queue and queue[0].held > credits:
                # Nearly every usage of a ledger: one tranche that does not run out.
                self.draw(usage, queue[0], credits, number)
                return
            slices, rest = self._in_turn(queue, credits)
            self._queues.pop(commodity, None)
        elif of is not None:
            slices, rest = self._late_slices(usage, commodity, credits)
        elif named is not None:
            slices, rest = self._from_one(usage, credits)
        else:
            queue = self._queue(commodity, day)
            self._check_worths(usage, queue)
            slices, rest = self._pro_rata_slices(commodity, day, queue, credits)
        if rest:
            self._check_overage(usage, commodity, credits, rest)
        self._check_worths(usage, [tranche for tranche, _ in slices])
        if len(slices) == 1 and not rest:
            # The user's own digits stand where one tranche takes all of it.
            self.draw(usage, slices[0][0], credits, number)
        else:
            for tranche, part in slices:
                self.draw(usage, tranche, part, from_quanta(part, self.unit_scale))
        if rest:
            self._bill_overage(usage, commodity, rest)

    def check_is_money(self, usage: Usage) -> None:
        """Make sure that a usage is no credits of a grant that never took effect.

        Raises:
          Refusal: It is; none can be drawn or given back.
        """
        _, day, _, (_, commodity), *_ = usage
        if self._promised(commodity):
            raise Refusal(
                "E302", f"no {commodity} have been granted by {day}, so none can be drawn"
            )

    def _queue(self, commodity: str, day: datetime.date) -> list[Tranche]:
        queue = self._queues.get(commodity)
        if queue is not None and day < queue.until:
            return queue.tranches
        until = _NEVER
        eligible = []
        for tranche in self.commodities[commodity]:
            if tranche.effective > day:
                until = min(until, tranche.effective)
            elif tranche.expires is None or day <= tranche.expires:
                if tranche.held > 0:
                    eligible.append(tranche)
                if tranche.expires is not None and tranche.expires != _NEVER:
                    until = min(until, tranche.expires + DAY)
        found = in_order(eligible, self.terms.consumption_order)
        self._queues[commodity] = _Queue(found, until)
        return found

    @staticmethod
    def _in_turn(queue: list[Tranche], credits: int) -> tuple[list[Slice], int]:
        slices = take_in_turn(queue, credits)
        return slices, credits - sum(part for _, part in slices)

    def _pro_rata_slices(
        self, commodity: str, day: datetime.date, queue: list[Tranche], credits: int
    ) -> tuple[list[Slice], int]:
        shared = self._pro_rata.get(commodity)
        if shared is None or shared.day != day:
            self._queues.pop(commodity, None)
            queue_of_day = self._queue(commodity, day)
            shared = ProRataDay(day, queue_of_day, self._shared_by)
            self._pro_rata[commodity] = shared
        left = sum(tranche.held for tranche in queue)
        part = min(credits, left)
        if part < credits:
            if self.deal.overage != "bill":
                return [], credits - left
            self.overage_price(commodity)  # before anything of the day is taken
        return shared.take(part), credits - part

    def _from_one(self, usage: Usage, credits: int) -> tuple[list[Slice], int]:
        tranche = self.tranches.get(usage.tranche or "")
        day = usage.date
        if tranche is None or tranche.effective > day:
            raise Refusal(
                "E302",
                f"tranche {usage.tranche} cannot be drawn on {day}; tranches of the deal: "
                f"{self._list_tranches(usage.quantity.currency)}",
            )
        self.forget(tranche.commodity)
        return self._in_turn([tranche], credits)

    def _late_slices(
        self, usage: Usage, commodity: str, credits: int
    ) -> tuple[list[Slice], int]:
        """Return what a late row takes, eligible as of its service date."""
        of = usage.of
        assert of is not None
        self.forget(commodity)
        eligible = [
            tranche
            for tranche in self.commodities[commodity]
            if tranche.effective <= of
            and tranche.granted_on <= of
            and (tranche.expires is None or of <= tranche.expires)
            and (usage.tranche is None or tranche.name == usage.tranche)
        ]
        slices: list[Slice] = []
        for tranche in in_order(eligible, self.terms.consumption_order):
            part = min(credits, tranche.expired if tranche.lapsed else tranche.held)
            if part > 0:
                slices.append((tranche, part))
                credits -= part
        return slices, credits

    def draw(
        self,
        usage: Usage,
        tranche: Tranche,
        credits: int,
        number: Decimal,
        rule: str | None = None,
    ) -> None:
        """Draw credits from one tranche, or give them back, and say what it recognises.

        Args:
          credits: Whole quanta; negative gives back.
          number: The same as it is to be written.
          rule: The paragraph, where it is none of drawing at will.
        """
        gross = 0
        earning = self.earnings.get(tranche.name) if tranche.kind == "earning" else None
        if credits > 0:
            self._check_worths(usage, (tranche,))
        if earning is not None and credits > 0:
            earning.receive(usage)
        if tranche.lapsed:
            price, breakage, gross = tranche.draw_lapsed(credits)
            escrow = 0
        else:
            price, breakage, escrow = tranche.draw(credits)
        prepaid = 0 if tranche.origins is None else tranche.origins.use(price)
        at, day, _, _, service, _, _, _, import_id, *_ = usage
        shift = -self.terms.scale
        self.emit(
            _new(
                Drawn,
                (
                    at,
                    day,
                    self.cited.of(tranche, escrow, rule),
                    tranche.name,
                    service,
                    import_id or "",
                    number,
                    Decimal(price).scaleb(shift, WIDE),
                    Decimal(breakage).scaleb(shift, WIDE) if breakage else self._nothing,
                    Decimal(escrow).scaleb(shift, WIDE) if escrow else self._nothing,
                    "Expired" if tranche.lapsed else "Held",
                    Decimal(gross).scaleb(shift, WIDE) if gross else self._nothing,
                    Decimal(prepaid).scaleb(shift, WIDE) if prepaid else self._nothing,
                ),
            )
        )
        if earning is not None:
            earning.earn(usage, number)
        elif self.measured and (measured := self.measured.get(tranche.name)):
            measured.deliver(usage, credits, price)
        for drawer in self.drawers:
            drawer(usage, tranche.name, credits)
        if tranche.kind == "promotional" and self.terms.promotion_to_marketing:
            self._promote(usage, tranche, number)

    def _check_worths(self, usage: Usage, tranches: Iterable[Tranche]) -> None:
        """Make sure that what draws are worth on their day is known before any is made.

        Raises:
          Refusal: What the shares are valued in is not the money of the books.
        """
        if not self.measured and not self.earnings:
            return
        day = usage.of or usage.date
        for tranche in tranches:
            if (measured := self.measured.get(tranche.name)) is not None:
                measured.price.on(tranche.name, day)
            earning = self.earnings.get(tranche.name)
            if earning is not None and earning.worth_on is not None:
                earning.worth_on(day)

    def _promote(self, usage: Usage, tranche: Tranche, number: Decimal) -> None:
        """Move the cost of promotional credits to marketing, by election."""
        each = cost_in_force(self.costs, usage.date, usage.service)
        if each is None:
            return
        exact, booked = self.promotion_cost.get(tranche.name, (Fraction(0), 0))
        exact += Fraction(number) * Fraction(each.number) * 10**self.terms.scale
        to_date = round_half_up(exact.numerator, exact.denominator)
        self.promotion_cost[tranche.name] = exact, to_date
        self.emit(
            PromotionServed(
                usage.at,
                usage.date,
                self.rules["promotional"],
                tranche.name,
                usage.service,
                number,
                from_quanta(to_date - booked, self.terms.scale),
            )
        )

    # -- billing -----------------------------------------------------------------

    def overage_price(self, commodity: str) -> Money:
        """Return what one credit beyond the grants costs."""
        faces = (tranche.face for tranche in self.commodities[commodity])
        return self.billing.overage_price(commodity, faces)

    def _check_overage(self, usage: Usage, commodity: str, credits: int, rest: int) -> None:
        if self.deal.overage == "bill":
            price = self.overage_price(commodity)
            self.billing.check_overage(usage, price)
            worth = Fraction(price.number) * rest / 10**self.unit_scale
            worth_in_quanta(worth, self.terms.scale)
            return
        drawable, excess = self._shown(credits - rest), self._shown(rest)
        raise Refusal(
            "E301",
            f"{usage.quantity.number:,f} {commodity} is {excess:,f} more than is left; "
            f"left on {usage.of or usage.date}: {self._list_tranches(commodity)}. Nothing of "
            'this usage is booked; say `overage: "bill"` on the deal to bill the excess, or '
            f"split it: {drawable:,f} {commodity} here and the rest in money",
        )

    def _bill_overage(self, usage: Usage, commodity: str, rest: int) -> None:
        credits = from_quanta(rest, self.unit_scale)
        price = self.overage_price(commodity)
        self.billed_at[usage.at, usage.date, usage.import_id or ""] = price
        money = self.billing.cost_of(credits, price)
        self.billing.bill(usage, money, credits, commodity)

    # -- words -------------------------------------------------------------------

    def _check_boundaries(self, usage: Usage, commodity: str) -> None:
        last = usage.of or usage.date
        for day in self.boundaries.get(commodity, ()):
            if usage.from_ is not None and usage.from_ < day <= last:
                raise _straddles(usage, day, "the credits that can be drawn change")

    def _shown(self, credits: int) -> Decimal:
        """Return credits as finely as they are written, more finely only where they are."""
        return trimmed(from_quanta(credits, self.unit_scale), self._written)

    def _list_tranches(self, commodity: str) -> str:
        found = self.commodities.get(commodity, [])
        return (
            ", ".join(
                f"{t.name} {self._shown(t.held):,f}"
                + (
                    f" (lapsed {t.expires})"
                    if t.lapsed
                    else f" (from {t.effective})"
                    + (f" until {t.expires}" if t.expires else "")
                )
                for t in sorted(found, key=lambda t: t.name)
            )
            or "none"
        )


def _straddles(usage: Usage, day: datetime.date, what: str) -> Refusal:
    """Return the refusal of a usage that runs over a day on which something changes."""
    last = usage.of or usage.date
    return Refusal(
        "E307",
        f"the usage runs from {usage.from_} to {last} over {day}, when {what}; split at "
        f"{day}",
    )
