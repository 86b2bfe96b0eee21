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
    "E806": Kind(
        "A directory that cannot be made or written",
        "Name another, in a folder where you may write.",
    ),
    "E810": Kind(
        "A file of the ledger that cannot be read",
        "Correct the path, or ask for leave to read the file.",
    ),
    "E811": Kind(
        "A folder where a file of the ledger should be",
        "Name the file, or end the pattern of the include in `*.beancount`.",
    ),
    "E812": Kind(
        "A file of the ledger that is no text in UTF-8",
        "Save it as UTF-8 text without a byte-order mark; a compressed or binary file is "
        "no ledger.",
    ),
    "E813": Kind(
        "A file of the ledger that is encrypted",
        "Check the ledger in plain text.",
    ),
    "E814": Kind(
        "A number divided by zero",
        "Write the number that is meant.",
    ),
    "E815": Kind(
        "A load that stopped",
        "Take the plugins out one by one to find the one that stops it.",
    ),
    "E816": Kind(
        "An include of a file that is not there",
        "Correct the path, which is taken from the folder of the file it stands in.",
    ),
    "E817": Kind(
        "A file that is included twice",
        "Take one of the include lines out; no file includes itself.",
    ),
    "E818": Kind(
        "A plugin that cannot be used",
        "Correct its name, or install it where beanscrow is installed.",
    ),
    "E819": Kind(
        "A pushtag or pushmeta that is not ended",
        "Write the poptag or popmeta that ends it.",
    ),
}
