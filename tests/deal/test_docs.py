"""The pages that are made from the code say what the code says now."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from beanscrow.catalogue import CATALOGUE
from beanscrow.deal.elections import ELECTIONS
from beanscrow.deal.reader import read
from beanscrow.deal.roles import ROLE_NAMES
from beanscrow.deal.vocabulary import DIRECTIVES
from tests.deal.reading import parse, told

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGE = (DOCS / "ledger-language.md").read_text(encoding="utf-8")
SIMULATE = (DOCS / "simulate.md").read_text(encoding="utf-8")


def script(name: str) -> dict[str, Any]:
    """Return what a script of docs/ defines, without running it."""
    return runpy.run_path(str(DOCS / name))


def test_the_language_page_is_in_step_with_the_vocabulary() -> None:
    assert script("make_language.py")["render"](LANGUAGE) == LANGUAGE, (
        "run: python docs/make_language.py"
    )


def test_the_page_of_simulations_is_in_step_with_their_vocabulary() -> None:
    assert script("make_language.py")["render"](SIMULATE) == SIMULATE, (
        "run: python docs/make_language.py"
    )


def test_the_errors_page_is_in_step_with_the_catalogue() -> None:
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    assert script("make_errors.py")["render"]() == page, "run: python docs/make_errors.py"


def test_every_code_is_on_the_errors_page() -> None:
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### ([EFN]\d{3}): ", page, re.M)) == set(CATALOGUE)


def test_every_word_of_the_language_is_on_its_page() -> None:
    for directive in DIRECTIVES.values():
        assert f"#### {directive.name}\n" in LANGUAGE
        for part in directive.keys:
            assert f"`{part.name}`" in LANGUAGE, part.name
    for name in (*ELECTIONS, *ROLE_NAMES):
        assert f"`{name}`" in LANGUAGE, name


def test_the_ledger_on_the_language_page_can_be_read() -> None:
    blocks = re.findall(r"^```beancount\n(.*?)^```", LANGUAGE, re.M | re.S)
    assert blocks
    for block in blocks:
        assert told(read(*parse(block))) == []


@pytest.mark.parametrize("directive", DIRECTIVES.values(), ids=lambda d: d.name)
def test_the_sample_line_of_a_directive_parses(directive: Any) -> None:
    """As many values, of the kinds, that the directive wants."""
    sample = re.search(rf'^`(2024-03-01 custom "{directive.name}" .*)`$', LANGUAGE, re.M)
    assert sample
    entries, options = parse(sample[1])
    codes = {code for _, code in told(read(entries, options))}
    assert not codes & {"E101", "E102", "E103", "E104"}
