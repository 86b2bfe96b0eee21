"""What a vendor's promises besides its goods carry in the accounts, on a day."""

from __future__ import annotations

import datetime
from decimal import Decimal

from beanscrow.policy.backstop import (
    CapacityBought,
    CapacityUsed,
    GuaranteeConsidered,
    Guaranteed,
    GuaranteeReleased,
)
from beanscrow.policy.buy_back import (
    BoughtBack,
    BuybackAccrued,
    SoldAtLast,
    SoldForNow,
)
from beanscrow.policy.schedule import Schedule, in_force
from beanscrow.reports.movements import ZERO

# Roles of accounts by side: what is prepaid for capacity, or owed of it.
_BUYBACK = {
    "provider": ("buyback-liability", "lease-deferred"),
    "startup": ("buyback-asset", "lease-prepaid"),
}
_CAPACITY = {"provider": ("capacity-prepaid", 1), "startup": ("capacity-deferred", -1)}


def vendor_balances(
    schedule: Schedule, day: datetime.date | None = None
) -> dict[str, Decimal]:
    """Return the balance of each role of an account, debits positive.

    Args:
      day: Last day that counts, inclusive; None for all that is booked.
    """
    found: dict[str, Decimal] = {}

    def add(role: str, amount: Decimal) -> None:
        found[role] = found.get(role, ZERO) + amount

    capacity, sign = _CAPACITY[schedule.side]
    owed, rent = _BUYBACK[schedule.side]
    for event in in_force(schedule, day):
        match event:
            case CapacityBought() if event.term:
                add(capacity, sign * event.worth)
            case CapacityUsed():
                add(capacity, -sign * event.amount)
            case Guaranteed():
                add("guarantee-liability", -event.amount)
                if event.ahead:
                    add("guarantee-asset", event.amount)
            case GuaranteeConsidered():
                add("guarantee-asset", -event.amount)
            case GuaranteeReleased():
                add("guarantee-liability", event.amount)
            case SoldForNow():
                add(owed, -sign * event.owed)
                add(rent, -sign * (event.amount - event.owed))
            case BuybackAccrued():
                add(owed, -sign * event.interest)
                add(rent, sign * event.rent)
            case BoughtBack() | SoldAtLast():
                add(owed, sign * event.amount)
            case _:
                pass
    return found
