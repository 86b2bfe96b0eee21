"""Reading a policy page: its ledgers, and what the page says comes of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from beancount.core.data import Transaction
from beancount.parser import parser

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ROOT / "docs" / "policies"
PAGES = sorted(POLICIES.glob("*.md"))
INDEX = (POLICIES / "README.md").read_text("utf-8")
_FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLUGIN = 'plugin "beanscrow.plugins.deals"'


class Block(NamedTuple):
    """A fenced block of a page, with the line its text begins on."""

    language: str
    text: str
    line: int


class Example(NamedTuple):
    """A complete ledger of a page, and what the page says comes of it.

    Attributes:
      entries: Transactions it makes, among others.
      findings: All that is found, as "CODE deal"; empty where the page does not say.
    """

    ledger: Block
    entries: list[Transaction]
    findings: list[str]


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found[1], found[3], text.count("\n", 0, found.start(3)) + 1)
        for found in _FENCE.finditer(text)
    ]


def transactions(text: str) -> list[Transaction]:
    """Return the transactions a block of text shows, none where it shows something else."""
    if not re.match(r"\d{4}-", text):
        return []  # a figure, or what a program prints
    entries, errors, _ = parser.parse_string(text)
    assert not errors
    return [entry for entry in entries if isinstance(entry, Transaction)]


def examples(page: Path) -> list[Example]:
    """Return the complete ledgers of a page, each with what stands below it."""
    found: list[Example] = []
    for block in blocks(page):
        if block.language == "beancount" and _PLUGIN in block.text:
            found.append(Example(block, [], []))
        elif block.language == "text" and (entries := transactions(block.text)):
            assert found, f"{page.name}:{block.line} shows entries of no ledger"
            found[-1].entries.extend(entries)
        elif block.language == "findings":
            assert found, f"{page.name}:{block.line} shows findings of no ledger"
            found[-1].findings.extend(block.text.splitlines())
    return found
