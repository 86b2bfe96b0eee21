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

from beanscrow.money import WIDE, from_quanta, to_quanta
from beanscrow.usage.expressions import Table, Value, cases, first_of, literal
from beanscrow.usage.focus import NULLS

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


def plain(column: Value) -> Value:
    """Return the number a column states in the usual way; NULL where it does not.

    Args:
      column: Text, DECIMAL, an integer, or a floating-point number, which is read by
        its shortest text and never converted.
    Raises:
      TypeError: The column is of another type.
    """
    kind = column.type()
    if kind.is_decimal():
        return column
    if kind.is_integer():
        return column.cast("decimal(38, 0)")
    return _text(column).re_extract(_PLAIN, 0).try_cast(f"decimal(38, {HEAD})")


def exactly(rows: Table, names: Sequence[str]) -> Table:
    """Return rows with the exact numbers their columns state, however written.

    Step by step, because each step is used several times by the next.

    Args:
      rows: With the columns as the file has them.
      names: Columns `plain` takes.
    Returns:
      The rows with, for each name, `head_`: the number to 18 decimals or as the file
      types it, NULL where there is none; and where it is text, `tail_`: what is left of
      it, in units of 10^-36, and NULL where nothing is; `given_`: whether the file has
      anything in its place.
    """
    texts = [n for n in names if rows[n].type().is_string() or _floats(rows[n])]
    native = {f"head_{n}": plain(rows[n]) for n in names if n not in texts}
    power = {
        n: _POWER.replace("SIGN", "[-+]?" if _floats(rows[n]) else "-?") for n in texts
    }
    rows = rows.mutate(**native, **{f"text_{n}": _text(rows[n]) for n in texts})
    rows = rows.mutate(
        **{f"whole_{n}": rows[f"text_{n}"].re_extract(power[n], 2) for n in texts},
        **{f"after_{n}": rows[f"text_{n}"].re_extract(power[n], 3) for n in texts},
        **{f"power_{n}": _power(rows[f"text_{n}"], power[n]) for n in texts},
    )
    rows = rows.mutate(
        **{f"digits_{n}": rows[f"whole_{n}"].concat(rows[f"after_{n}"]) for n in texts},
        **{f"point_{n}": rows[f"whole_{n}"].length() + rows[f"power_{n}"] for n in texts},
    )
    rows = rows.mutate(**{f"pointed_{n}": _pointed(rows, n) for n in texts})
    rows = rows.mutate(
        **{f"fit_{n}": rows[f"pointed_{n}"].re_search(_POINTED) for n in texts}
    )
    rows = rows.mutate(
        **{f"head_{n}": _head(rows, n) for n in texts},
        **{f"rest_{n}": rows[f"pointed_{n}"].re_extract(_TAIL, 1) for n in texts},
        **{f"given_{n}": ~rows[f"text_{n}"].isin(NULLS).fill_null(True) for n in texts},
    )
    return rows.mutate(**{f"tail_{n}": _tail(rows, n) for n in texts})


def _floats(column: Value) -> bool:
    return bool(column.type().is_floating())


def _text(column: Value) -> Value:
    kind = column.type()
    if kind.is_string():
        return column
    if kind.is_floating():
        return column.cast("string")
    raise TypeError(str(kind))


def _power(text: Value, power: str) -> Value:
    return text.re_extract(power, 4).try_cast("int32")


def _pointed(rows: Table, name: str) -> Value:
    """Return a number written with a point, whatever it was written with."""
    digits, point = rows[f"digits_{name}"], rows[f"point_{name}"]
    length = digits.length()
    shifted = cases(
        (point <= 0, literal("0.").concat(_zeros(-point), digits)),
        (point >= length, digits.concat(_zeros(point - length))),
        otherwise=digits.left(point).concat(".", digits.substr(point)),
    )
    text = rows[f"text_{name}"]
    minus = text.startswith("-").ifelse("-", "")
    return rows[f"power_{name}"].isnull().ifelse(text, minus.concat(shifted))


def _head(rows: Table, name: str) -> Value:
    kept = rows[f"pointed_{name}"].re_extract(_HEAD, 0).try_cast(f"decimal(38, {HEAD})")
    return rows[f"fit_{name}"].ifelse(kept, None)


def _tail(rows: Table, name: str) -> Value:
    rest = rows[f"rest_{name}"]
    minus = rows[f"pointed_{name}"].startswith("-").ifelse("-", "")
    tail = minus.concat(rest.rpad(TAIL, "0")).try_cast("decimal(38, 0)")
    there = (rest.length() > 0) & rows[f"head_{name}"].notnull()
    return there.ifelse(tail, None)


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
