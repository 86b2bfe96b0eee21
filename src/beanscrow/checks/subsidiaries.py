"""Startups of which control was gained, and what still goes on as if they were customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from beanscrow.checks.case import Case
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.restated import Ledger
from beanscrow.deal.influence_terms import Control
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
_OWED = ("intragroup-liability", "intragroup-upfront")
_INSIDE = "stake-consolidated"


def half_consolidated(cases: Sequence[Case], ledger: Ledger) -> Iterator[Problem]:
    """Yield the gains of control that leave something of the startup outside.

    Args:
      cases: Deals in which the ledger is the provider's.
    """
    gained = {case.id: found[0] for case in cases if (found := case.facts(Control))}
    for case in cases:
        control = gained.get(case.id)
        if control is None:
            yield from _other_deal(case, cases, gained)
            continue
        yield from _securities(control, ledger)
        yield from _prepaid(control, ledger)


def _other_deal(
    case: Case, cases: Sequence[Case], gained: dict[str, Control]
) -> Iterator[Problem]:
    """810-10-45-1: what is sold to a subsidiary is intra-group, whatever deal it is under."""
    party = case.agreement.deal.party
    for other in cases:
        control = gained.get(other.id)
        if control is None or other.agreement.deal.party != party:
            continue
        if any(control.date < fact.date <= case.through for fact in case.agreement.facts):
            yield problem(
                case.agreement.deal.at,
                "F633",
                f"{case.agreement.deal.name} is a subsidiary since {control.date}, by the "
                f"deal {other.id}, and this deal goes on as a customer's; write a "
                "deal-control for it as well",
                case.id,
            )
            return


def _securities(control: Control, ledger: Ledger) -> Iterator[Problem]:
    left: dict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.made_for(control.deal, control.date):
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            if posting.cost is not None and (place is None or place.role != _INSIDE):
                left[posting.units.currency] += posting.units.number
    for commodity, units in sorted(left.items()):
        if units:
            yield problem(
                control.at,
                "F633",
                f"{figure(units)} {commodity} are held and not a subsidiary's after "
                f"{control.date}; write a deal-control with `stake:` for each security",
                control.deal,
            )


def _prepaid(control: Control, ledger: Ledger) -> Iterator[Problem]:
    """805-10-55-20: what the acquirer owes meets what the acquired startup has prepaid."""
    if control.acquired_prepaid is None or control.off_market is not None:
        return
    owed = _owed(control, ledger)
    prepaid = control.acquired_prepaid.number
    if owed != prepaid:
        yield problem(
            control.at,
            "F633",
            f"{figure(owed)} is owed of the contract and {figure(prepaid)} is prepaid by the "
            "startup; what they differ by is part of the settlement: say it in `off-market`, "
            "or correct one of them",
            control.deal,
        )


def _owed(control: Control, ledger: Ledger) -> Decimal:
    owed = _ZERO
    for entry in ledger.made_for(control.deal, control.date):
        source = ledger.source(entry)
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            taken = source is not None and source.name == "deal-control"
            if taken and place is not None and place.role in _OWED:
                owed -= posting.units.number
    return owed
