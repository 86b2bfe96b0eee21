"""Every election has its row in the index, and every choice its figures on a page."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from beancount.core.data import Custom
from beancount.parser import parser

from beanscrow.deal.elections import ELECTIONS, Election
from tests.policies.reading import INDEX, POLICIES, examples

_TABLE = INDEX.partition("## The elections\n")[2].partition("\n## ")[0]
ROWS = {
    cells[0].strip("`"): cells
    for row in re.findall(r"^\| (`.*) \|$", _TABLE, re.MULTILINE)
    for cells in (row.split(" | "),)
}
WHOSE = {"": "either side", "P": "the provider", "S": "the startup"}


def choices_of(kind: Election) -> str:
    """Return the choices as the index lists them."""
    if kind.not_built == ("*",):
        return "not built"
    return ", ".join(f"`{choice}`" for choice in kind.choices) or "a number"


def default_of(kind: Election) -> str:
    """Return the default as the index has it, by framework where they differ."""
    if isinstance(kind.default, dict):
        words = {"us-gaap": "US GAAP", "ifrs": "IFRS"}
        return ", ".join(
            f"`{value}` ({words[framework]})" for framework, value in kind.default.items()
        )
    return f"`{kind.default}`"


@pytest.mark.parametrize("name", ELECTIONS)
def test_the_index_says_what_the_language_knows_of_an_election(name: str) -> None:
    kind = ELECTIONS[name]
    _, choices, default, whose, where, page = ROWS[name]
    assert choices == choices_of(kind)
    assert default == default_of(kind)
    assert whose == WHOSE[kind.owner]
    assert where == ("ledger, deal" if kind.by_deal else "ledger")
    (linked,) = re.findall(r"^\[([\w-]+\.md)\]\(\1\)$", page)
    assert (POLICIES / linked).exists()


def test_the_index_has_no_other_elections() -> None:
    assert list(ROWS) == list(ELECTIONS)


def elected_on(page: str, name: str) -> set[str]:
    """Return every choice of an election that a ledger of a page writes down."""
    written = set()
    for example in examples(POLICIES / page):
        entries, _, _ = parser.parse_string(example.ledger.text)
        for entry in entries:
            if isinstance(entry, Custom) and entry.type in ("books", "deal-policy"):
                value = entry.meta.get(name)
                if value is not None:
                    written.add(
                        str(value).upper() if isinstance(value, bool) else str(value)
                    )
    return written


@pytest.mark.parametrize(
    "name", [name for name, kind in ELECTIONS.items() if kind.not_built != ("*",)]
)
def test_each_choice_has_its_figures_in_a_worked_example(name: str) -> None:
    """Of its own page; of a number, the default and another, to show what it moves."""
    kind = ELECTIONS[name]
    page = ROWS[name][-1].partition("]")[0].strip("[")
    written = elected_on(page, name)
    built = set(kind.choices) - set(kind.not_built)
    assert built <= written
    if not kind.choices:
        numbers = {Decimal(number) for number in written}
        assert len(numbers) > 1
        assert kind.default in numbers
