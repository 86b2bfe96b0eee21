"""Codes of accounts and booking (hundred 5)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {
    "E501": Kind(
        "A plugin configured that takes no configuration",
        "Leave the second string of the plugin line out; terms belong on `books`.",
    ),
    "E502": Kind(
        "A plugin listed twice",
        "List `beanscrow.plugins.deals` once, and none of its parts beside it.",
    ),
    "E503": Kind(
        "The stakes plugin without the escrow plugin before it",
        "List `beanscrow.plugins.deals`, or escrow and then stakes.",
    ),
    "E599": Kind(
        "A fault of beanscrow's own",
        "Report it with the line the message names; nothing of that deal is booked.",
    ),
}
