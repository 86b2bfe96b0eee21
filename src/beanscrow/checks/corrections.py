"""Corrections of closed periods: each booked once, and credits by what it replaces.

What else a correction makes of the books is reckoned by running the deal anew, which a
second way cannot do; that it comes to the same as an edited ledger is a law of the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.directives import LEAF_MOVED, Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)


def corrected_deals(ledger: Ledger) -> frozenset[str]:
    """Return the deals of which any line was corrected after its period was closed."""
    return frozenset(d.deal for d in ledger.written.standing("deal-correct"))


def miscorrected(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the corrections that are booked twice, or move other credits than they say.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    written = ledger.written
    replaced: dict[tuple[str, int], Decimal] = {}
    corrections = sorted(
        (d for d in written.standing("deal-correct") if d.at not in said),
        key=lambda d: (d.date, _turn(d), d.at),
    )
    if not corrections:
        return
    made = _entries(ledger)
    for correct in corrections:
        entries = made.get(correct.at, [])
        if len(entries) > 1:
            yield problem(
                correct.at,
                "E628",
                f"this correction is booked {len(entries)} times",
                correct.deal,
            )
            continue
        target = _target(correct, ledger)
        leaf = LEAF_MOVED.get(correct.word(1), "")
        new = correct.entry.meta.get("amount", correct.entry.meta.get("units"))
        old = target.amount(1) if target is not None else None
        if target is None or old is None or not leaf or not isinstance(new, Amount):
            continue
        before = replaced.get(target.at, old.number or _ZERO)
        replaced[target.at] = new.number or _ZERO
        wanted = replaced[target.at] - before
        deal = written.deals.get(correct.deal)
        billed = deal is not None and deal.text("overage") == "bill"
        moved = sum((_moved(e, leaf, old.currency, ledger) for e in entries), _ZERO)
        if moved != wanted and not billed and _is_credits(target, ledger):
            yield problem(
                correct.at,
                "E628",
                f"{figure(moved)} {old.currency} are booked as {leaf.lower()} by this "
                f"correction, and it makes {figure(before)} into {figure(before + wanted)}",
                correct.deal,
            )


def _entries(ledger: Ledger) -> dict[tuple[str, int], list[Any]]:
    found: dict[tuple[str, int], list[Any]] = {}
    for entry in ledger.entries:
        if isinstance(entry, Transaction) and BOOKED_BY in entry.meta:
            source = ledger.source(entry)
            if source is not None and source.name == "deal-correct":
                found.setdefault(source.at, []).append(entry)
    return found


def _target(correct: Directive, ledger: Ledger) -> Directive | None:
    """Return the directive a correction means, None where it cannot be told."""
    values = correct.entry.values or []
    of = values[2].value if len(values) > 2 else None
    found = [
        d
        for d in ledger.written.standing(correct.word(1))
        if d.deal == correct.deal
        and d.date == of
        and correct.text("tranche") in ("", d.text("tranche"))
        and correct.text("import-id") in ("", d.text("import-id"))
    ]
    return found[0] if len(found) == 1 else None


def _is_credits(target: Directive, ledger: Ledger) -> bool:
    amount = target.amount(1)
    return amount is not None and any(
        (granted := grant.amount(1)) is not None and granted.currency == amount.currency
        for grant in ledger.written.standing("deal-grant")
        if grant.deal == target.deal
    )


def _moved(entry: Any, leaf: str, commodity: str, ledger: Ledger) -> Decimal:
    total = _ZERO
    for posting in entry.postings:
        place = ledger.chart(posting.account)
        if place is None or place.leaf != leaf or posting.units.currency != commodity:
            continue
        positive = (place.side == "provider") is (leaf == "Granted")
        total += posting.units.number if positive else -posting.units.number
    return total


def _turn(correct: Directive) -> Decimal:
    sequence = correct.entry.meta.get("sequence")
    return sequence if isinstance(sequence, Decimal) else _ZERO
