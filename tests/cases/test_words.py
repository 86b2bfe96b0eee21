"""What is told in words stays as it was read and found good."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.words import WORDS, ledger_of, words_of

FILES = sorted(WORDS.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_ledger_says_what_it_said(path: Path) -> None:
    """If another wording is wanted: python -m tests.cases.words."""
    assert words_of(ledger_of(path)) == path.read_text(encoding="utf-8")
