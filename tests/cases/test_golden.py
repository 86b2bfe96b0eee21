"""The worked ledgers, booked from deal directives, come out equal to the cent.

`golden/` holds ledgers written out by accountants' rules, entry by entry; `deals/`
the same deals as directives, with a top ledger for each side.  Every day and every
account must carry the same money; the units, which the worked ledgers do not have,
are asserted in the top ledgers.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount.core.data import Balance

from tests.cases.harness import Sums, by_day, generated, table, transactions, unbalanced
from tests.cases.ledgers import TOPS
from tests.cases.mapping import CREDITS, common_name, our_parent
from tests.support.ledgers import load_path
from tests.support.postings import units_of

HERE = Path(__file__).parent


def worked_ledger(top: Path) -> Path:
    return HERE / "golden" / f"{top.parent.name}-{top.name}"


def money_name(account: str) -> str | None:
    return None if account.startswith(CREDITS) else common_name(account)


def case_name(top: Path) -> str:
    return f"{top.parent.name}-{top.stem}"


pytestmark = pytest.mark.parametrize("top", TOPS, ids=case_name)


def test_every_worked_ledger_has_its_deal_and_every_deal_its_worked_ledger(
    top: Path,
) -> None:
    assert {worked_ledger(path) for path in TOPS} == set(
        (HERE / "golden").glob("*.beancount")
    )
    assert worked_ledger(top).exists()


def test_each_day_moves_the_same_money(top: Path) -> None:
    ours, golden = load_path(top), load_path(worked_ledger(top))
    assert golden.messages == []
    assert ours.messages == []
    assert generated(ours.entries)
    assert table(by_day(ours.entries, money_name)) == table(
        by_day(golden.entries, money_name)
    )


def test_closing_lines_hold_as_stock_balance_assertions(top: Path, tmp_path: Path) -> None:
    golden = load_path(worked_ledger(top)).entries
    closing = [entry for entry in golden if isinstance(entry, Balance)]
    assert closing
    text = re.sub(
        r'^include "', f'include "{top.parent.as_posix()}/', top.read_text(), flags=re.M
    )
    # A stake stands in units at cost: the top ledger asserts its units, the next
    # test its carrying amount.
    for line in closing:
        if ":Investments:" in line.account and not line.account.startswith("Expenses:"):
            continue
        text += (
            f"{line.date} balance {our_parent(line.account)}"
            f"  {line.amount.number} ~ 0 {line.amount.currency}\n"
        )
    with_closing = tmp_path / "with-closing.beancount"
    with_closing.write_text(text)
    assert load_path(with_closing).messages == []


def test_closing_balances_are_the_same_at_cost(top: Path) -> None:
    ours, golden = load_path(top), load_path(worked_ledger(top))
    for line in (entry for entry in golden.entries if isinstance(entry, Balance)):
        account = common_name(line.account)
        total = sum(
            (
                number
                for (day, name, _), number in by_day(ours.entries, money_name).items()
                if name == account and day < line.date
            ),
            Decimal(),
        )
        assert total == line.amount.number, line.account


def test_every_transaction_is_exactly_zero(top: Path) -> None:
    assert unbalanced(load_path(top).entries) == []


def test_worked_ledger_says_what_its_sheet_says(top: Path) -> None:
    """The sheet has the inputs in words; its figures and the ledger's are the same."""
    sheets: list[dict[str, Any]] = json.loads((HERE / "golden/golden.json").read_text())
    sheet = next(s for s in sheets if f"{s['example']}-{s['book']}" == case_name(top))
    figures: Sums = {}
    for entry in transactions(load_path(worked_ledger(top)).entries):
        for posting in entry.postings:
            number, commodity = units_of(posting)
            key = entry.date, posting.account, commodity
            figures[key] = figures.get(key, Decimal()) + number
    said: dict[tuple[str, str], Decimal] = {}
    for entry in sheet["transactions"]:
        for posting in entry["postings"]:
            at = entry["date"], posting["account"]
            said[at] = said.get(at, Decimal()) + Decimal(posting["amount"])
    assert {(day.isoformat(), name): n for (day, name, _), n in figures.items()} == said
