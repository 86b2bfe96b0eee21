"""Groups of rows to buckets and, where a deal draws, to parts of drawdowns."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.services import account_part
from beanscrow.money import largest_remainder
from beanscrow.usage import focus
from beanscrow.usage.amounts import read_instant
from beanscrow.usage.applied import Element, read_applied
from beanscrow.usage.buckets import Tally, currency_of
from beanscrow.usage.deals import Claim
from beanscrow.usage.drawdown import Scope
from beanscrow.usage.matching import Match, Matcher
from beanscrow.usage.scan import Group
from beanscrow.usage.text import is_clean
from beanscrow.usage.windows import Calendar, Cuts, Span, Window, overlaps

_NATIONAL = re.compile(r"[A-Z]{3}")
_PLAIN_KINDS = {"purchase": "ineligible", "tax": "ineligible", "credit": "provider_credit"}


class Quarantine(Exception):
    """Rows that cannot be read as they should; says which column, and what is wrong."""


class Reckoning(NamedTuple):
    """How one deal measures a bill.

    Attributes:
      measure: Column, or ContractApplied's figure, that is added up.
      unit: Currency or unit of it.
      face: Units that make one credit.
    """

    measure: str
    unit: str
    face: Decimal


class PartKey(NamedTuple):
    """What is drawn together."""

    deal: str
    scope: Scope
    reckoning: Reckoning
    service: str
    window: Window
    late: bool


class Drawn:
    """Rows and exact total of one part, as whole numbers."""

    __slots__ = ("rows", "total")

    def __init__(self) -> None:
        self.rows = 0
        self.total = 0


class Allotment:
    """The rows of one export, in buckets and parts.

    Attributes:
      tally: Every row, in its bucket.
      parts: What is drawn.
      faults: Rows that cannot be read, by column and fault.
      contested: Rows several deals ask for, by those deals.
      strays: Rows on days no grant covers, by deal.
      scopes: Scopes the export has rows of, with the latest end of usage in each.
    """

    def __init__(self, claims: Sequence[Claim], cuts: Cuts, formats: Sequence[str]) -> None:
        self.tally = Tally()
        self.parts: dict[PartKey, Drawn] = {}
        self.faults: dict[str, int] = {}
        self.strays: dict[str, int] = {}
        self.contested = 0
        self.scopes: dict[Scope, datetime.datetime | None] = {}
        self._matcher = Matcher(claims)
        self._cuts = cuts
        self._formats = formats
        self._scopes: dict[tuple[object, ...], Scope] = {}
        self._known: dict[tuple[str, int], list[_Stretch]] = {}

    def add(self, group: Group) -> None:
        """Put the rows of a group where they belong."""
        try:
            self._sort(group)
        except Quarantine as fault:
            words = str(fault)
            self.faults[words] = self.faults.get(words, 0) + group.rows
            self._whole("quarantined", "", group)

    def _sort(self, group: Group) -> None:
        if group.bad is not None:
            raise Quarantine(group.bad)
        kind = group.kind
        if not kind:
            raise Quarantine("ChargeCategory: none of FOCUS")
        scope = self._scope(group)
        self._reach(scope, group.last if kind == "usage" else None)
        elements = self._elements(group)
        if kind == "usage":
            _check_service(group)
        matches = self._matcher.match(group.facts, elements)
        if matches is None:
            self.contested += group.rows
            self._whole("ambiguous", "", group)
        elif not matches:
            self._whole("unmatched", "", group)
        else:
            deals = ", ".join(match.claim.deal for match in matches)
            if kind == "usage":
                self._use(group, scope, matches, deals)
            else:
                self._whole(_PLAIN_KINDS.get(kind, kind), deals, group)

    def _reach(self, scope: Scope, end: datetime.datetime | None) -> None:
        """Remember a scope, and how far its usage reaches."""
        known = self.scopes.get(scope)
        self.scopes[scope] = max(known, end) if known and end else known or end

    def _scope(self, group: Group) -> Scope:
        provider = group.facts["provider"]
        account = group.facts["BillingAccountId"]
        start = group.facts["BillingPeriodStart"]
        found = self._scopes.get((provider, account, start))
        if found is None:
            for name, value in (("provider", provider), ("BillingAccountId", account)):
                _check_text(name, value)
            begins = read_instant(start, self._formats)
            if begins is None:
                raise Quarantine("BillingPeriodStart: not a time")
            found = Scope(str(provider), str(account), begins)
            self._scopes[provider, account, start] = found
        if not currency_of(group):
            raise Quarantine("BillingCurrency: empty")
        return found

    def _elements(self, group: Group) -> tuple[Element, ...]:
        if group.applied in (None, *focus.NULLS):
            return ()
        elements = read_applied(str(group.applied))
        if elements is None:
            raise Quarantine("ContractApplied: not JSON of contract applications")
        return elements

    # -- usage -------------------------------------------------------------------

    def _use(
        self, group: Group, scope: Scope, matches: Sequence[Match], deals: str
    ) -> None:
        """Draw what each deal takes of a group, and put the rows into buckets."""
        reckoned = [(match, *_reckon(match, group)) for match in matches]
        for place, (match, reckoning, total) in enumerate(reckoned):
            claim = match.claim
            stretches = self._stretches(claim, group)
            weights = [stretch.weight for stretch in stretches]
            shares = _shared(total, weights)
            rows_left = group.rows
            spread = [_shared(group.sums[n], weights) for n in focus.COSTS]
            for i, stretch in enumerate(stretches):
                takes = claim.takes(stretch.window.first)
                rows, rows_left = rows_left, 0
                if takes:
                    late = stretch.end <= scope.start
                    key = PartKey(
                        claim.deal, scope, reckoning, _service(group), stretch.window, late
                    )
                    drawn = self.parts.setdefault(key, Drawn())
                    drawn.rows += rows
                    drawn.total += shares[i]
                else:
                    self.strays[claim.deal] = self.strays.get(claim.deal, 0) + rows
                if place == 0:  # the first deal's windows place the rows themselves
                    self.tally.add(
                        "drawn" if takes else "out_of_window",
                        deals,
                        currency_of(group),
                        rows,
                        [column[i] for column in spread],
                        [group.counts[n] if i == 0 else 0 for n in focus.COSTS],
                    )

    def _stretches(self, claim: Claim, group: Group) -> list[_Stretch]:
        """Return the windows of a deal a group's charges lie in, in order."""
        if group.split is not None:
            return _cut(claim.calendar, group.split)
        assert group.stretch is not None
        found = self._known.get((claim.deal, group.stretch))
        if found is None:
            span = self._cuts.span(group.stretch)
            assert span is not None, "the cuts reach over all usage"
            window = claim.calendar.window(claim.calendar.day(span.start))
            found = [_Stretch(window, span.end, 1)]
            self._known[claim.deal, group.stretch] = found
        return found

    def _whole(self, bucket: str, deals: str, group: Group) -> None:
        self.tally.add(
            bucket,
            deals,
            currency_of(group),
            group.rows,
            [group.sums[n] for n in focus.COSTS],
            [group.counts[n] for n in focus.COSTS],
        )


class _Stretch(NamedTuple):
    window: Window
    end: datetime.datetime
    weight: int


def reaches_outside(group: Group, cuts: Cuts) -> bool:
    """Return whether usage of a group lies where the cuts say nothing."""
    if group.bad is not None or group.kind != "usage":
        return False
    if group.split is not None:
        first, last = cuts.instants[0], cuts.instants[-1]
        return group.split.start < first or group.split.end > last
    return group.stretch is None or cuts.span(group.stretch) is None


def _shared(total: int, weights: Sequence[int]) -> list[int]:
    return [total] if len(weights) == 1 else largest_remainder(total, weights)


def _cut(calendar: Calendar, span: Span) -> list[_Stretch]:
    windows = [calendar.window(calendar.day(span.start))]
    starts = [span.start]
    while True:
        after = windows[-1].last + datetime.timedelta(days=1)
        begins = calendar.start(after)
        if begins >= span.end:
            break
        starts.append(begins)
        windows.append(calendar.window(after))
    weights = overlaps(span, starts)
    ends = [*starts[1:], span.end]
    return [_Stretch(*row) for row in zip(windows, ends, weights, strict=True)]


def _reckon(match: Match, group: Group) -> tuple[Reckoning, int]:
    """Return how a deal measures a group, and the exact total it takes of it."""
    claim = match.claim
    measure = claim.measure
    if match.elements:
        return _reckon_applied(claim, match.elements, group)
    if measure in focus.MEASURES and measure not in group.sums:
        raise Quarantine(f"{measure}: the export has no such column")
    unit = str(group.facts.get(focus.MEASURES.get(measure, "")) or "")
    total = group.sums.get(measure, 0)
    if measure in focus.QUANTITIES:
        return Reckoning(measure, unit, Decimal(1)), total
    return Reckoning(measure, unit, _face(claim, unit)), total


def _reckon_applied(
    claim: Claim, elements: Sequence[Element], group: Group
) -> tuple[Reckoning, int]:
    bad = next((element.bad for element in elements if element.bad), "")
    if bad:
        raise Quarantine(f"ContractApplied: {bad} is no exact number")
    if claim.measure in focus.QUANTITIES:
        if any(element.quantity is None for element in elements):
            raise Quarantine("ContractApplied: no AppliedQuantity")
        units = {element.unit for element in elements}
        if len(units) > 1:
            raise Quarantine("ContractApplied: quantities in several units")
        figure = sum(element.quantity or 0 for element in elements)
        return Reckoning("AppliedQuantity", units.pop(), Decimal(1)), figure * group.rows
    if any(element.cost is None for element in elements):
        raise Quarantine("ContractApplied: no AppliedCost")
    unit = currency_of(group)
    figure = sum(element.cost or 0 for element in elements)
    return Reckoning("AppliedCost", unit, _face(claim, unit)), figure * group.rows


def _face(claim: Claim, unit: str) -> Decimal:
    """Return how many units of a measured currency make one credit of a deal."""
    if claim.face is not None and claim.face.currency == unit:
        return claim.face.number
    virtual = claim.measure not in focus.COSTS and not _NATIONAL.fullmatch(unit)
    if virtual and unit:
        return Decimal(1)
    column = focus.MEASURES.get(claim.measure, "BillingCurrency")
    if claim.face is None:
        if claim.fault or not claim.commodity:
            return Decimal(1)  # told, or out of any window, before anything is written
        raise Quarantine(f"{column}: {unit}, and no grant of {claim.deal} has a face")
    raise Quarantine(
        f"{column}: {unit or 'empty'}, where one credit of {claim.deal} is worth "
        f"{claim.face.currency}"
    )


def _service(group: Group) -> str:
    return str(group.facts["ServiceCategory"])


def _check_service(group: Group) -> None:
    service = group.facts["ServiceCategory"]
    _check_text("ServiceCategory", service)
    if not account_part(str(service)):
        raise Quarantine(
            f"ServiceCategory: no account name can be made of {str(service)!r}"
        )


def _check_text(name: str, value: object) -> None:
    if value is None:
        raise Quarantine(f"{name}: empty")
    if not is_clean(str(value)):
        raise Quarantine(f"{name}: holds a character that cannot stand in a ledger")
