"""Draws measured by the shares of their day, reckoned credit by credit.

Every credit drawn lies on a pile with what it was worth on its day of service; what is
given back is taken from the top.  Whatever the shares do, revenue is the pile, and the
liability what was received for the credits that are not on it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from beanscrow.checks.examine import examine
from beanscrow.money import round_to_quanta
from tests.cases.harness import by_day, generated
from tests.laws.books import STEADY
from tests.support.ledgers import load_text

BOOKS = """plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "ifrs"
  currency: "USD"
  open-accounts: TRUE
  through: {through}
  noncash-measurement-date: "{how}"
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" {shares} MOON.A
  fair-value-total: {worth} USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-cash" "moon" {cash} USD
2024-01-01 custom "deal-grant" "moon" {credits} MOON.CR
"""
REVENUE = "Income:Revenue:Compute:Investee:Credits:Moon"
LIABILITY = "Liabilities:Contract:Credits:Moon:T1"
LAST = date(2024, 12, 31)
Act = tuple[str, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["draw", "draw", "draw", "refund", "value"]), st.integers(1, 40)
    ),
    max_size=12,
)


def cents(exact: Fraction) -> Decimal:
    """Return an exact amount rounded half up to the cent."""
    return Decimal(round_to_quanta(exact, 2)).scaleb(-2)


class Pile:
    """What each credit drawn was worth, and the lines that say so."""

    def __init__(self, credits: int, shares: int, worth: Fraction, cash: Fraction) -> None:
        self.left = self.credits = credits
        self.shares = shares
        self.part = (worth - cash) / worth / credits
        self.each = self.part * worth
        self.price = worth - cash
        self.worths: list[Fraction] = []
        self.lines: list[str] = []

    def act(self, kind: str, number: int, day: date) -> None:
        """Do what can be done of an act, and write its line."""
        if kind == "value":
            self.each = self.part * self.shares * Fraction(number, 4)
            price = Decimal(number) / 4
            self.lines += [
                f'{day} custom "deal-valuation" "moon" {price} USD',
                '  kind: "fair-value"',
                '  source: "appraisal"',
            ]
            return
        drawn = len(self.worths)
        count = min(number, self.left if kind == "draw" else drawn)
        if not count:
            return
        if kind == "draw":
            self.worths += [self.each] * count
            self.left -= count
        else:
            del self.worths[drawn - count :]
            self.left += count
        sign = "" if kind == "draw" else "-"
        self.lines.append(f'{day} custom "deal-usage" "moon" {sign}{count} MOON.CR')

    @property
    def revenue(self) -> Decimal:
        """What all credits on the pile were worth."""
        return cents(sum(self.worths, Fraction()))

    @property
    def liability(self) -> Decimal:
        """What was received for the credits that are not on it."""
        drawn = self.price * Fraction(len(self.worths), self.credits)
        return cents(self.price) - cents(drawn)


def text_of(pile: Pile, worth: int, cash: int, how: str, through: date = LAST) -> str:
    """Return the books with the lines of a pile."""
    head = BOOKS.format(
        through=through,
        how=how,
        shares=pile.shares,
        worth=Decimal(worth).scaleb(-2),
        cash=Decimal(cash).scaleb(-2),
        credits=pile.credits,
    )
    return head + "\n".join([*pile.lines, ""])


@given(
    acts=ACTS,
    credits=st.integers(30, 90),
    shares=st.integers(1, 60),
    worth=st.integers(200, 99999),
    cash=st.integers(1, 199),
    cut=st.integers(0, 80),
)
@settings(STEADY, max_examples=60)
def test_each_credit_is_worth_its_part_of_the_shares_of_its_day(
    acts: list[Act], credits: int, shares: int, worth: int, cash: int, cut: int
) -> None:
    pile = Pile(credits, shares, Fraction(worth, 100), Fraction(cash, 100))
    day = date(2024, 1, 9)
    wanted: dict[date, tuple[Decimal, Decimal]] = {}
    for kind, number in acts:
        pile.act(kind, number, day)
        wanted[day] = pile.revenue, pile.liability
        day += timedelta(days=6)
    ledger = load_text(text_of(pile, worth, cash, "performance"))
    assert ledger.messages == []
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    sums = by_day(generated(ledger.entries))
    balance: dict[str, Decimal] = defaultdict(Decimal)
    days = sorted({day for day, _, _ in sums} | set(wanted))
    for today in days:
        for account in (REVENUE, LIABILITY):
            balance[account] -= sums.get((today, account, "USD"), Decimal(0))
        if today in wanted:
            assert (balance[REVENUE], balance[LIABILITY]) == wanted[today]
    # Run to a day, the books are those of the whole up to it.
    reached = date(2024, 1, 1) + timedelta(days=cut)
    short = load_text(text_of(pile, worth, cash, "performance", reached))
    earlier = {key: number for key, number in sums.items() if key[0] <= reached}
    assert by_day(generated(short.entries)) == earlier


@given(acts=ACTS, shares=st.integers(1, 60), worth=st.integers(200, 99999))
@settings(STEADY, max_examples=30)
def test_shares_had_at_signing_are_received_at_inception(
    acts: list[Act], shares: int, worth: int
) -> None:
    """And by inception no valuation moves anything but the stake (IFRS 15.68)."""
    pile = Pile(90, shares, Fraction(worth, 100), Fraction(1, 100))
    day = date(2024, 1, 9)
    for kind, number in acts:
        pile.act(kind, number, day)
        day += timedelta(days=6)
    receipt, inception = (
        load_text(text_of(pile, worth, 1, how)) for how in ("receipt", "inception")
    )
    assert receipt.messages == inception.messages == []
    assert by_day(generated(receipt.entries)) == by_day(generated(inception.entries))
    revenue = [
        number
        for (_, account, _), number in by_day(generated(inception.entries)).items()
        if account == REVENUE
    ]
    drawn = pile.price * Fraction(len(pile.worths), pile.credits)
    assert -sum(revenue, Decimal(0)) == cents(drawn)
