"""What a negative usage takes back: slices of earlier draws, in reverse, and bills.

What was drawn is read off the schedule itself, and only when the first refund
comes: most lives have none.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Money, Usage
from beanscrow.money import WIDE, from_quanta, places, to_quanta, trimmed
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.exact import exact_money
from beanscrow.policy.rates import LEAST_DECIMALS
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.schedule import Billed, Drawn, Event

_Usage = tuple[Position, datetime.date, str]


class _Record:
    """What one usage took and has not given back: slices in order, then the bill.

    A credit note is at the price that was billed, whatever a credit costs by then.
    """

    __slots__ = ("billed", "billed_credits", "each", "slices")

    def __init__(self, each: Money | None) -> None:
        self.each = each
        self.slices: list[tuple[str, int]] = []
        self.billed_credits = 0
        # In the currency of the overage.
        self.billed = Decimal(0)

    @property
    def credits(self) -> int:
        return self.billed_credits + sum(credits for _, credits in self.slices)


class Refunds:
    """The refunds of one deal, over the events booked so far."""

    def __init__(self, draws: Drawdowns, events: list[Event]) -> None:
        self.draws = draws
        self.events = events
        self._read = 0
        # By commodity and service, in the order drawn; keyed by import-id beside it.
        self._records: dict[tuple[str, str], dict[_Usage, _Record]] = {}
        # The same, less those at the end of which nothing is left to take back.
        self._newest: dict[tuple[str, str], list[_Record]] = {}
        self._named: dict[str, _Record] = {}
        self._billed: dict[tuple[str, str], Decimal] = {}

    def refund(self, usage: Usage) -> None:
        """Give back what a negative usage says: the slices of the usage it names, else
        the newest of its service first, each in the reverse of the order taken.

        Raises:
          Refusal: More than was drawn, or from a tranche that has no such credits
            any more; nothing of the refund is booked.
        """
        self._read_events()
        commodity = usage.quantity.currency
        if commodity not in self.draws.commodities:
            self.draws.check_is_money(usage)
            self._refund_money(usage)
        else:
            plan = self._plan(usage, commodity)
            self._check_restorable(plan)
            self._check_rate(usage, plan)
            for record, credits in plan:
                self._give_back(usage, record, credits, commodity)
            self.draws.forget(commodity)
        # What the refund itself emitted is no draw to take back.
        self._read = len(self.events)

    def _read_events(self) -> None:
        draws = self.draws
        for event in self.events[self._read :]:
            if isinstance(event, Drawn):
                # Negative only for a quantum a pro-rata day gave back (burn_down).
                commodity = draws.tranches[event.tranche].commodity
                credits = to_quanta(event.credits, draws.unit_scale)
                self._record(commodity, event).slices.append((event.tranche, credits))
            elif isinstance(event, Billed):
                number, currency = self._money_of(event)
                if event.credits:
                    record = self._record(event.commodity, event)
                    record.billed_credits += to_quanta(event.credits, draws.unit_scale)
                    record.billed = WIDE.add(record.billed, number)
                else:
                    before = self._billed_for(event.service, currency)
                    self._billed[event.service, currency] = WIDE.add(before, number)

        self._read = len(self.events)

    def _record(self, commodity: str, event: Drawn | Billed) -> _Record:
        """Return what is kept of the usage an event comes from, new or known."""
        records = self._records.setdefault((commodity, event.service), {})
        usage_id = event.usage_id
        at = event.at, event.date, usage_id
        record = records.get(at)
        if record is None:
            record = records[at] = _Record(self.draws.billed_at.get(at))
            self._newest.setdefault((commodity, event.service), []).append(record)
            if usage_id:
                self._named[usage_id] = record
        return record

    def _plan(self, usage: Usage, commodity: str) -> list[tuple[_Record, int]]:
        scale = self.draws.unit_scale
        wanted = -to_quanta(usage.quantity.number, scale)
        if usage.refund_of is not None:
            named = self._named.get(usage.refund_of)
            if named is None:
                raise Refusal(
                    "E304",
                    f'`refund-of: "{usage.refund_of}"` names no usage booked before it; '
                    "write the `import-id` of the usage that is taken back",
                )
            records = [named]
        else:
            records = self._newest.get((commodity, usage.service), [])
            while records and not records[-1].credits:
                records.pop()
        plan: list[tuple[_Record, int]] = []
        left = wanted
        for record in reversed(records):
            part = min(left, record.credits)
            if part > 0:
                plan.append((record, part))
                left -= part
            if not left:
                return plan
        back, beyond = (
            trimmed(from_quanta(it, scale), places(usage.quantity.number))
            for it in (wanted, left)
        )
        raise Refusal(
            "E305",
            f"the refund takes back {back:,f} {commodity}, "
            f"{beyond:,f} more than was drawn of "
            f"{usage.refund_of or usage.service} and not refunded yet",
        )

    def _check_restorable(self, plan: list[tuple[_Record, int]]) -> None:
        for record, credits in plan:
            left = credits - min(credits, record.billed_credits)
            for name, taken in reversed(record.slices):
                if left <= 0:
                    break
                left -= taken
                tranche = self.draws.tranches[name]
                if not tranche.lapsed and not tranche.base_credits:
                    raise Refusal(
                        "E306",
                        f"the refund would restore credits of {name}, of which nothing is "
                        "left to restore them to (blended, forfeited or spent before an "
                        "amendment); correct that tranche first",
                    )

    def _check_rate(self, usage: Usage, plan: list[tuple[_Record, int]]) -> None:
        """Make sure that a credit note for what was billed has a rate of its day."""
        for record, _ in plan:
            if record.billed_credits and record.each is not None:
                self.draws.billing.check_overage(usage, record.each)

    def _give_back(
        self, usage: Usage, record: _Record, credits: int, commodity: str
    ) -> None:
        scale = self.draws.unit_scale
        billed = min(credits, record.billed_credits)
        if billed:
            rest = record.billed_credits - billed
            assert record.each is not None, "what was billed had a price"
            billing = self.draws.billing
            keep, currency = billing.cost_of(from_quanta(rest, scale), record.each)
            back = Money(WIDE.subtract(keep, record.billed), currency)
            billing.bill(usage, back, from_quanta(-billed, scale), commodity)
            record.billed_credits, record.billed = rest, keep
            credits -= billed
        while credits:
            name, taken = record.slices.pop()
            part = min(credits, taken)
            if part < taken:
                record.slices.append((name, taken - part))
            tranche = self.draws.tranches[name]
            self.draws.draw(usage, tranche, -part, from_quanta(-part, scale))
            credits -= part

    def _refund_money(self, usage: Usage) -> None:
        terms = self.draws.terms
        number, currency = usage.quantity
        if currency == terms.currency:
            number = from_quanta(exact_money(usage.quantity, terms, usage.at), terms.scale)
        billed = self._billed_for(usage.service, currency)
        if -number > billed:
            raise Refusal(
                "E305",
                f"the credit note takes back {-usage.quantity.number:,f} {currency}, more "
                f"than the {billed:,f} billed for {usage.service}",
            )
        self.draws.billing.bill_usage(usage)
        self._billed[usage.service, currency] = WIDE.add(billed, number)

    def _billed_for(self, service: str, currency: str) -> Decimal:
        """Return what is billed for a service in a currency, and not credited."""
        scale = self.draws.terms.scale
        if currency != self.draws.terms.currency:
            scale = LEAST_DECIMALS
        return self._billed.get((service, currency), from_quanta(0, scale))

    def _money_of(self, event: Billed) -> Money:
        """Return a bill in the currency it was billed in."""
        if event.abroad is not None:
            return event.abroad.money
        return Money(event.amount, self.draws.terms.currency)
