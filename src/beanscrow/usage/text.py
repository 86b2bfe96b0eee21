"""Usage written as ledger text by a writer that trusts no field.

Each field is checked by its own grammar and escaped; numbers are written without an
exponent.  The text is then read by Beancount itself, and refused unless it says exactly
what it was made from.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Custom
from beancount.parser import parser

_COMMODITY = re.compile(r"[A-Z](?:[A-Z0-9'._-]{0,22}[A-Z0-9])?")
_KEY = re.compile(r"[a-z][a-z0-9-]+")
_DEAL = re.compile(r"[a-z0-9][a-z0-9.-]*")
_UNWANTED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
LONGEST = 1000  # characters of a text

Value = str | Decimal | datetime.date | Amount


class Directive(NamedTuple):
    """A `deal-usage` to be written.

    Attributes:
      meta: Its keys in the order they shall stand.
    """

    date: datetime.date
    deal: str
    number: Decimal
    commodity: str
    meta: Mapping[str, Value]


class Unwritable(Exception):
    """A field cannot stand in a ledger, or the written text reads back otherwise."""


def is_clean(text: str) -> bool:
    """Return whether a text is plain: composed, of visible characters, not empty."""
    if not 0 < len(text) <= LONGEST:
        return False
    if text.isascii():
        return text.isprintable()
    return unicodedata.is_normalized("NFC", text) and not any(
        unicodedata.category(c) in _UNWANTED for c in text
    )


def is_commodity(text: str) -> bool:
    """Return whether a text can be the commodity of an amount."""
    return _COMMODITY.fullmatch(text) is not None


def render(directive: Directive) -> str:
    """Return a directive as text, ending in a newline.

    Raises:
      Unwritable: One of its fields is not of its grammar.
    """
    _want(_DEAL, directive.deal, "deal id")
    _want(_COMMODITY, directive.commodity, "commodity")
    lines = [
        f'{_date(directive.date)} custom "deal-usage" "{directive.deal}" '
        f"{_number(directive.number)} {directive.commodity}"
    ]
    for key, value in directive.meta.items():
        _want(_KEY, key, "key")
        lines.append(f"  {key}: {_value(value)}")
    return "\n".join(lines) + "\n"


def check(text: str, directives: list[Directive]) -> None:
    """Make sure that a text says to Beancount what it was made from, and nothing else.

    Raises:
      Unwritable: It does not.
    """
    entries, errors, _ = parser.parse_string(text, report_filename="usage")
    if errors:
        raise Unwritable(f"it does not read back: {errors[0].message}")
    if [_stated(entry) for entry in entries] != sorted_as_read(directives):
        raise Unwritable("it reads back otherwise than it was meant")


def sorted_as_read(directives: list[Directive]) -> list[Directive]:
    """Return directives in the order in which a reader of their text gives them."""
    return sorted(directives, key=lambda directive: directive.date)


def _stated(entry: Any) -> Directive | None:
    if not isinstance(entry, Custom) or entry.type != "deal-usage":
        return None
    values = [value.value for value in entry.values or ()]
    match values:
        case [str() as deal, Amount(number=Decimal() as number, currency=currency)]:
            meta = {k: v for k, v in entry.meta.items() if k not in ("filename", "lineno")}
            return Directive(entry.date, deal, number, currency, meta)
    return None


def _want(grammar: re.Pattern[str], text: str, what: str) -> None:
    if not grammar.fullmatch(text):
        raise Unwritable(f"{text!r} is no {what}")


def _value(value: Value) -> str:
    if isinstance(value, str):
        if not is_clean(value):
            raise Unwritable(f"{value!r} holds a character that cannot stand in a ledger")
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime.date):
        return _date(value)
    assert isinstance(value.number, Decimal)
    _want(_COMMODITY, value.currency, "commodity")
    return f"{_number(value.number)} {value.currency}"


def _number(number: Decimal) -> str:
    if not number.is_finite():
        raise Unwritable(f"{number} is no amount")
    return format(number, "f")


def _date(day: datetime.date) -> str:
    return f"{day.year:04}-{day.month:02}-{day.day:02}"
