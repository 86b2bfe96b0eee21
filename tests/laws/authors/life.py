"""One life from its first event to the last day of its books."""

from __future__ import annotations

from decimal import Decimal

from tests.laws.authors.abroad import written_rates
from tests.laws.authors.changes import write_a_change
from tests.laws.authors.chooser import Chooser
from tests.laws.authors.contracts import write_event
from tests.laws.authors.draft import SHORT, Draft, Size, Wanted, after, cents
from tests.laws.authors.drawdowns import write_usages
from tests.laws.authors.shareholding import write_shareholding
from tests.laws.authors.spending import write_spending
from tests.laws.facts import Payment
from tests.laws.lives import Life


def written(chooser: Chooser, wanted: Wanted, size: Size = SHORT) -> Life:
    """Return a life of some contract events, and of what comes of their credits."""
    draft = Draft(chooser, wanted, size)
    day = 0
    for number in range(1, draft.number(1, size.events) + 1):
        write_event(draft, number, day)
        day += draft.number(1, size.apart)
    draft.ends = day + 40
    write_usages(draft, write_a_change(draft))
    write_spending(draft)
    write_shareholding(draft)
    price = None
    if draft.maybe(wanted.billing, 4):
        price = cents(draft.number(1, 300))
    if price is None and not wanted.refusals:
        price = Decimal("1.00")
    if draft.maybe(one_in=4):
        for number in range(draft.number(0, size.payments)):
            on = after(draft.number(0, draft.ends))
            draft.facts.append(Payment(on, cents(draft.number(1, 999)), f"P{number}"))
    through = None
    if draft.maybe(wanted.stops, 3):
        through = after(draft.number(0, draft.ends + 200))
    return Life(
        draft.owner,
        draft.order,
        draft.breakage,
        tuple(draft.facts),
        framework=draft.framework,
        carried=draft.carried,
        rates=written_rates(draft),
        overage_price=price,
        through=through,
    )
