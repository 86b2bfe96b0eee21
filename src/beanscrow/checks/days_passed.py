"""Services that stand ready, reckoned again from the days that have passed.

Each day of the term takes an equal part (606-10-25-14(b)); delivered are the days up to
the last end of a month, or of the term, that the books have reached.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import round_to_quanta
from beanscrow.periods import DAY, month_end

_DECIMALS = Fraction(1, 10**8)  # parts of a day are written with nine decimals


def undelivered(ledger: Ledger) -> Iterator[Problem]:
    """Yield the tranches of which other days are delivered than have passed.

    A term that was changed on its way runs on other figures and is not reckoned again
    here; that all of it is delivered at its end is seen when it lapses.
    """
    for tranche in ledger.units:
        grant = tranche.grant
        if grant is None or grant.text("delivery") != "stand-ready":
            continue
        wanted = _delivered(grant, ledger)
        column = tranche.columns.get("Drawn")
        drawn = column.balance() if column is not None else Decimal(0)
        if wanted is not None and abs(Fraction(drawn) - wanted) > _DECIMALS:
            yield problem(
                grant.at,
                "E621",
                f"{figure(drawn)} {tranche.commodity} of {tranche.name} are delivered; the "
                f"days that have passed make it {figure(_written(wanted))}",
                tranche.deal,
            )


def _delivered(grant: Directive, ledger: Ledger) -> Fraction | None:
    """Return the units delivered by now, None where the term was changed."""
    amount, last = grant.amount(1), grant.day("expires")
    if _changed(grant, ledger.written):
        return None
    if amount is None or amount.number is None or last is None:
        return None
    first = max(grant.day("effective") or grant.date, grant.date)
    ends = [_last_end(first, last, ledger.reached())]
    # The last day of a customer is served for itself.
    ends += [
        control.date
        for control in ledger.written.standing("deal-control")
        if control.deal == grant.deal
        and first <= control.date <= min(last, ledger.reached())
    ]
    until = max((end for end in ends if end is not None), default=None)
    if until is None:
        return Fraction(0)
    days = Fraction((until - first).days + 1, (last - first).days + 1)
    return Fraction(amount.number) * days


def _changed(grant: Directive, written: Written) -> bool:
    name = grant.text("tranche") or "T1"
    changes = [*written.standing("deal-amend"), *written.standing("deal-forfeit")]
    blended = {
        old.strip()
        for other in written.standing("deal-grant")
        if other.deal == grant.deal
        for old in other.text("blends").split(",")
    }
    return name in blended or any(
        (change.deal, change.text("tranche")) == (grant.deal, name) for change in changes
    )


def _written(exact: Fraction) -> Decimal:
    return Decimal(round_to_quanta(exact, 9)).scaleb(-9).normalize()


def _last_end(
    first: datetime.date, last: datetime.date, reached: datetime.date
) -> datetime.date | None:
    """Return the last end of a month, or of the term, that the books have reached."""
    if last <= reached:
        return last
    end = month_end(reached)
    if end > reached:
        end = reached.replace(day=1) - DAY
    return end if end >= first else None
