"""Codes of importing usage (hundred 7)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {
    "E701": Kind(
        "A file is no FOCUS Cost and Usage export, or cannot be read",
        "Give the export as the provider delivers it: CSV, CSV.gz or Parquet, with the "
        "columns every FOCUS version has.",
    ),
    "E702": Kind(
        "A header names a column twice",
        "Remove one of the two columns, so that it is plain which one counts.",
    ),
    "E703": Kind(
        "The text of an export is broken",
        "Fetch the export again; a row cut short or a quote never closed would hide the "
        "rows after it.",
    ),
    "E704": Kind(
        "A Parquet file cannot be read, or types a column otherwise",
        "Fetch the export again; money is a DECIMAL, a number or text, a time is a "
        "timestamp or text.",
    ),
    "E705": Kind(
        "An export is larger than an import may be",
        "Split it by billing account, or unpack it first if it is what you want.",
    ),
    "E706": Kind(
        "Rows of an export cannot be read as they should",
        "Have the export mended, or leave the rows out with --waive and a reason, which "
        "is kept with the drawdowns.",
    ),
    "E707": Kind(
        "Rows match several deals of one priority",
        "Narrow the usage-match terms of one deal, or give one of them "
        "usage-match-priority; the lower number is looked at first.",
    ),
    "E708": Kind(
        "A deal's usage cannot be measured",
        "State one face for its grants, or choose another credit-measure.",
    ),
    "E709": Kind(
        "A file of imported usage is not as it was written",
        "Put it back, or delete it and import the bills of that month again.",
    ),
    "E710": Kind(
        "Another import is writing",
        "Wait for it to end and give the command again.",
    ),
    "E711": Kind(
        "The rows of an export do not add up",
        "Nothing is written; this is a fault of beanscrow, please report it.",
    ),
    "E712": Kind(
        "What was to be written would not read back the same",
        "Nothing is written; please report it with the message.",
    ),
    "E713": Kind(
        "No deal says which rows of a bill are its own",
        "Add usage-match terms to the deal-policy of the deals that are drawn on.",
    ),
    "E714": Kind(
        "Amounts add up to more than can be kept exactly",
        "Look for amounts that are out of all proportion; nothing is written.",
    ),
    "E715": Kind(
        "A refused line of a deal would change what is imported",
        "Mend the line, which `beanscrow check` shows as well, and import again.",
    ),
    "E716": Kind(
        "The ledger given with --into does not load",
        "Give the top file of the ledger, and mend what `beanscrow check` says of it.",
    ),
    "E717": Kind(
        "The folder of imported usage cannot be written",
        "Move away what stands where the folder usage goes, or ask for leave to write.",
    ),
    "F701": Kind(
        "The ledger does not include imported usage",
        'Add the line include "usage/*.beancount" to it.',
    ),
    "F702": Kind(
        "Usage of a deal lies on days no grant covers",
        "Look whether a grant or an amendment is missing, or bill these days in money.",
    ),
    "F703": Kind(
        "A later export has fewer rows than the one it replaces",
        "Give all files of an export in one command; else make sure that the rows are "
        "truly gone.",
    ),
    "F704": Kind(
        "An import that draws nothing",
        "Look whether the export is the one that is meant, and whether the usage-match "
        "terms name its provider and accounts as it does.",
    ),
}
