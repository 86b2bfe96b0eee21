"""Amounts and times of an export, as Ibis expressions that change no digit.

Money arrives as text.  Its grammar is checked first, then it is cast; a number with
more decimals than the engine's DECIMAL keeps is carried in two parts, so that the sum
of both is exact.  A column the file itself types as DECIMAL is taken as it is.

In Python an amount is a whole number of 10^-SCALE, which has no precision to run out
of.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from beanscrow.money import WIDE, from_quanta, to_quanta
from beanscrow.usage.expressions import Value, cases, first_of, literal

SCALE = 38
HEAD = 18  # decimals of the first part; 20 digits stand before the point
TAIL = 18  # decimals of the second part, which begin after those of the first

_PLAIN = r"^-?[0-9]{1,20}(\.[0-9]{1,18}0*)?$"
_POINTED = r"^-?0*[0-9]{1,20}(\.[0-9]{1,36}0*)?$"
_POWER = r"^(-?)([0-9]{1,20})(?:\.([0-9]{1,40}))?[eE](SIGN[0-9]{1,2})$"
_HEAD = r"^-?[0-9]+(\.[0-9]{1,18})?"
_TAIL = r"^-?[0-9]+\.[0-9]{18}([0-9]{1,18})"
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.0{1,9})?(Z|\+00:00)?$"
_ISO_PYTHON = re.compile(_ISO.replace("$", r"\Z"))
_EXACT_TEXT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,36})?(?:[eE]-?[0-9]{1,2})?\Z")


class Amount(NamedTuple):
    """One money column of a file.

    Attributes:
      head: The number, to 18 decimals or as the file types it; NULL where there is none.
      tail: What is left of it, in units of 10^-36; None where nothing can be.
      long: Whether it has more decimals than the head keeps; None likewise.
      given: Whether the file has anything in its place.
    """

    head: Value
    tail: Value | None
    long: Value | None
    given: Value


def amount(column: Value) -> Amount:
    """Return the exact number a column states.

    Args:
      column: Text, DECIMAL, an integer, or a floating-point number, which is read by
        its shortest text and never converted.
    Raises:
      TypeError: The column is of another type.
    """
    kind = column.type()
    if kind.is_decimal():
        return Amount(column, None, None, column.notnull())
    if kind.is_integer():
        return Amount(column.cast("decimal(38, 0)"), None, None, column.notnull())
    if kind.is_floating():
        return _exact(column.cast("string"), "[-+]?")
    if kind.is_string():
        return _exact(column, "-?")
    raise TypeError(str(kind))


def _exact(text: Value, sign: str) -> Amount:
    plain = text.re_extract(_PLAIN, 0).try_cast(f"decimal(38, {HEAD})")
    odd = plain.isnull() & text.notnull()
    pointed = cases((odd, _pointed(text, _POWER.replace("SIGN", sign))))
    head = pointed.re_extract(_HEAD, 0).try_cast(f"decimal(38, {HEAD})")
    rest = pointed.re_extract(_TAIL, 1)
    minus = pointed.startswith("-").ifelse("-", "")
    tail = minus.concat(rest.rpad(TAIL, "0")).try_cast("decimal(38, 0)")
    long = odd & (rest.length() > 0)
    return Amount(
        first_of(plain, head),
        cases((long, tail)),
        long,
        text.notnull() & ~text.isin(["", "NULL"]),
    )


def _pointed(text: Value, power: str) -> Value:
    """Return a number written with a point, whatever it was written with; "" if none."""
    whole = text.re_extract(power, 2)
    digits = whole.concat(text.re_extract(power, 3))
    point = whole.length() + text.re_extract(power, 4).try_cast("int32")
    shifted = cases(
        (point <= 0, literal("0.").concat(_zeros(-point), digits)),
        (point >= digits.length(), digits.concat(_zeros(point - digits.length()))),
        otherwise=digits.left(point).concat(".", digits.substr(point)),
    )
    scientific = text.re_search(power)
    written = scientific.ifelse(text.re_extract(power, 1).concat(shifted), text)
    return written.re_search(_POINTED).ifelse(written, "")


def _zeros(count: Value) -> Value:
    return literal("0").repeat(count)


def instant(column: Value, formats: Sequence[str]) -> Value:
    """Return the time a column states, in UTC; NULL where it states none.

    Args:
      column: Text, or a time or date the file itself types.
      formats: How the source writes times besides ISO 8601 in UTC and
        YYYY-MM-DD HH:MM:SS, as strptime has it; nothing is guessed.
    Raises:
      TypeError: The column is of another type.
    """
    import ibis

    kind = column.type()
    if kind.is_timestamp() or kind.is_date():
        return column.cast("timestamp")
    if not kind.is_string():
        raise TypeError(str(kind))
    iso = column.re_extract(_ISO, 0).try_cast("timestamp")
    if not formats:
        return iso

    @ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
    def try_strptime(text: str, how: str) -> datetime.datetime: ...  # type: ignore[empty-body]

    others = [try_strptime(column, how) for how in formats]
    return first_of(iso, *others)


def read_instant(value: object, formats: Sequence[str]) -> datetime.datetime | None:
    """Return the time a value states, in UTC and without a zone; as `instant` does."""
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day)
    if not isinstance(value, str):
        return None
    if _ISO_PYTHON.match(value):
        try:
            return datetime.datetime.fromisoformat(value[:19])
        except ValueError:
            return None
    for how in formats:
        try:
            return datetime.datetime.strptime(value, how)
        except ValueError:
            continue
    return None


def read_exact(value: object) -> int | None:
    """Return a number as a whole number of 10^-SCALE; None where it is not exact.

    Args:
      value: Text, or a number as a JSON reader gives it (Decimal or int).
    """
    if isinstance(value, Decimal) and abs(value.adjusted()) <= 2 * SCALE:
        value = format(value, "f")
    elif isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _EXACT_TEXT.match(value):
        return None
    text = value
    try:
        return to_quanta(Decimal(text), SCALE)
    except ValueError:
        return None


def of_parts(head: Decimal | None, tail: Decimal | None) -> int:
    """Return a sum the engine made in two parts as a whole number of 10^-SCALE."""
    whole = to_quanta(head, SCALE) if head is not None else 0
    if tail:
        whole += int(tail) * 10 ** (SCALE - HEAD - TAIL)
    return whole


def written(quanta: int) -> Decimal:
    """Return an amount with all its digits, and two decimals at least."""
    number = from_quanta(quanta, SCALE)
    short = number.normalize(WIDE) if number else number
    exponent = short.as_tuple().exponent
    assert isinstance(exponent, int)
    return number.quantize(
        Decimal(1).scaleb(min(exponent, -2) if number else -2), None, WIDE
    )
