"""The values on the line of a directive itself: how many, and of what kind."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beancount.core import account as accounts
from beancount.core.amount import Amount

from beanscrow.deal import wording
from beanscrow.deal.values import Refusal, read_value

if TYPE_CHECKING:
    from beancount.core.data import Custom

    from beanscrow.deal.vocabulary import Directive


def read_positionals(
    entry: Custom,
    directive: Directive,
    roots: tuple[str, ...],
    values: dict[str, Any],
    refusals: list[Refusal],
) -> None:
    """Read the values of a directive's own line into `values`, by name.

    Args:
      entry: The directive as Beancount parsed it.
      directive: Its description.
      roots: Names of the ledger's five root accounts.
      values: Is given what was read.
      refusals: Is given what is wrong, at most one for each value.
    """
    written = [(v.value, v.dtype) for v in entry.values or []]
    wanted = directive.positionals
    if not written:
        refusals.append(
            Refusal("E102", f"nothing stands on the line; wanted {_shape(directive)}")
        )
        return
    if len(written) != len(wanted):
        refusals.append(
            Refusal(
                "E103",
                f"found {wording.all_of(_found(written))}; wanted {_shape(directive)}"
                + _why_more([value for value, _ in written]),
            )
        )
        return
    for part, (value, dtype) in zip(wanted, written, strict=True):
        try:
            values[part.name] = read_value(value, dtype, part)
            if part.shape == "account":
                check_account(value, roots)
        except Refusal as refusal:
            code = "E104" if refusal.code == "E108" else refusal.code
            refusals.append(Refusal(code, refusal.words))


def check_account(account: str, roots: tuple[str, ...]) -> None:
    """Refuse an account that no `open` of this ledger could open.

    Raises:
      Refusal: It does not begin with a root account, or is no account at all.
    """
    root = account.split(":", 1)[0]
    if root not in roots:
        raise Refusal(
            "E115",
            f"the account {account} must begin with {wording.one_of(roots, quote=False)}",
        )
    if not accounts.is_valid(account):
        raise Refusal(
            "E115",
            f"{wording.quoted(account)} is no account: each part begins with a capital "
            "letter or digit and has letters, digits and hyphens",
        )


def _found(written: list[tuple[Any, Any]]) -> list[str]:
    return [wording.found(v, account=d == accounts.TYPE) for v, d in written]


def _shape(directive: Directive) -> str:
    """Return the line as it should look: `"id" 1.00 USD`."""
    examples = {
        "amount": "an amount",
        "number": "a number",
        "date": "a date",
        "account": "an account",
    }
    words = [
        f"the {part.name} in quotes"
        if part.shape == "text"
        else f"{examples[part.shape]} ({part.name})"
        for part in directive.positionals
    ]
    return wording.all_of(words)


def _why_more(values: list[Any]) -> str:
    """Return what most often makes more or fewer values than were meant."""
    for first, second in zip(values, values[1:], strict=False):
        if isinstance(first, Decimal) and isinstance(second, Amount):
            return (
                f"; {first} {second} was read as two values, because a commodity must "
                "begin with a letter"
            )
        if isinstance(first, Decimal | Amount) and isinstance(second, Decimal | Amount):
            return "; one number a directive: repeat the directive for the other"
    return ""
