"""Compute that trains a model: capitalised where that is elected, and nothing else is.

A `deal-charge` in force says where a service stands and goes before the election; so
what it decides is not looked at here, but that it does is a finding.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from beancount.core.data import Transaction

from beanscrow.checks.accounts import LOST, MODEL
from beanscrow.checks.case import Case
from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.findings import problem, problem_at
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Charge

_USES = ("deal-usage", "deal-grant", "deal-commitment")


def misplaced_training(ledger: Ledger, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the uses of compute booked as an expense that train, or the reverse."""
    written = ledger.written
    training = {
        deal: services
        for deal in written.deals
        if written.side(deal) == "startup" and (services := training_in(written, deal))
    }
    if not training and not ledger.chart.ever(MODEL):
        return
    expenses = f"{options.get('name_expenses', 'Expenses')}:"
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or source.name not in _USES:
            continue
        service = _service(source, written)
        if _charged(source.deal, service, entry.date, written):
            continue
        roles = {
            posting.account: place.role if place is not None else ""
            for posting in entry.postings
            for place in (ledger.chart(posting.account),)
        }
        trains = service in training.get(source.deal, ())
        expensed = any(
            account.startswith(expenses) and role != LOST for account, role in roles.items()
        )
        if expensed if trains else MODEL in roles.values():
            lasts = (
                "trains a model and is capitalised by election" if trains else "does not"
            )
            yield problem_at(
                entry,
                "E634",
                f'"{service}" {lasts}; the entry of {entry.date} "{entry.narration}" has it '
                + ("as an expense" if trains else "as a model in the making"),
                source.deal,
            )


def charged_training(cases: Iterable[Case], written: Written) -> Iterator[Problem]:
    """Yield the charges of services that are capitalised by election as well."""
    for case in cases:
        services = training_in(written, case.id)
        for charge in case.facts(Charge):
            if charge.service in services:
                services -= {charge.service}
                yield problem(
                    charge.at,
                    "F634",
                    f'"{charge.service}" is among training-services, and from {charge.date} '
                    f"this deal-charge sends it to {charge.account}: the charge goes first; "
                    "keep the one that is meant",
                    case.id,
                )


def training_in(written: Written, deal: str) -> frozenset[str]:
    """Return the services a deal capitalises by election, none where it elects expense."""
    if written.elected(deal, "training-compute", "expense") != "capitalise":
        return frozenset()
    named = written.elected(deal, "training-services", "")
    return frozenset(name.strip() for name in named.split(",") if name.strip())


def _service(source: Directive, written: Written) -> str:
    deal = written.deals.get(source.deal)
    usual = (deal.text("service") if deal is not None else "") or "Compute"
    return (source.text("service") if source.name == "deal-usage" else "") or usual


def _charged(deal: str, service: str, day: datetime.date, written: Written) -> bool:
    return any(
        charge.deal == deal and charge.word(1) == service and charge.date <= day
        for charge in written.standing("deal-charge")
    )
