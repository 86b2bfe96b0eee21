"""A fleet may be called anything: its entries, written out as text, can be read again."""

from __future__ import annotations

import io

import pytest
from beancount import loader
from beancount.core.data import Transaction
from beancount.parser import printer

BOOKS = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  through: 2024-02-29
  open-accounts: TRUE
2024-01-01 custom "fleet" "NAME" 120.00 USD
  in-service: 2024-01-01
  life-years: 1
"""


@pytest.mark.parametrize("name", ["hgx-1", "HGX H100 (Oslo)", "<b>é:/", "2024 ^x #y"])
def test_what_it_is_called_never_spoils_the_text(name: str) -> None:
    entries, errors, _ = loader.load_string(BOOKS.replace("NAME", name))
    assert errors == []
    made = [entry for entry in entries if isinstance(entry, Transaction)]
    assert len(made) == 3
    assert {entry.meta["fleet"] for entry in made} == {name}
    text = io.StringIO()
    printer.print_entries(entries, file=text)
    again, errors, _ = loader.load_string(text.getvalue())
    assert errors == []
    read = [entry for entry in again if isinstance(entry, Transaction)]
    assert [entry.links for entry in read] == [entry.links for entry in made]
