"""A line that was read, made into the typed term it states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from beanscrow.deal import correction
from beanscrow.deal.names import camel
from beanscrow.deal.terms import Books, ByMonth, Correct, Deal, Usage
from beanscrow.deal.vocabulary import (
    CAMEL_ID,
    DEAL_SERVICE,
    DIRECTIVES,
    OWN_DATE,
    TERMS,
    THE_NAME,
    Part,
    field_of,
)

if TYPE_CHECKING:
    from beanscrow.deal.lines import Line

# Fields of a term that a line leaves to another of its values.
_FOLLOWING: dict[str, tuple[Part, ...]] = {
    name: tuple(
        part
        for part in directive.keys
        if part.otherwise in (OWN_DATE, THE_NAME, CAMEL_ID, DEAL_SERVICE)
    )
    for name, directive in DIRECTIVES.items()
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    name: {
        field_of(part): part.default
        for part in directive.keys
        if part.default is not None and field_of(part) not in ("rest", "elections")
    }
    for name, directive in DIRECTIVES.items()
}
_FIELDS: dict[str, dict[str, str]] = {
    name: {
        part.name: field_of(part)
        for part in (*directive.positionals, *directive.keys)
        if field_of(part) not in ("rest", "elections")
    }
    for name, directive in DIRECTIVES.items()
}


def fact(line: Line, service: str = "Compute") -> Any:
    """Return the typed term a line states, with every default that needs no other line.

    Args:
      line: What was read.
      service: Service of the line's deal, for a usage that names none.
    Returns:
      The term named by `vocabulary.TERMS`.
    """
    directive = line.directive
    term: Any = TERMS[directive.name]
    values = line.values
    stated: dict[str, Any] = {**_DEFAULTS[directive.name], "at": line.at}
    stated["date"] = line.date
    for name, field in _FIELDS[directive.name].items():
        if name in values:
            stated[field] = values[name]
    for part in _FOLLOWING[directive.name]:
        if part.name not in values:
            stated[field_of(part)] = _following(part, line, service)
    stated.update(line.gathered)
    if "ramp" in stated:
        stated["ramp"] = ByMonth(stated["ramp"])
    if "sequence" in term._fields:
        stated["sequence"] = values.get("sequence", 0)
        stated["rest"] = line.rest
    if term is Correct:
        stated.pop("ramp", None)
        stated["replacements"] = {**correction.replaced(values), **_ramps(line)}
    if term is Usage and "import_id" in stated:
        stated["rest"] = ""  # the import-id alone tells it from every other
    return term(**stated)


def _ramps(line: Line) -> dict[str, Any]:
    ramp = line.gathered.get("ramp", {})
    return {f"ramp-{month}": money for month, money in ramp.items()}


def _following(part: Part, line: Line, service: str) -> object:
    match part.otherwise:
        case "its own date":
            return line.date
        case "the name":
            return line.values["name"]
        case "the id in CamelCase":
            return camel(line.deal)
        case _:
            return service


def same_statement(term: Any) -> object:
    """Return what makes two terms one and the same statement, wherever they stand.

    Everything but the position, in a form that can be compared and hashed.
    """
    if isinstance(term, Books | Deal):
        return term.at
    return (type(term).__name__, *(_hashable(value) for value in term[1:]))


def _hashable(value: object) -> object:
    if isinstance(value, dict):
        return tuple(sorted((key, _hashable(held)) for key, held in value.items()))
    return value
