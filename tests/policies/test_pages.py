"""The policy pages and the README say what the program does: their ledgers are loaded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from beancount.core.data import Balance, Custom, Transaction
from beancount.parser import parser

from beanscrow.checks.examine import examine
from beanscrow.deal.elections import ELECTIONS
from beanscrow.policy.paragraphs import rules_of
from tests.policies.reading import (
    INDEX,
    PAGES,
    ROOT,
    Example,
    blocks,
    examples,
    transactions,
)
from tests.support.ledgers import load_path, load_text

SKELETON = ROOT / "ledger" / "skeleton"


EXAMPLES = [
    pytest.param(example, id=f"{page.stem}-{example.ledger.line}")
    for page in PAGES
    for example in examples(page)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_ledgers_of_a_page_load_and_hold_what_it_says(example: Example) -> None:
    """Every ledger asserts figures, has no error, and makes the entries shown after it."""
    ledger = load_text(example.ledger.text)
    assert ledger.messages == []
    assert any(isinstance(entry, Balance) for entry in ledger.entries)
    made = [_shape(e) for e in ledger.entries if isinstance(e, Transaction)]
    for entry in example.entries:
        assert _shape(entry) in made
    if example.findings:
        found = examine(ledger.entries, ledger.options, findings=True).problems
        told = [f"{p.code} {p.deal}" for p in found if p.level == "finding"]
        assert sorted(told) == sorted(example.findings)


def test_each_policy_page_has_a_ledger() -> None:
    """No page but the index states figures that nothing loads."""
    assert [page.name for page in PAGES if not examples(page)] == ["README.md"]


def test_the_index_names_every_page() -> None:
    """docs/policies/README.md has a row for each page beside it, and links to no other."""
    pages = [page.name for page in PAGES if page.name != "README.md"]
    rows = re.findall(r"^\| \[[\w-]+\.md\]\(([\w-]+\.md)\)", INDEX, re.MULTILINE)
    assert sorted(rows) == pages
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", INDEX)) == set(pages)


def test_the_index_says_of_every_paragraph_whether_it_was_read() -> None:
    """What an entry cites stands in exactly one of the two lists of the index."""
    listed = re.findall(r"^(?:Read|Not read)[^\n]*:\n([^\n]*)\.$", INDEX, re.MULTILINE)
    read, not_read = (set(paragraphs.split(", ")) for paragraphs in listed)
    cited = {
        paragraph
        for framework in ("us-gaap", "ifrs")
        for side in ("provider", "startup")
        for rule in rules_of(framework, side).values()
        for paragraph in rule.split("; ")
    } - {"opening balance"}
    assert cited - read - not_read == set()
    assert read & not_read == set()


def test_the_index_names_only_what_the_language_knows() -> None:
    """The elections of the index are elections or keys, and none is invented."""
    named = {
        name
        for row in re.findall(r"^\| \[.*", INDEX, re.MULTILINE)
        for name in re.findall(r"`([\w-]+)`", row.split("|")[-2])
    }
    keys = {
        "fair-value", "fair-value-source", "override", "priority", "precision", "through",
        "escrow-owner", "overage", "method", "class", "deal-charge", "training-services",
        "sfc-rate", "dedicated",
    }  # fmt: skip
    assert named <= keys | set(ELECTIONS)


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_a_page_begins_with_the_deal_of_the_new_books(page: str) -> None:
    """The deal a reader writes is the skeleton's, word for word but for remarks."""
    shown = next(b for b in blocks(ROOT / page) if b.language == "beancount")
    written = (SKELETON / "deals" / "acme.beancount").read_text("utf-8")
    assert _customs(shown.text) == _customs(written)


def test_the_tutorial_shows_entries_of_the_new_books() -> None:
    """What the tutorial says the deal makes is what it makes."""
    page = blocks(ROOT / "docs" / "tutorial.md")
    shown = [e for b in page if b.language == "text" for e in transactions(b.text)]
    ledger = load_path(SKELETON / "main.beancount")
    assert ledger.messages == []
    made = [_shape(e) for e in ledger.entries if isinstance(e, Transaction)]
    assert shown
    for entry in shown:
        assert _shape(entry) in made


def _customs(text: str) -> list[Any]:
    entries, errors, _ = parser.parse_string(text)
    assert not errors
    return [
        (
            entry.date,
            entry.type,
            [value.value for value in entry.values],
            {k: v for k, v in entry.meta.items() if k not in ("filename", "lineno")},
        )
        for entry in entries
        if isinstance(entry, Custom)
    ]


def _shape(entry: Transaction) -> Any:
    """Return what a page shows of a transaction; the order of its postings is left out."""
    postings = sorted(
        (posting.account, str(posting.units), _cost(posting.cost))
        for posting in entry.postings
    )
    return entry.date, entry.payee, entry.narration, postings


def _cost(cost: Any) -> str:
    if cost is None:
        return ""
    number = cost.number if hasattr(cost, "number") else cost.number_per
    return f"{number} {cost.currency} {cost.date} {cost.label}"
