"""Shares earned as drawn, reckoned credit by credit: a pile each draw takes from the top.

Every credit has a worth, fixed when it is first received.  What was given back lies on
top of the pile and is received again first.  Whole credits, so nothing is divided.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beanscrow.checks.examine import examine
from beanscrow.money import round_to_quanta
from tests.cases.harness import generated
from tests.laws.books import STEADY
from tests.support.ledgers import load_text
from tests.support.postings import cost_of, units_of

BOOKS = """plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "{side}"
  framework: "{framework}"
  currency: "USD"
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" {shares} MOON.A
  fair-value-total: {worth} USD
  fair-value-source: "valuation"
  vesting: "as-drawn"
2024-01-01 custom "deal-grant" "moon" {credits} MOON.CR
  tranche: "T1"
  expires: 2024-03-31
2024-01-01 custom "deal-credit-value" "moon" 0.333 USD
2024-02-01 custom "deal-credit-value" "moon" 0.127 USD
"""
# Where use, what is owed again, and the shares stand; and the sign of an increase.
ACCOUNTS = {
    "provider": ("Income:Revenue:", "Liabilities:Contract:", "Assets:Investments:"),
    "startup": ("Expenses:", "Assets:Prepaid:", "Equity:"),
}
FEBRUARY, LATE, SERVED = date(2024, 2, 1), date(2024, 4, 9), date(2024, 3, 5)
Act = tuple[str, int]


class Pile:
    """Worths of the credits ever received; `drawn` of them, from the bottom, are drawn."""

    def __init__(self, credits: int, at_inception: Fraction | None) -> None:
        self.at_inception = at_inception
        self.worths: list[Fraction] = []
        self.left = credits
        self.drawn = 0
        self.forfeited = Decimal(0)
        self.lines: list[str] = []
        self.lapsed = False

    def cents(self, count: int) -> Decimal:
        """Worth of so many credits from the bottom, rounded once."""
        return Decimal(round_to_quanta(sum(self.worths[:count], Fraction()), 2)).scaleb(-2)

    @property
    def owed(self) -> Decimal:
        """Worth of the credits given back that can still be drawn."""
        return Decimal(0) if self.lapsed else self.cents(10**6) - self.cents(self.drawn)

    def act(self, kind: str, wanted: int, day: date) -> None:
        """Do what can be done of an act, and write its line."""
        count = min(wanted, self.drawn if kind == "refund" else self.left)
        if not count:
            return
        if kind == "refund":
            self.drawn, self.left = self.drawn - count, self.left + count
            self.lines.append(f'{day} custom "deal-usage" "moon" -{count} MOON.CR')
        elif kind == "forfeit":
            before, self.left = self.cents(10**6), self.left - count
            del self.worths[self.drawn + self.left :]
            self.forfeited += before - self.cents(10**6)
            self.lines.append(f'{day} custom "deal-forfeit" "moon" {count} MOON.CR')
            self.lines += ['  tranche: "T1"', '  reason: "claw-back"']
        else:
            late = kind == "late"
            self.lapsed = self.lapsed or late
            served_worth = (
                Fraction("0.333") if not late and day < FEBRUARY else Fraction("0.127")
            )
            each = served_worth if self.at_inception is None else self.at_inception
            self.drawn, self.left = self.drawn + count, self.left - count
            self.worths += [each] * (self.drawn - len(self.worths))
            on = LATE if late else day
            self.lines.append(f'{on} custom "deal-usage" "moon" {count} MOON.CR')
            if late:
                self.lines.append(f"  of: {SERVED}")
                self.lines.append(f'  import-id: "late-{len(self.lines)}"')


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
@pytest.mark.parametrize("side", ["provider", "startup"])
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["draw", "draw", "refund", "forfeit"]), st.integers(1, 40)
        ),
        max_size=10,
    ),
    late=st.lists(st.integers(1, 20), max_size=2),
    credits=st.integers(30, 90),
    shares=st.integers(1, 60),
    worth=st.integers(100, 99999),
)
@settings(STEADY, max_examples=40)
def test_each_credit_earns_once_what_it_was_worth(
    side: str,
    framework: str,
    acts: list[Act],
    late: list[int],
    credits: int,
    shares: int,
    worth: int,
) -> None:
    at_service = (side, framework) == ("startup", "ifrs")
    pile = Pile(credits, None if at_service else Fraction(worth, 100 * credits))
    day = date(2024, 1, 9)
    for kind, wanted in acts:
        pile.act(kind, wanted, day)
        day += timedelta(days=6)
    for wanted in late:
        pile.act("late", wanted, LATE)
    books = BOOKS.format(
        side=side,
        framework=framework,
        shares=shares,
        worth=Decimal(worth).scaleb(-2),
        credits=credits,
    )
    ledger = load_text(books + "\n".join([*pile.lines, ""]))
    assert ledger.messages == []
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    use, owed, stakes = ACCOUNTS[side]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in generated(ledger.entries):
        for posting in entry.postings:
            number, commodity = units_of(posting)
            cost = cost_of(posting)
            if commodity == "MOON.A":
                assert cost is not None
                sums["shares"] += number
                sums[stakes] += number * cost.number
            elif commodity == "USD":
                for prefix in (use, owed, stakes):
                    if posting.account.startswith(prefix):
                        sums[prefix] += number
    sign = -1 if side == "provider" else 1
    earned = pile.cents(10**6) + pile.forfeited
    assert sums[stakes] == -sign * earned
    assert sign * sums[owed] == pile.owed
    assert sign * sums[use] == earned - pile.owed
    if side == "provider" and not pile.forfeited:
        most = Fraction(shares * len(pile.worths), credits)
        assert sums["shares"] == Decimal(round_to_quanta(most, 6)).scaleb(-6)
