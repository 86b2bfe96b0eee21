"""The shapes a directive is described in: its parts, and what binds them."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

Shape = Literal[
    "amount", "number", "count", "date", "text", "flag", "account", "list",
    "number or amount",
]  # fmt: skip
Owner = Literal["ledger", "F", "F*", "P", "S", "P/S", "F/P/S"]
Sign = Literal["positive", "not negative", "not zero", "any"]
Unit = Literal["", "money", "credits", "security", "warrant", "usage"]
Check = Literal["", "id", "component", "commodity", "service", "timezone", "quantum"]

OWN_DATE = "its own date"
THE_NAME = "the name"
CAMEL_ID = "the id in CamelCase"
DEAL_SERVICE = "the deal's service"


class Part(NamedTuple):
    """One value of a directive: a positional, or the value of a metadata key.

    Attributes:
      name: As written in the ledger; of a positional, what the docs call it.
      shape: What kind of value Beancount must have parsed.
      meaning: One short sentence for the docs.
      required: Whether the directive is refused without it.
      default: Value where it is not written; None where there is none.
      otherwise: The default in words, where another value stands in.
      choices: The words allowed; empty where any text is.
      sign: Which numbers are allowed, of a number or an amount.
      most: Largest number allowed, inclusive; None where there is no limit.
      unit: Which commodity belongs there, of an amount.
      check: Further grammar of a text.
      owner: "P" or "S" where only one side reads it; "" as its directive.
      field: Name on the typed term, where not that of the key.
      not_built: Words of `choices` that no engine books yet; "*" for any value.
    """

    name: str
    shape: Shape
    meaning: str
    required: bool = False
    default: Decimal | str | bool | int | None = None
    otherwise: str = ""
    choices: tuple[str, ...] = ()
    sign: Sign = "positive"
    most: Decimal | None = None
    unit: Unit = ""
    check: Check = ""
    owner: Literal["", "P", "S"] = ""
    field: str = ""
    not_built: tuple[str, ...] = ()


class Family(NamedTuple):
    """Keys that share a prefix, such as `account-ROLE`.

    Attributes:
      prefix: What each key of it begins with, with the hyphen.
      shown: How the docs write it ("account-ROLE").
      part: What each value must be; its `field` gathers them by suffix.
      suffixes: The endings allowed; empty where a month YYYY-MM is wanted.
    """

    prefix: str
    shown: str
    part: Part
    suffixes: tuple[str, ...] = ()


class Needs(NamedTuple):
    """A key that another key makes necessary.

    Attributes:
      key: The key that asks.
      value: The word it must hold to ask; "" where any value does.
      wants: The key that must then stand there as well.
      only: Whether `wants` is out of place where nothing asks for it.
    """

    key: str
    value: str
    wants: str
    only: bool = True


class Directive(NamedTuple):
    """Everything the language says about one directive.

    Attributes:
      name: Type of the `custom` ("deal-grant").
      owner: Whose it is; see the head of docs/ledger-language.md.
      meaning: What it states, in one sentence.
      provider, startup: What it does in the books of either side.
      positionals: Values on the line itself, in order.
      keys: Metadata keys of its own, without those every directive takes.
      families: Keys with a common prefix.
      exclusive: Groups of keys of which at most one may be written.
      one_of: Groups of keys of which at least one must be written.
      needs: Keys that make others necessary.
      spans: Pairs of keys, the first of which must not be after the second;
        "date" is the directive's own date.
      leg: Whether it is a leg of a contract event.
    """

    name: str
    owner: Owner
    meaning: str
    provider: str
    startup: str
    positionals: tuple[Part, ...]
    keys: tuple[Part, ...] = ()
    families: tuple[Family, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    needs: tuple[Needs, ...] = ()
    spans: tuple[tuple[str, str], ...] = ()
    leg: bool = False


def field_of(part: Part) -> str:
    """Return the name a part has on its typed term."""
    return part.field or part.name.replace("-", "_")
