"""Codes of commands (hundred 8)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {
    "E801": Kind(
        "No deal plugin ran on the ledger",
        'Add the line `plugin "beanscrow.plugins.deals"` to the ledger itself, not to a '
        "file it includes.",
    ),
    "E802": Kind(
        "A report does not tie to the booked accounts",
        "Look for a native transaction on the account named: `beanscrow explain LEDGER "
        "ACCOUNT` lists what is posted there.",
    ),
    "E803": Kind(
        "Books would be shown to other machines without a login",
        "Put a proxy that asks for a login in front, and name it with `--behind-proxy`.",
    ),
    "E804": Kind(
        "The port is not free",
        "Choose another with `--port`; `--port 0` finds a free one.",
    ),
    "E805": Kind(
        "The directory is not empty",
        "Name a new directory; nothing there is overwritten.",
    ),
}
