"""Write the tables of the language from the vocabulary the reader obeys.

Run: python docs/make_language.py

They stand on docs/ledger-language.md, and those of scenarios on docs/simulate.md.  What
stands between `<!-- made: NAME -->` and `<!-- end -->` is replaced; the rest of a page
is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from beanscrow.deal.elections import ELECTIONS
from beanscrow.deal.roles import ROLES
from beanscrow.deal.vocabulary import COMMON, DIRECTIVES, Directive, Family, Part
from beanscrow.simulation import vocabulary as scenario

PAGES = [Path(__file__).parent / name for name in ("ledger-language.md", "simulate.md")]
BLOCK = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
OWNERS = {
    "ledger": "the ledger",
    "F": "a fact",
    "F*": "a fact on which the sides may differ",
    "P": "the provider's",
    "S": "the startup's",
    "P/S": "either side's own",
    "F/P/S": "as the directive it corrects",
}
SIDES = {"": "both", "P": "provider", "S": "startup"}
AMOUNTS = {
    "money": "1.00 USD",
    "credits": "1000 MOON.CR",
    "usage": "1000 MOON.CR",
    "security": "1000 MOON.A",
    "warrant": "1000 AMD.W",
}
TEXTS = {
    "id": "moon",
    "deal": "moon",
    "role": "provider",
    "name": "NAME",
    "directive": "deal-stake",
    "service": "Compute",
    "method": "fvni",
    "tranche": "T1",
}
OTHERS = {"number": "0.25", "date": "2024-03-01", "account": "Expenses:Compute"}
SHAPES = {"count": "whole number", "flag": "TRUE or FALSE", "list": "text, by commas"}


def directives() -> str:
    """Return a section for each directive, with a table of its keys."""
    return "\n".join(_directive(directive) for directive in DIRECTIVES.values())


def common() -> str:
    """Return the table of the keys every directive takes."""
    return _table(("key", "type", "default", "meaning"), [_row(part) for part in COMMON])


def elections() -> str:
    """Return the table of elections."""
    rows = []
    for name, kind in ELECTIONS.items():
        words = [
            word + (" (not built)" if word in kind.not_built else "")
            for word in kind.choices
        ]
        choices = ", ".join(words) or "a number"
        if kind.not_built == ("*",):
            choices = "not built"
        default = kind.default
        if isinstance(default, dict):
            default = ", ".join(f"{v} ({k})" for k, v in default.items())
        rows.append((f"`{name}`", choices, f"{default}", SIDES[kind.owner], kind.meaning))
    return _table(("election", "choices", "default", "side", "what it decides"), rows)


def roles() -> str:
    """Return a table of account templates for each side."""
    parts = []
    for side, templates in ROLES.items():
        rows = [(f"`{role}`", f"`{template}`") for role, template in templates.items()]
        parts.append(_table((f"role in the {side}'s books", "default account"), rows))
    return "\n".join(parts)


def scenarios() -> str:
    """Return a section for each directive of a scenario file, with a table of its keys."""
    return "\n".join(_of_scenario(it) for it in scenario.DIRECTIVES.values())


def _of_scenario(directive: Directive) -> str:
    line = " ".join(_sample(it) for it in directive.positionals).replace("NAME", "base")
    lines = [
        f"#### {directive.name}",
        "",
        directive.meaning,
        "",
        f'`2027-01-01 custom "{directive.name}" {line}`',
        "",
    ]
    rows = [_row(part) for part in directive.keys if part.field != "books"]
    rows += [_family(family) for family in directive.families]
    if len(rows) < len(directive.keys):
        for side in scenario.SIDES:
            meaning = f"What `books` of the {side} says: framework, precision, an election."
            rows.append(
                (
                    f"`{side}-KEY`",
                    "as there",
                    f"{scenario.INHERITED}, or of `books` of the file",
                    meaning,
                )
            )
    if directive.name == "scenario-terms":
        rows.append(("any key of that line", "as there", "", "What it says instead."))
    text = "\n".join(lines)
    if rows:
        text += "\n" + _table(("key", "type", "default", "meaning"), rows)
    return text + "".join(f"{sentence}\n" for sentence in _rules(directive))


MAKERS: dict[str, Callable[[], str]] = {
    "directives": directives,
    "common": common,
    "elections": elections,
    "roles": roles,
    "scenarios": scenarios,
}


def render(page: str) -> str:
    """Return the page with every made block written anew."""
    return BLOCK.sub(lambda m: f"{m[1]}{MAKERS[m[2]]()}{m[3]}", page)


def _directive(directive: Directive) -> str:
    lines = [
        f"#### {directive.name}",
        "",
        directive.meaning,
        f"Owner: {OWNERS[directive.owner]}.",
        *_effects(directive),
        "",
        f'`2024-03-01 custom "{directive.name}" {" ".join(map(_sample, directive.positionals))}`',
        "",
    ]
    own = [part for part in directive.keys if part.field != "elections"]
    rows = [_row(part) for part in own]
    rows += [_family(family) for family in directive.families]
    if any(part.field == "elections" for part in directive.keys):
        rows.append(("any election", "see 2.12", "", "What is elected, of 2.12."))
    if directive.name == "deal-correct":
        rows.append(("any key of its target", "as there", "", "What it says instead."))
        rows.append(("`units`, `amount`", "amount", "", "The amount on its line instead."))
    text = "\n".join(lines)
    if rows:
        text += "\n" + _table(("key", "type", "default", "meaning"), rows)
    return text + "".join(f"{sentence}\n" for sentence in _rules(directive))


def _effects(directive: Directive) -> list[str]:
    """Return what a directive does in the books of either side, a sentence each."""
    if directive.owner == "ledger":
        return []
    if directive.provider == directive.startup:
        return [f"In the books of both: {directive.provider}."]
    effects = {"provider": directive.provider, "startup": directive.startup}
    return [
        f"In the {side}'s books: {effect}."
        for side, effect in effects.items()
        if effect != "-"
    ]


def _rules(directive: Directive) -> list[str]:
    """Return what binds the keys of a directive, a sentence each, after a blank line."""
    found = [f"At most one of {_keys(group)}." for group in directive.exclusive]
    found += [f"At least one of {_keys(group)}." for group in directive.one_of]
    for need in directive.needs:
        because = f'`{need.key}: "{need.value}"`' if need.value else f"`{need.key}`"
        only = ", and only there" if need.only else ""
        found.append(f"With {because}, `{need.wants}` is required{only}.")
    for first, second in directive.spans:
        begin = "its own date" if first == "date" else f"`{first}`"
        end = "its own date" if second == "date" else f"`{second}`"
        sentence = f"{begin} is on or before {end}."
        found.append(sentence[0].upper() + sentence[1:])
    return ["", *found] if found else []


def _keys(group: tuple[str, ...]) -> str:
    return ", ".join(f"`{key}`" for key in group)


def _sample(part: Part) -> str:
    if part.shape == "amount":
        return AMOUNTS[part.unit]
    if part.shape == "text":
        return f'"{TEXTS[part.name]}"'
    return OTHERS[part.shape]


def _row(part: Part) -> tuple[str, str, str, str]:
    if part.required:
        default = "required"
    elif part.otherwise:
        default = part.otherwise
    elif isinstance(part.default, bool):
        default = str(part.default).upper()
    elif isinstance(part.default, Decimal | int | str):
        default = f"{part.default}"
    else:
        default = ""
    kind = ", ".join(part.choices) or SHAPES.get(part.shape, part.shape)
    meaning = part.meaning
    if part.owner:
        meaning += f" Read by the {SIDES[part.owner]} only."
    return f"`{part.name}`", kind, default, meaning


def _family(family: Family) -> tuple[str, str, str, str]:
    kind = SHAPES.get(family.part.shape, family.part.shape)
    meaning = family.part.meaning
    if family.prefix == "usage-match-":
        meaning += f" TERM is one of {', '.join(family.suffixes)}."
    return f"`{family.shown}`", kind, "", meaning


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(render(page.read_text(encoding="utf-8")), encoding="utf-8")
