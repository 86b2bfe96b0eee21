"""Random lives of a stake under the equity method: the second way agrees with the first.

The checks reckon every line again from where the books stood before it; so what they say
of a life nobody worked by hand is whether two programs agree about it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beanscrow.checks.examine import examine
from tests.cases.harness import by_day, generated, table, unbalanced
from tests.laws.books import STEADY
from tests.support.ledgers import Ledger, load_text

LONG = settings(max_examples=2000)
FIRST = date(2024, 1, 1)
BOOKS = """plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "{framework}"
  currency: "USD"
  open-accounts: TRUE
  through: 2026-12-31
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
  committed: 90000.00 USD
2024-01-01 custom "deal-policy" "moon"
  method: "equity-method"
  loss-limit: "{limit}"
  equity-method-elim: "{rule}"
  elim-presentation: "{shown}"
2024-01-01 custom "deal-stake" "moon" 1000 MOON.O
  fair-value-total: 70000.03 USD
  fair-value-source: "valuation"
  instrument: "common"
  ownership: 0.3
2024-01-01 custom "deal-cash" "moon" 60000.00 USD
2024-01-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T1"
"""
# Refusals a life may end in, since nobody asked it for sense.
SENSE = (
    "E126", "E201", "E202", "E212", "E290", "E302", "E310", "E311", "E401", "E402", "E404",
    "E407", "E408", "E409", "E413", "E415", "E418",
)  # fmt: skip


class Line(NamedTuple):
    """What a day brings: a directive after its date, and the keys below it."""

    head: str
    keys: tuple[str, ...] = ()


def money(most: int) -> st.SearchStrategy[Decimal]:
    """Return amounts to the cent, from a cent up."""
    return st.integers(1, most * 100).map(lambda cents: Decimal(cents) / 100)


@st.composite
def a_result(draw: st.DrawFn) -> Line:
    amount = draw(money(300000)) * draw(st.sampled_from([-1, -1, 1]))
    keys = ["from: {first}", "to: {day}"]
    if draw(st.integers(0, 4)) == 0:
        keys.append(f"ownership: {draw(st.sampled_from(['0.2', '0.33', '0.125']))}")
    return Line(f'"deal-result" "moon" {amount} USD', tuple(keys))


@st.composite
def an_elimination(draw: st.DrawFn) -> Line:
    asset = draw(st.sampled_from(["model", "chips"]))
    margin = draw(st.sampled_from(["0.4", "0.75", "1"]))
    amount = draw(st.one_of(st.just(Decimal(0)), money(100000)))
    keys = (f'asset: "{asset}"', f"margin: {margin}")
    return Line(f'"deal-elimination" "moon" {amount} USD', keys)


@st.composite
def a_deemed_sale(draw: st.DrawFn) -> Line:
    new = draw(st.sampled_from(["0.28", "0.24", "0.1", "0.07"]))
    assets = draw(money(300000)) * draw(st.sampled_from([-1, 1, 1]))
    keys = (f"net-assets: {assets} USD", f"raised: {draw(money(500000))} USD")
    return Line(f'"deal-dilution" "moon" {new}', keys)


@st.composite
def a_component(draw: st.DrawFn) -> Line:
    amount = draw(money(20000)) * draw(st.sampled_from([-1, 1, 1]))
    life = draw(st.sampled_from(["life-months: 7", "life-years: 2", ""]))
    keys = ('asset: "{name}"', *((life,) if life else ()))
    return Line(f'"deal-basis" "moon" {amount} USD', keys)


@st.composite
def a_guarantee(draw: st.DrawFn) -> Line:
    amount = draw(st.one_of(st.just(Decimal(0)), money(30000)))
    paid = draw(st.one_of(st.none(), money(2000)))
    keys = () if paid is None else (f"paid: {paid} USD",)
    return Line(f'"deal-guarantee" "moon" {amount} USD', keys)


@st.composite
def a_sale(draw: st.DrawFn) -> Line:
    units = draw(st.sampled_from([1, 250, 333, 500, 1000]))
    price = draw(money(200))
    return Line(f'"deal-sale" "moon" {units} MOON.O', (f"price: {price} USD",))


@st.composite
def a_purchase(draw: st.DrawFn) -> Line:
    units, worth = draw(st.integers(1, 700)), draw(money(20000))
    share = draw(st.sampled_from(["", "ownership: 0.35"]))
    return Line(
        f'"deal-stake" "moon" {units} MOON.O',
        (
            f"fair-value-total: {worth} USD",
            'fair-value-source: "valuation"',
            'instrument: "common"',
            *((share,) if share else ()),
            f'+"deal-cash" "moon" {worth} USD',
        ),
    )


@st.composite
def a_return(draw: st.DrawFn) -> Line:
    units = draw(st.sampled_from([100, 300]))
    keys = (
        'tranche: "T1"',
        f"shares-returned: {units} MOON.O",
        f"share-value: {draw(money(100))} USD",
        'reason: "termination"',
    )
    return Line('"deal-forfeit" "moon" 10 MOON.CR', keys)


@st.composite
def an_impairment(draw: st.DrawFn) -> Line:
    keys = ('kind: "impairment"', 'source: "memo"')
    return Line(f'"deal-valuation" "moon" {draw(money(30))} USD', keys)


@st.composite
def an_end(draw: st.DrawFn, framework: str) -> Line:
    price = f"fair-value: {draw(money(150))} USD"
    if draw(st.booleans()):
        loss = draw(
            st.sampled_from(["", "off-market: 500.00 USD", "off-market: -7.77 USD"])
        )
        keys = (price, *((loss,) if loss else ()), 'reason: "votes"')
        return Line('"deal-control" "moon"', keys)
    left = {"us-gaap": ["fvni", "measurement-alternative"], "ifrs": ["fvtpl", "fvoci"]}
    method = draw(st.sampled_from(left[framework]))
    return Line(f'"deal-reclassify" "moon" "{method}"', ('reason: "sold"', price))


LINES = st.one_of(
    a_result(), a_result(), a_result(), an_elimination(), an_elimination(),
    a_deemed_sale(), a_component(), a_guarantee(), a_sale(), a_purchase(), a_return(),
    an_impairment(),
)  # fmt: skip
# In full is a choice of US GAAP alone (323-10-35-9; IAS 28.28).
RULES = {
    "us-gaap": ["proportionate", "proportionate", "full", "none"],
    "ifrs": ["proportionate", "proportionate", "none"],
}
HEADS = st.sampled_from(["us-gaap", "ifrs"]).flatmap(
    lambda framework: st.fixed_dictionaries(
        {
            "framework": st.just(framework),
            "limit": st.sampled_from(["committed", "zero"]),
            "rule": st.sampled_from(RULES[framework]),
            "shown": st.sampled_from(["equity-result", "equity-result", "revenue-cost"]),
        }
    )
)
DAYS = st.one_of(st.just(0), st.integers(0, 60))


class Life(NamedTuple):
    """A life: its head, and what each of its days brings."""

    head: dict[str, str]
    days: list[tuple[int, Line]]
    end: Line | None


LIVES = HEADS.flatmap(
    lambda head: st.builds(
        Life,
        st.just(head),
        st.lists(st.tuples(DAYS, LINES), min_size=1, max_size=9),
        st.one_of(st.none(), an_end(head["framework"])),
    )
)


def texts(life: Life) -> list[str]:
    """Return the directives of a life, each as text."""
    found = []
    day = before = FIRST
    for number, (gap, line) in enumerate(
        [*life.days, *([(1, life.end)] if life.end else [])]
    ):
        day = min(day + timedelta(gap), date(2026, 12, 1) + timedelta(number))
        words = {"day": day, "first": min(before, day), "name": f"c{number}"}
        rows = [f"{day} custom {line.head}"]
        for key in line.keys:
            row = key.format(**words) if "{" in key else key
            rows.append(f"{day} custom {row[1:]}" if row[0] == "+" else f"  {row}")
        found.append("\n".join(rows))
        before = day + timedelta(1)
    return found


def load(life: Life, lines: list[str]) -> Ledger:
    """Return a life as a ledger, with its directives in some order."""
    return load_text("\n".join([BOOKS.format(**life.head), *lines]))


def look_at(life: Life) -> None:
    """Hold one life against the second way, the balance, and another order of lines."""
    lines = texts(life)
    ledger = load(life, lines)
    unexpected = [m for m in ledger.messages if not m.startswith(SENSE)]
    assert unexpected == [], "\n".join([*lines, *unexpected])
    assert unbalanced(ledger.entries) == []
    problems = examine(ledger.entries, ledger.options, findings=True).problems
    assert [p for p in problems if p.level == "error"] == []
    shuffled = [*lines]
    Random(len(lines)).shuffle(shuffled)
    other = load(life, shuffled)
    assert table(by_day(generated(other.entries))) == table(
        by_day(generated(ledger.entries))
    )


@settings(STEADY, max_examples=100)
@given(LIVES)
def test_two_ways_agree_about_any_life(life: Life) -> None:
    look_at(life)


@pytest.mark.long
@settings(LONG)
@given(LIVES)
def test_two_ways_agree_about_many_more(life: Life) -> None:
    look_at(life)
