"""A second way to each figure: the balances of the accounts that were booked.

The reports fold what the policy decided; the accounts hold what was written down.
Where the two disagree, one of them is wrong, or somebody posted by hand to an
account the engine owns.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from beancount.core.data import Transaction

from beanscrow.booking.chart import Chart
from beanscrow.booking.daybook import Daybook
from beanscrow.policy.schedule import Schedule
from beanscrow.policy.terms_of_side import shares_role
from beanscrow.reports.claims import Balances, Claim, Difference, compared
from beanscrow.reports.credits import credits_standing
from beanscrow.reports.movements import ZERO, carried, intra_group
from beanscrow.reports.obligations import obligations
from beanscrow.reports.stakes import stakes_standing
from beanscrow.reports.tie_out_made import made_differently
from beanscrow.reports.vendor import vendor_balances


def tie_out(
    entries: Iterable[Any],
    daybook: Daybook,
    options: Mapping[str, object],
    day: datetime.date | None = None,
) -> list[Difference]:
    """Return where the booked accounts and the reports disagree on a day.

    Args:
      entries: All entries of the ledger, booked ones included.
      options: Its options, for the names of the root accounts.
      day: Last day that counts, inclusive; None for all that is booked.
    """
    charts = _charts(daybook, options)
    balances, carrying = _balances(entries, day)
    plain = [
        *_liabilities(daybook, charts, day),
        *_promises(daybook, charts, day),
        *_inside(daybook, charts, day),
        *_vendor(daybook, charts, day),
        *_units(daybook, charts, day),
        *_escrow(daybook, charts, day),
        *_shares(daybook, charts, day),
    ]
    return sorted(
        [
            *compared(plain, balances),
            *compared(_stakes(daybook, charts, day), carrying),
            *compared(_obligations(daybook, charts, day), balances),
            *made_differently(entries, daybook, charts, options, day),
        ]
    )


def _charts(daybook: Daybook, options: Mapping[str, object]) -> dict[str, Chart]:
    if daybook.books is None:
        return {}
    return {
        deal: Chart(
            schedule.side,
            daybook.books,
            daybook.agreements[deal].deal,
            daybook.agreements[deal].policies,
            options,
        )
        for deal, schedule in daybook.schedules.items()
    }


def _balances(
    entries: Iterable[Any], day: datetime.date | None
) -> tuple[Balances, Balances]:
    """Return units by account and commodity, and carrying amounts of lots in money."""
    units: dict[tuple[str, str], Decimal] = {}
    carrying: dict[tuple[str, str], Decimal] = {}
    for entry in entries:
        if not isinstance(entry, Transaction) or (day and entry.date > day):
            continue
        postings: list[Any] = entry.postings
        for posting in postings:
            number = posting.units.number
            key = posting.account, posting.units.currency
            units[key] = units.get(key, ZERO) + number
            if posting.cost is not None:
                paid = posting.account, posting.cost.currency
                amount = number * posting.cost.number
                carrying[paid] = carrying.get(paid, ZERO) + amount
    return units, carrying


def _liabilities(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    for row in credits_standing(daybook, day):
        schedule = daybook.schedules[row.deal]
        chart = charts[row.deal]
        provider = schedule.side == "provider"
        main, other = (
            ("contract-liability", "upfront")
            if provider
            else ("prepaid", "vendor-consideration")
        )
        accounts = {chart(main, tranche=row.tranche)}
        if _consideration_paid(schedule, row.tranche):
            accounts.add(chart(other, tranche=row.tranche))
        if provider and schedule.tranches[row.tranche].unconditional:
            accounts.add(chart("contract-asset"))
        yield Claim(
            row.deal,
            "contract liability" if provider else "prepaid compute",
            frozenset(accounts),
            row.currency,
            -1 if provider else 1,
            row.liability,
        )


def _promises(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    for deal, schedule in daybook.schedules.items():
        provider, chart = schedule.side == "provider", charts[deal]
        main, other = (
            ("contract-liability", "upfront")
            if provider
            else ("prepaid", "vendor-consideration")
        )
        for commitment, amount in carried(schedule, day).items():
            accounts = frozenset((chart(main, tranche=commitment), chart(other)))
            sign = -1 if provider else 1
            what = "what a promise to spend carries"
            yield Claim(deal, what, accounts, schedule.currency, sign, amount)


def _obligations(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    """Yield what the remaining obligations say of it, those without a balance included."""
    for each in obligations(daybook, day):
        schedule, chart = daybook.schedules[each.deal], charts[each.deal]
        accounts = {chart("contract-liability", tranche=each.name)}
        if each.promise is not None or _consideration_paid(schedule, each.name):
            accounts.add(chart("upfront"))
        if each.promise is None and schedule.tranches[each.name].unconditional:
            accounts.add(chart("contract-asset"))
        yield Claim(
            each.deal,
            "contract liability of what is still owed",
            frozenset(accounts),
            each.currency,
            -1,
            each.liability,
        )


def _inside(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    for deal, schedule in daybook.schedules.items():
        chart = charts[deal]
        for name, amount in intra_group(schedule, day).items():
            accounts = {chart("intragroup-liability", tranche=name)}
            if name not in schedule.tranches or _consideration_paid(schedule, name):
                accounts.add(chart("intragroup-upfront"))
            what = "owed inside the group"
            held = frozenset(accounts)
            yield Claim(deal, what, held, schedule.currency, -1, amount)


def _vendor(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    for deal, schedule in daybook.schedules.items():
        for role, amount in vendor_balances(schedule, day).items():
            account = frozenset((charts[deal](role),))
            yield Claim(deal, role, account, schedule.currency, 1, amount)


def _consideration_paid(schedule: Schedule, tranche: str) -> bool:
    """Whether part of a tranche's balance stands as an asset beside the liability."""
    return schedule.tranches[tranche].escrow in ("startup", "trustee-startup")


def _units(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    for row in credits_standing(daybook, day):
        chart = charts[row.deal]
        sign = 1 if daybook.schedules[row.deal].side == "provider" else -1
        leaves = (
            ("Granted", sign, row.granted),
            ("Held", -sign, row.left),
            ("Drawn", -sign, row.drawn),
            ("Expired", -sign, row.expired),
            ("Forfeited", -sign, row.forfeited),
            ("Moved", sign, row.moved),
        )
        for leaf, side, amount in leaves:
            account = chart.units(row.tranche, leaf)
            yield Claim(
                row.deal,
                f"credits {leaf.lower()}",
                frozenset((account,)),
                row.commodity,
                side,
                amount,
            )


def _escrow(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    for row in credits_standing(daybook, day):
        schedule, chart = daybook.schedules[row.deal], charts[row.deal]
        mode = schedule.tranches[row.tranche].escrow
        if schedule.side == "startup":
            role = "escrow-cash" if mode == "startup" else None
        elif mode == "provider":
            role = "escrow-cash"
        else:
            role = "escrow-receivable" if mode.startswith("trustee") else None
        if role is not None:
            account = frozenset((chart(role),))
            yield Claim(row.deal, "escrow", account, row.currency, 1, row.escrow)


def _stakes(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    for row in stakes_standing(daybook, day):
        if daybook.schedules[row.deal].side == "provider":
            account = charts[row.deal](f"stake-{row.method}", instrument=row.instrument)
            what = "carrying amount of the stake"
            accounts = frozenset((account,))
            yield Claim(row.deal, what, accounts, row.currency, 1, row.carrying)


def _shares(
    daybook: Daybook, charts: dict[str, Chart], day: datetime.date | None
) -> Iterable[Claim]:
    for row in stakes_standing(daybook, day):
        if daybook.schedules[row.deal].side != "startup":
            continue
        chart = charts[row.deal]
        # Shares issued with a par stand in two accounts: par, and paid-in capital.
        account = frozenset((chart(shares_role(row.method, row.instrument)), chart("apic")))
        yield Claim(row.deal, "shares issued", account, row.currency, -1, row.carrying)
