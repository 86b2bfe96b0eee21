"""One parsed value, made into the type the language wants there."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beancount.core import account as accounts
from beancount.core.amount import Amount

from beanscrow.deal import wording
from beanscrow.deal.names import COMMODITY, DEAL_ID, is_component
from beanscrow.deal.services import account_part
from beanscrow.deal.terms import Money

if TYPE_CHECKING:
    from beanscrow.deal.vocabulary.shapes import Part

_WHOLE_DIGITS, _DIGITS = 18, 28


class Refusal(Exception):
    """A value that cannot stand where it does.

    Attributes:
      code: Stable code of the catalogue.
      words: What was found, what was wanted, what to do.
    """

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def read_value(value: Any, dtype: Any, part: Part) -> object:
    """Return a parsed value as the type its part wants.

    Args:
      value: As Beancount parsed it.
      dtype: Beancount's mark of a positional; its account type sets accounts apart
        from text.  None for a metadata value, which carries no mark.
      part: What the language wants there.
    Raises:
      Refusal: The value is of another kind, or outside what is allowed.
    """
    if part.not_built == ("*",):
        raise Refusal("E112", f"{part.name} is not built yet; leave it out")
    is_account = dtype == accounts.TYPE
    match part.shape:
        case "amount" if _is_amount(value):
            return _in_range(Money(value.number, value.currency), value.number, part)
        case "number or amount" if _is_amount(value):
            whole = part._replace(most=None)
            return _in_range(Money(value.number, value.currency), value.number, whole)
        case "number" | "number or amount" if isinstance(value, Decimal):
            return _chosen_number(_in_range(value, value, part), part)
        case "count" if isinstance(value, Decimal):
            if not value.is_finite() or value != value.to_integral_value():
                raise _wrong(value, part, is_account)
            return int(value)
        case "date" if type(value) is datetime.date:
            return value
        case "flag" if isinstance(value, bool):
            return value
        case "account" if isinstance(value, str) and (is_account or dtype is None):
            return value
        case "text" if isinstance(value, str) and not is_account:
            return read_text(value, part)
        case "list" if isinstance(value, str) and not is_account:
            return _read_list(value, part)
        case _:
            raise _wrong(value, part, is_account)


def _is_amount(value: Any) -> bool:
    return (
        type(value) is Amount
        and isinstance(value.number, Decimal)
        and isinstance(value.currency, str)
    )


def read_text(value: str, part: Part) -> str:
    """Return a text that is one of the choices, or of the grammar, its part wants."""
    if not value:
        raise Refusal("E108", f"{part.name} is empty; wanted {wording.wanted(part)}")
    if part.choices and value not in part.choices:
        near = wording.nearest(value, part.choices)
        hint = f'; did you mean "{near}"?' if near else ""
        raise Refusal(
            "E109",
            f"{part.name} is {wording.quoted(value)}; wanted "
            f"{wording.one_of(part.choices)}{hint}",
        )
    if value in part.not_built:
        raise Refusal(
            "E112",
            f'{part.name} "{value}" is not built yet; leave it out or choose '
            + wording.one_of(c for c in part.choices if c not in part.not_built),
        )
    _check_grammar(value, part)
    return value


def _check_grammar(value: str, part: Part) -> None:
    match part.check:
        case "id" if not DEAL_ID.fullmatch(value):
            raise Refusal(
                "E115",
                f"the deal id {wording.quoted(value)} must be small letters, digits, "
                "hyphens and dots, a letter or digit first",
            )
        case "component" if not is_component(value):
            raise Refusal(
                "E115",
                f"{part.name} {wording.quoted(value)} becomes part of account names: a "
                "capital letter or digit first, then letters, digits and hyphens",
            )
        case "service" if not account_part(value):
            raise Refusal(
                "E115",
                f"{part.name} {wording.quoted(value)} has no letter or digit from "
                "which an account name could be made",
            )
        case "commodity" if not COMMODITY.fullmatch(value):
            raise Refusal(
                "E116",
                f"{part.name} {wording.quoted(value)} is no commodity: capital letters "
                "and digits, a letter first",
            )
        case "timezone":
            _check_timezone(value)
        case _:
            pass


def _check_timezone(value: str) -> None:
    if value == "UTC":
        return
    import zoneinfo  # here, because nearly every ledger does without

    try:
        zoneinfo.ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        if zoneinfo.available_timezones():
            raise Refusal(
                "E109",
                f"timezone {wording.quoted(value)} is not known; wanted a name such as "
                '"Asia/Shanghai" or "UTC"',
            ) from None


def _in_range(value: Any, number: Decimal, part: Part) -> Any:
    """Return the value, where its number is one that the part allows."""
    if not number.is_finite():
        raise Refusal("E113", f"{part.name} is {number}, which is no number")
    if number.adjusted() >= _WHOLE_DIGITS or len(number.as_tuple().digits) > _DIGITS:
        # Beancount adds up with 28 digits, and rounds what has more without a word.
        raise Refusal(
            "E113",
            f"{part.name} is {wording.figure(number)}; it may have {_WHOLE_DIGITS} digits "
            f"before the point and {_DIGITS} in all, which can be added up to the last one",
        )
    allowed = (
        part.sign == "any"
        or number > 0
        or (number < 0 and part.sign == "not zero")
        or (number == 0 and part.sign == "not negative")
    )
    if not allowed:
        want = {
            "positive": "more than zero",
            "not negative": "zero or more",
            "not zero": "any number but zero",
        }[part.sign]
        raise Refusal("E113", f"{part.name} is {wording.figure(number)}; it must be {want}")
    if part.most is not None and number > part.most:
        raise Refusal(
            "E113",
            f"{part.name} is {wording.figure(number)}; it is a fraction, "
            f"at most {wording.figure(part.most)}: write 0.25 for a quarter",
        )
    if part.check == "quantum" and number.normalize().as_tuple().digits != (1,):
        raise Refusal(
            "E113",
            f"{part.name} is {wording.figure(number)}; it must be a power of ten "
            "such as 0.01 or 1",
        )
    if part.check == "quantum" and number > 1:
        raise Refusal(
            "E113",
            f"{part.name} is {wording.figure(number)}; books are kept to a whole unit of "
            "money or finer: write at most 1",
        )
    return value


def _chosen_number(number: Decimal, part: Part) -> Decimal:
    if part.choices and number not in {Decimal(c) for c in part.choices}:
        raise Refusal(
            "E109",
            f"{part.name} is {wording.figure(number)}; wanted "
            + wording.one_of(part.choices, quote=False),
        )
    return number


def _read_list(value: str, part: Part) -> tuple[str, ...]:
    items = tuple(item.strip() for item in value.split(","))
    if not all(items):
        raise Refusal(
            "E108", f"{part.name} {wording.quoted(value)} has an empty place between commas"
        )
    for item in items:
        read_text(item, part)
    return items


def _wrong(value: object, part: Part, is_account: bool) -> Refusal:
    """Return the refusal of a value of another kind, with what often causes it."""
    hint = ""
    if part.shape == "amount" and isinstance(value, Decimal):
        hint = "; the commodity is missing"
    elif part.shape in ("number", "count") and type(value) is Amount:
        hint = "; leave the commodity out"
    elif part.shape in ("text", "list") and isinstance(value, bool):
        hint = f"; a bare {str(value).upper()} is a switch, quote it if it is a word"
    elif part.shape in ("text", "list") and value is None:
        hint = "; a bare NULL or an empty value is nothing, put the word in quotes"
    elif part.shape in ("amount", "number", "date", "flag", "account") and isinstance(
        value, str
    ):
        hint = "" if is_account else "; leave the quotes out"
    elif is_account:
        hint = "; put it in quotes"
    return Refusal(
        "E108",
        f"{part.name} is {wording.found(value, account=is_account)}; "
        f"wanted {wording.wanted(part)}{hint}",
    )
