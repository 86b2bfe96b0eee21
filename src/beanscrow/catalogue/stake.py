"""Codes of the stake (hundred 4)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {
    "E401": Kind(
        "A valuation of a stake that is not held",
        "Name a stake with `stake:`, on or after the day its units arrived.",
    ),
    "E402": Kind(
        "An impairment that would raise the stake",
        'Write an observable price as `kind: "observable"`.',
    ),
    "E403": Kind(
        "A fair value for a stake under the measurement alternative",
        "Move the stake to fair value first, or use observable, similar or impairment.",
    ),
    "E404": Kind(
        "A method the stake is carried by already",
        "Take the deal-reclassify out, or correct its method.",
    ),
    "E405": Kind(
        "A conversion without a fair value",
        "Say `fair-value:` of a unit of what it turns into.",
    ),
    "E406": Kind(
        "A stake directive no plugin books",
        'Add `plugin "beanscrow.plugins.stakes"`, or use `beanscrow.plugins.deals`.',
    ),
    "E407": Kind(
        "More units given up than are held",
        "Correct the number, the lot or the date of the sale or conversion.",
    ),
    "E408": Kind(
        "No stake under the equity method",
        'Elect `method: "equity-method"` for the one stake that has it.',
    ),
    "E409": Kind(
        "An ownership that is not known, or does not fall",
        "Say `ownership:` on the line or on the stake.",
    ),
}
