"""What is booked can be written out as text, and is read again as it was."""

from __future__ import annotations

import io

import pytest
from beancount.parser import parser, printer

from tests.cases.harness import generated, transactions
from tests.cases.ledgers import Case, cases
from tests.support.postings import cost_of, units_of

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_entries_are_read_as_they_were_written(case: Case) -> None:
    made = generated(case.load().entries)
    text = io.StringIO()
    printer.print_entries(made, file=text)
    entries, errors, _ = parser.parse_string(text.getvalue())
    assert errors == []
    for old, new in zip(made, transactions(entries), strict=True):
        assert (old.payee, old.narration, old.links) == (
            new.payee,
            new.narration,
            new.links,
        )
        for was, now in zip(old.postings, new.postings, strict=True):
            assert was.account == now.account
            assert now.units is not None
            assert units_of(was) == (now.units.number, now.units.currency)
            cost = cost_of(was)
            assert (cost is None) == (now.cost is None)
            if cost is not None and now.cost is not None:
                assert (cost.date, cost.label) == (now.cost.date, now.cost.label)
                assert cost.number == getattr(now.cost, "number_per", None)
