"""Booked ledgers as hledger reads them, and the trial balance it makes of them.

beancount2ledger, which would convert, has not followed Beancount to its third version.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from beancount.core.data import Posting, Transaction

from tests.support.postings import cost_of, units_of

Balances = dict[tuple[str, str], Fraction]


def journal_of(entries: Iterable[Any]) -> str:
    """Return every transaction of a booked ledger in hledger's journal format."""
    return "\n".join(_transaction(e) for e in entries if isinstance(e, Transaction))


def _transaction(entry: Transaction) -> str:
    # A semicolon would begin a comment, and a pipe would end the payee.
    words = " ".join(filter(None, (entry.payee, entry.narration)))
    words = words.translate(str.maketrans(";|\n", ",, "))
    flag = "* " if entry.flag == "*" else "! "
    return "".join([f"{entry.date} {flag}{words}\n", *map(_posting, entry.postings)])


def _posting(posting: Posting) -> str:
    number, commodity = units_of(posting)
    line = f"    {posting.account}  {number:f} {_quoted(commodity)}"
    cost = cost_of(posting)
    if cost is not None:
        line += f" @ {cost.number:f} {_quoted(cost.currency)}"
    # With a price alone a posting weighs what it does not cost: none of ours has one.
    assert cost is not None or posting.price is None, line
    return line + "\n"


def _quoted(commodity: str) -> str:
    """Return a commodity in the quotes it needs where it is more than letters."""
    return f'"{commodity}"'


def trial_balance(program: str, journal: Path, at: Literal["units", "cost"]) -> Balances:
    """Return what hledger has on each account in each commodity, without zeros.

    Args:
      program: The `hledger` command.
      at: Whether as counted, or at what was paid for it.
    """
    command = [program, "balance", "--file", str(journal), "--flat", "--no-elide"]
    command += ["--no-total", "--output-format=json"]
    command += ["--cost"] if at == "cost" else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows, _ = json.loads(done.stdout)
    balances: Balances = defaultdict(Fraction)
    for account, _, _, amounts in rows:
        for amount in amounts:
            quantity = amount["aquantity"]
            number = Fraction(quantity["decimalMantissa"], 10 ** quantity["decimalPlaces"])
            balances[account, amount["acommodity"]] += number
    return {key: number for key, number in balances.items() if number}
