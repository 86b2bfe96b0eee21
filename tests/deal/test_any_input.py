"""Whatever a ledger holds: no exception, and each line of ours is read or told of."""

from __future__ import annotations

import copy
import datetime
import json
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from beancount.core import account
from beancount.core.amount import Amount
from beancount.core.data import Custom
from beancount.parser.grammar import ValueType
from hypothesis import given
from hypothesis import strategies as st

from beanscrow.catalogue import CATALOGUE
from beanscrow.deal import consistency, identity, lines
from beanscrow.deal.reader import Reading, read
from beanscrow.deal.vocabulary import COMMON, DIRECTIVES, Part
from tests.deal.reading import MOON, parse, told

OPTIONS: dict[str, Any] = {
    "filename": "main.beancount",
    "include": ["main.beancount", "<string>"],
}
DAYS = st.dates(datetime.date(2024, 2, 28), datetime.date(2025, 12, 31))
NUMBERS = st.decimals() | st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(100)])
COMMODITIES = st.sampled_from(["USD", "EUR", "MOON.CR", "MOON.A", "AMD.W"])
AMOUNTS = st.builds(Amount, NUMBERS, COMMODITIES)
WORDS = sorted(
    {
        choice
        for directive in DIRECTIVES.values()
        for part in (*directive.positionals, *directive.keys)
        for choice in part.choices
    }
)
TEXTS = st.sampled_from(["moon", "zhipu", "T1", "T2", "C1", "MOON.A", "Compute", *WORDS])
NAMES = [name for name in DIRECTIVES if name not in ("books", "deal")]
BASE, _ = parse(
    MOON
    + """
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
"""
)
KEYS = sorted(
    {part.name for directive in DIRECTIVES.values() for part in directive.keys}
    | {part.name for part in COMMON}
    | {"account-cash", "usage-match-tag", "ramp-2024-12", "x-own", "filename", "lineno"}
)
ANY = st.one_of(TEXTS, st.text(max_size=5), NUMBERS, AMOUNTS, DAYS, st.booleans())
ODD = ANY | st.none() | st.floats() | st.lists(st.integers(), max_size=2)


def value_of(value: object, dtype: Any) -> ValueType:
    """Return a value as the parser marks it; its mark need not be a type."""
    return ValueType(value, dtype)


def values() -> st.SearchStrategy[list[ValueType] | None]:
    """Values as the parser would make them, and values it would not."""
    plain = ANY.map(lambda value: value_of(value, type(value)))
    named = st.just(value_of("Expenses:Compute", account.TYPE))
    odd = ODD.map(lambda value: value_of(value, None))
    return st.none() | st.lists(plain | named | plain | odd, max_size=5)


POSITIVE = st.decimals(Decimal("0.01"), 1, places=2)
FITTING: dict[str, Any] = {
    "amount": st.builds(Amount, POSITIVE, COMMODITIES),
    "number": POSITIVE,
    "count": st.sampled_from([Decimal(0), Decimal(3)]),
    "number or amount": POSITIVE | st.builds(Amount, POSITIVE, st.just("MOON.CR")),
    "date": DAYS,
    "text": st.sampled_from(["T1", "T2", "MOON.A", "Compute", "2024"]),
    "flag": st.booleans(),
    "list": st.sampled_from(["T1", "T1, T2"]),
    "account": st.just("Expenses:Compute"),
}


def fitting(part: Part) -> st.SearchStrategy[Any]:
    """Values of the kind a part wants."""
    if part.choices and part.shape == "text":
        return st.sampled_from(part.choices)
    if part.name == "id":
        return st.sampled_from(["moon", "moon", "moon", "zhipu"])
    kind: st.SearchStrategy[Any] = FITTING[part.shape]
    return kind


@st.composite
def customs(draw: st.DrawFn) -> list[Custom]:
    """Directives of ours, of which most make sense and the others none at all."""
    entries = []
    for line in range(101, 101 + draw(st.integers(1, 12))):
        wild = draw(st.integers(0, 4)) == 0
        name = draw(st.sampled_from([*DIRECTIVES, "deal-useage"] if wild else NAMES))
        meta: dict[str, Any] = {"filename": "main.beancount", "lineno": line}
        made: Any = []
        if name in DIRECTIVES:
            directive = DIRECTIVES[name]
            for part in directive.keys:
                if part.required or draw(st.integers(0, 9)) == 0:
                    meta[part.name] = draw(fitting(part))
            for part in directive.positionals:
                value = draw(fitting(part))
                dtype = account.TYPE if part.shape == "account" else type(value)
                made = [*made, value_of(value, dtype)]
        if wild:
            meta |= draw(st.dictionaries(st.sampled_from(KEYS), ODD, max_size=3))
            made = draw(values() | st.just(made))
        entries.append(Custom(meta, draw(DAYS), name, made))
    return entries


def accounted_for(reading: Reading) -> set[tuple[str, int]]:
    """Return where something was read, refused or said."""
    at = {tuple(problem.at) for problem in reading.problems}
    for deal in reading.agreements.values():
        at |= {tuple(held.at) for held in (deal.deal, *deal.policies, *deal.facts)}
    at |= {tuple(fleet.at) for fleet in reading.fleets}
    if reading.books:
        at.add(tuple(reading.books.at))
    return at  # type: ignore[return-value]


@given(customs())
def test_no_line_is_lost_and_nothing_is_raised(entries: list[Custom]) -> None:
    before = copy.deepcopy([entry._asdict() for entry in entries])
    reading = read(BASE + entries, OPTIONS)
    told_of = accounted_for(reading)
    # A deal that is refused is told of once for all the lines that wait for it.
    waiting = {p.deal for p in reading.problems if p.code == "N103"}
    for entry in reading.entries[len(BASE) :]:
        filename, lineno = str(entry.meta["filename"]), entry.meta["lineno"]
        first = entry.values[0].value if entry.values else None
        if filename != "main.beancount" or type(lineno) is not int:
            continue
        if isinstance(first, str) and first in waiting:
            continue
        assert (filename, lineno) in told_of, entry
    assert repr([entry._asdict() for entry in entries]) == repr(before)
    assert "E199" not in {problem.code for problem in reading.problems}, reading.problems
    for problem in reading.problems:
        assert problem.code in CATALOGUE
        assert problem.message == problem.message.strip() != ""
        assert "\n" not in problem.message
        json.dumps(problem)


@given(st.permutations(range(6)))
def test_the_order_of_lines_does_not_matter(order: list[int]) -> None:
    lines_ = [
        '2024-03-01 custom "deal" "moon" "Moonshot AI"\n  provider: "Cloud"\n'
        '  escrow-owner: "none"\n',
        '2024-03-01 custom "deal-grant" "moon" 5 MOON.CR\n  tranche: "T1"\n',
        '2024-03-01 custom "deal-usage" "moon" 1 MOON.CR\n  tranche: "T1"\n',
        '2024-03-01 custom "deal-policy" "moon"\n  promo-cost: "marketing"\n',
        '2024-03-01 custom "deal-usage" "moon" -1 MOON.CR\n  refund-of: "x"\n',
        '2024-03-01 custom "books" "provider"\n  framework: "ifrs"\n  currency: "USD"\n',
    ]
    reading = read(*parse("".join(lines_[index] for index in order)))
    assert [problem.code for problem in reading.problems] == ["E131"]
    agreement = reading.agreements["moon"]
    assert len(agreement.facts) == 2 and len(agreement.policies) == 1


# our own faults ---------------------------------------------------------------------


LEDGER = (
    MOON
    + """
2024-03-31 custom "deal-usage" "moon" 1 MOON.CR
  sequence: 1  ; which is read the general way
2024-03-01 custom "deal" "other" "Zhipu"
  provider: "Alibaba Cloud"
2024-03-31 custom "deal-payment" "other" 5 USD
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
"""
)


def test_a_fault_in_reading_a_line_is_an_error_at_that_line() -> None:
    read_keys = lines._read_keys

    def faulty(entry: Any, *rest: Any) -> None:
        if entry.type == "deal-usage":
            raise ZeroDivisionError("by hand")
        read_keys(entry, *rest)

    with patch.object(lines, "_read_keys", faulty):
        reading = read(*parse(LEDGER))
    assert told(reading) == [(10, "E199")]
    assert "ZeroDivisionError: by hand" in reading.problems[0].message
    assert [r.at.lineno for r in reading.agreements["moon"].refused] == [10]
    assert len(reading.agreements["other"].facts) == 1


def test_a_fault_in_one_deal_leaves_the_other() -> None:
    def faulty(draft: Any, *_: Any) -> None:
        if draft.deal.deal == "moon":
            raise ZeroDivisionError("by hand")

    with patch.object(consistency, "check_tranches", faulty):
        reading = read(*parse(LEDGER))
    assert told(reading) == [(1, "E199"), (4, "N103")]
    assert list(reading.agreements) == ["other"]


def test_a_fault_that_is_of_no_line_is_told_at_the_top() -> None:
    def faulty(*_: Any) -> None:
        raise ZeroDivisionError("by\nhand")

    with patch.object(identity, "check_parties", faulty):
        entries, options = parse(LEDGER)
        reading = read(entries, options)
    assert told(reading) == [(1, "E199")]
    assert "(ZeroDivisionError: by hand)" in reading.problems[0].message
    assert (reading.entries, reading.agreements) == (entries, {})


def test_entries_of_other_plugins_may_be_anything() -> None:
    entries, options = parse(LEDGER)
    day = datetime.date(2024, 3, 31)
    odd: Any = [
        Custom({}, day, "deal-usage", []),
        Custom({"filename": "<made>", "lineno": 0}, day, "deal-usage", [5]),
        Custom(None, day, "other", None),  # type: ignore[arg-type]
        Custom({}, day, None, []),  # type: ignore[arg-type]
    ]
    reading = read([*entries, *odd], options)
    assert list(reading.agreements) == ["moon", "other"]
    assert told(reading, "E") == [(0, "E199"), (0, "E106")]
    assert reading.through == day


@pytest.mark.parametrize(
    "options", [{}, {"include": None, "filename": None}, {"name_assets": "Vermoegen"}]
)
def test_options_may_be_bare(options: dict[str, Any]) -> None:
    entries, _ = parse(LEDGER)
    assert told(read(entries, options)) == []
