"""The engine's own books pass in silence, and no entry of them can be tampered with."""

from __future__ import annotations

import re
from typing import Any

import pytest
from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.examine import examine
from tests.cases.ledgers import Case, cases

LEDGERS = cases()
OURS = re.compile(r"[EF]6\d\d")
# Nothing depends on the cost of what was given away.
UNSEEN = {
    "promotional": "Cost of ",
    "G13/provider": "Cost of ",
}


def name_of(case: Case) -> str:
    """Return the name of a case, for the name of its test."""
    return case.name


def errors_of(entries: list[Any], options: dict[str, Any]) -> list[str]:
    """Return the codes of the errors the checks find in some entries."""
    found = examine(entries, options, findings=False).problems
    return [problem.code for problem in found if problem.level == "error"]


def test_there_are_cases_with_entries_to_tamper_with() -> None:
    booked = [generated(case.load()[0]) for case in LEDGERS]
    moved = [
        entry
        for entries in booked
        for entry in entries
        if any(posting.account.startswith("Equity:Escrow:") for posting in entry.postings)
    ]
    assert len(LEDGERS) > 200
    assert sum(bool(entries) for entries in booked) > 0.95 * len(LEDGERS)
    assert len(moved) > 1000


@pytest.mark.parametrize("case", LEDGERS, ids=name_of)
def test_a_case_passes_in_silence(case: Case) -> None:
    """Of the refusals a case is about, the checks say nothing of their own."""
    entries, errors, options = case.load()
    assert [e.message for e in errors if OURS.match(e.message)] == []
    assert errors_of(entries, options) == []


def generated(entries: list[Any]) -> list[Any]:
    """Return the transactions our plugins made."""
    return [e for e in entries if isinstance(e, Transaction) and "booked-by" in e.meta]


@pytest.mark.parametrize("case", LEDGERS, ids=name_of)
def test_no_entry_can_be_taken_away(case: Case) -> None:
    entries, _, options = case.load()
    for entry in generated(entries):
        if entry.narration.startswith(UNSEEN.get(case.name.partition(":")[0], "nothing")):
            continue
        rest = [other for other in entries if other is not entry]
        assert errors_of(rest, options), entry.narration


@pytest.mark.parametrize("case", LEDGERS, ids=name_of)
def test_an_entry_posts_once_to_an_account(case: Case) -> None:
    entries, _, _ = case.load()
    for entry in generated(entries):
        posted = [(p.account, p.units.currency) for p in entry.postings if p.cost is None]
        assert len(posted) == len(set(posted)), entry.narration


@pytest.mark.parametrize("case", LEDGERS, ids=name_of)
def test_no_posting_can_be_changed(case: Case) -> None:
    """By the last digit it is written with; lots written down to nothing weigh nothing."""
    entries, _, options = case.load()
    for entry in generated(entries):
        for index, posting in enumerate(entry.postings):
            assert posting.units is not None and posting.units.number is not None
            if posting.cost is not None and not posting.cost.number:
                continue
            number, currency = posting.units.number, posting.units.currency
            digit = number.__class__((0, (1,), number.as_tuple().exponent))
            other = posting._replace(units=Amount(number + digit, currency))
            postings = [*entry.postings[:index], other, *entry.postings[index + 1 :]]
            changed = entry._replace(postings=postings)
            after = [changed if e is entry else e for e in entries]
            assert "E601" in errors_of(after, options), (entry.narration, posting.account)


@pytest.mark.parametrize("case", LEDGERS, ids=name_of)
def test_no_move_of_credits_can_be_booked_twice(case: Case) -> None:
    entries, _, options = case.load()
    for entry in generated(entries):
        if any(p.account.startswith("Equity:Escrow:") for p in entry.postings):
            assert errors_of([*entries, entry], options), entry.narration
