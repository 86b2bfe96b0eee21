"""Words for the person who wrote the line: what was found, what was wanted."""

from __future__ import annotations

import datetime
import difflib
import functools
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from beanscrow.deal.problems import Level, Position, Problem

if TYPE_CHECKING:
    from beanscrow.deal.terms import Money
    from beanscrow.deal.vocabulary.shapes import Part

LEVELS: dict[str, Level] = {"E": "error", "F": "finding", "N": "note"}
_LONGEST = 60


def problem(at: Position, code: str, message: str, deal: str = "") -> Problem:
    """Return what is said about one line; the first letter of its code is its level."""
    return Problem(at, code, message, deal, LEVELS[code[0]])


def quoted(text: str) -> str:
    """Return text as the ledger writes it, on one line and of readable length."""
    line = text.replace("\n", " ")
    return f'"{line}"' if len(line) <= _LONGEST else f'"{line[:_LONGEST]}..."'


def figure(number: Decimal) -> str:
    """Return a number as a person writes it, without an exponent where it is short."""
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return str(number)
    return f"{number:f}"


def amount(money: Money | tuple[Decimal, str]) -> str:
    """Return an amount as the ledger writes it."""
    return f"{figure(money[0])} {money[1]}"


def found(value: object, *, account: bool = False) -> str:
    """Return what a parsed value is, in words: "the number 24.00"."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the switch {str(value).upper()}"
        case str():
            return f"the account {value}" if account else f"the text {quoted(value)}"
        case Decimal():
            return f"the number {figure(value)}"
        case datetime.date():
            return f"the date {value.isoformat()}"
        case (Decimal() as number, str() as currency):
            return f"the amount {figure(number)} {currency}"
        case _:
            return f"a value of type {type(value).__name__}"


WANTED = {
    "amount": "an amount such as 1.00 USD",
    "number": "a number such as 0.25",
    "count": "a whole number",
    "date": "a date such as 2024-03-31",
    "text": "text in quotes",
    "flag": "TRUE or FALSE, without quotes",
    "account": "an account, without quotes",
    "list": "text in quotes, several values by commas",
    "number or amount": "a number such as 0.05 or an amount of credits",
}


def wanted(part: Part) -> str:
    """Return what a part of a directive must be, in words."""
    if part.choices:
        return one_of(part.choices, quote=part.shape == "text")
    return WANTED[part.shape]


def one_of(words: Iterable[str], *, quote: bool = True) -> str:
    """Return a choice of words: '"a", "b" or "c"'."""
    shown = [f'"{word}"' if quote else word for word in words]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def all_of(words: Iterable[str]) -> str:
    """Return words joined for a sentence: "a, b and c"; "none" where there are none."""
    shown = list(words)
    if not shown:
        return "none"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like a misspelt one, or None where none is like it."""
    return _nearest(word, tuple(known))


@functools.lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Return the same; a slip is often made on every line of a file."""
    by_plain = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), list(by_plain), n=1, cutoff=0.6)
    return by_plain[near[0]] if near else None


def where(at: Position) -> str:
    """Return a position for use inside a message: "moon.beancount:12"."""
    return f"{at.filename.rsplit('/', 1)[-1]}:{at.lineno}"
