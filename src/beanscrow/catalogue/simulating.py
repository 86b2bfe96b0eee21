"""Codes of simulations (hundred 8, from 20)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {
    "E820": Kind(
        "A scenario file without a scenario",
        'Begin it with a line such as `custom "scenario" "base"`.',
    ),
    "E821": Kind(
        "A line that is no part of a scenario",
        "Write what happens as a directive of a deal; what books say stands on the "
        "`scenario` line, as `provider-framework:` does.",
    ),
    "E822": Kind(
        "No such scenario",
        "Correct the name, or write the `scenario` line that begins it.",
    ),
    "E823": Kind(
        "Scenarios that extend each other in a circle",
        "Take one `extends:` out.",
    ),
    "E824": Kind(
        "Supposed twice",
        "Delete one of the two, or give the scenario a name of its own.",
    ),
    "E825": Kind(
        "A scenario of a deal that is not there",
        "Correct the id, or name the file that holds the `deal` line.",
    ),
    "E826": Kind(
        "A day outside the simulation",
        "Move the day between the beginning of the deal and `until:`, and before a failure.",
    ),
    "E827": Kind(
        "A usage that cannot be spread over months",
        "Say one of `total`, `share`, `per-month` or months, in one commodity.",
    ),
    "E828": Kind(
        "A scenario that does not say whose books",
        "Write `until:`, `currency:` and the framework of either side on it, or on what "
        "it extends.",
    ),
    "E829": Kind(
        "Terms of a line that is not there, or not one",
        "Name a line of the deal, with `tranche:` or `of:` where it has several.",
    ),
    "E830": Kind(
        "A failure in the middle of a contract",
        "Let the simulation end before what is still to be performed, or leave the "
        "failure out.",
    ),
    "E831": Kind(
        "A scenario of more than two parties",
        "Name the deals of one startup and one provider with `deals:`.",
    ),
    "E832": Kind(
        "A picture that cannot be drawn",
        "End its name in .svg or .png, and choose scenarios with `--scenario`.",
    ),
    "E833": Kind(
        "Accounts that cannot be told apart",
        "Give what is shown apart an account of its own, or leave `account-ROLE` out.",
    ),
    "E834": Kind(
        "A line that Beancount cannot read",
        "Correct the line as the message says.",
    ),
}
