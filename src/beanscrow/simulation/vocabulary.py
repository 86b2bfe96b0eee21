"""Every directive of a scenario file, as a table.

The reader obeys it and docs/simulate.md is made from it.  Ordinary directives of the
ledger language may stand beside these; they are described in `deal.vocabulary`.
"""

from __future__ import annotations

from decimal import Decimal

from beanscrow.deal.elections import ELECTIONS
from beanscrow.deal.terms import Role
from beanscrow.deal.vocabulary import DIRECTIVES as LEDGER
from beanscrow.deal.vocabulary.shapes import Directive, Family, Part

PREFIX = "scenario"
SIDES: tuple[Role, ...] = ("provider", "startup")
CURVES = ("even", "front-loaded", "back-loaded")

# More than all is drawn where usage beyond the credits is billed; 90 is meant for 0.90.
MOST_SHARE = Decimal(10)
INHERITED = "that of what it extends"
NAME = Part("name", "text", "Name of the scenario.")
DEAL = Part("deal", "text", "Id of the deal.")
_OWNER = {"provider": "P", "startup": "S"}


def _of_books() -> tuple[Part, ...]:
    """Return what `books` says of either side, as keys of a scenario."""
    keys = {part.name: part for part in LEDGER["books"].keys}
    parts = []
    for side in SIDES:
        for name in ("framework", "precision", *ELECTIONS):
            if name in ELECTIONS and ELECTIONS[name].owner not in ("", _OWNER[side]):
                continue
            parts.append(
                keys[name]._replace(
                    name=f"{side}-{name}",
                    required=False,
                    default=None,
                    otherwise="",
                    field="books",
                    owner="",
                )
            )
    return tuple(parts)


def _of_valuation(name: str, **more: object) -> Part:
    """Return a key of `deal-valuation`, as an assumption has it."""
    part = next(it for it in LEDGER["deal-valuation"].keys if it.name == name)
    return part._replace(required=False, **more)  # type: ignore[arg-type]


DIRECTIVES: dict[str, Directive] = {
    directive.name: directive
    for directive in (
        Directive(
            "scenario",
            "F",
            "One course that things may take, by name.",
            "-",
            "-",
            (NAME,),
            (
                Part("what", "text", "What it supposes, in one line."),
                Part("extends", "text", "Scenario it takes over and changes."),
                Part(
                    "until",
                    "date",
                    "Last day that is simulated, inclusive.",
                    otherwise=INHERITED,
                ),
                Part(
                    "currency",
                    "text",
                    "Functional currency of both sides.",
                    otherwise=f"{INHERITED}, or of `books` of the file",
                    check="commodity",
                ),
                Part("deals", "list", "Deals it is about.", otherwise="all of them"),
                Part(
                    "gpu-hour",
                    "amount",
                    "List price of a GPU-hour, before any cut.",
                    unit="money",
                ),
                *_of_books(),
            ),
        ),
        Directive(
            "scenario-usage",
            "F",
            "Credits drawn, or compute bought for money, month by month.",
            "-",
            "-",
            (NAME, DEAL),
            (
                Part(
                    "service",
                    "text",
                    "Service used.",
                    otherwise="the deal's service",
                    check="service",
                ),
                Part(
                    "total",
                    "amount",
                    "Credits or money in all.",
                    sign="not negative",
                    unit="usage",
                ),
                Part(
                    "share",
                    "number",
                    "Part of all credits the deal grants.",
                    sign="not negative",
                    most=MOST_SHARE,
                ),
                Part(
                    "per-month",
                    "amount",
                    "Credits or money of the first month.",
                    sign="not negative",
                    unit="usage",
                ),
                Part("from", "date", "First day, inclusive.", otherwise="its own date"),
                Part(
                    "to",
                    "date",
                    "Last day, inclusive.",
                    otherwise="the horizon, or the last day of the credits",
                ),
                Part(
                    "curve",
                    "text",
                    "How a total or a share lies over the months.",
                    default="even",
                    choices=CURVES,
                ),
                Part(
                    "growth",
                    "number",
                    "Each month's excess over the month before; negative for a decline.",
                    sign="any",
                ),
                Part(
                    "payment-days",
                    "count",
                    "Days after which a month's bill is paid.",
                    otherwise="never",
                    sign="not negative",
                ),
            ),
            (
                Family(
                    "usage-",
                    "usage-YYYY-MM",
                    Part(
                        "usage-YYYY-MM",
                        "amount",
                        "Credits or money of that month.",
                        sign="not negative",
                        unit="usage",
                        field="months",
                    ),
                ),
            ),
            exclusive=(("total", "share", "per-month"),),
            spans=(("from", "to"),),
        ),
        Directive(
            "scenario-breakage",
            "P",
            "Part of the credits granted that the provider expects never to be drawn.",
            "-",
            "-",
            (
                NAME,
                DEAL,
                Part(
                    "breakage",
                    "number",
                    "The part.",
                    sign="not negative",
                    most=Decimal(1),
                ),
            ),
            (Part("tranche", "text", "Tranche.", otherwise="each", check="component"),),
        ),
        Directive(
            "scenario-price-cut",
            "F",
            "A fall of the provider's list prices.",
            "-",
            "-",
            (
                NAME,
                DEAL,
                Part(
                    "cut", "number", "Part of the price that falls away.", most=Decimal(1)
                ),
            ),
            (
                Part(
                    "draws",
                    "text",
                    "Whether as many credits are drawn, or as many hours used.",
                    default="same",
                    choices=("same", "fewer"),
                ),
            ),
        ),
        Directive(
            "scenario-round",
            "P",
            "A price for the shares, up or down.",
            "-",
            "-",
            (
                NAME,
                DEAL,
                Part(
                    "price", "amount", "Price of a unit.", sign="not negative", unit="money"
                ),
            ),
            (
                _of_valuation("stake"),
                _of_valuation("kind", default="observable"),
            ),
        ),
        Directive(
            "scenario-failure",
            "F",
            "The startup fails.",
            "-",
            "-",
            (NAME, DEAL),
        ),
        Directive(
            "scenario-terms",
            "F",
            "Other terms than a line of the deal has.",
            "-",
            "-",
            (NAME, DEAL, Part("directive", "text", "Type of the line.")),
            (
                Part("tranche", "text", "Tranche of the line, to pick one."),
                Part("of", "date", "Date of the line, to pick one."),
            ),
        ),
    )
}
