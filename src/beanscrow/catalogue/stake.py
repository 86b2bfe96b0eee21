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
    "E410": Kind(
        "A result taken up before its lag is over",
        "Date it the day these books take it up: `equity-lag` months after `to`.",
    ),
    "E411": Kind(
        "A result taken up more than three months late",
        "Date it within three months of `to`; what was left out is a correction.",
    ),
    "E412": Kind(
        "A life that is no whole number of months",
        "Write `life-months:` as a whole number, or leave the life out for goodwill.",
    ),
    "E413": Kind(
        "A stake let go while a guaranteed liability for its losses stands",
        "Say what becomes of the guarantee with a deal-guarantee on or before the day.",
    ),
    "E414": Kind(
        "Influence lost, and no fair value of what is left",
        "Write `fair-value:` of a unit that day on the deal-reclassify.",
    ),
    "E415": Kind(
        "More paid under a guarantee than the losses that stand for it",
        "Write at most what stands as a liability for losses; the rest is another fact.",
    ),
    "E416": Kind(
        "Control gained, and no fair value of what was held",
        "Write `fair-value:` of a unit that day on the deal-control.",
    ),
    "E417": Kind(
        "Control gained a second time",
        "Keep one deal-control a security, all of one day.",
    ),
    "E418": Kind(
        "A contract settled for more than the stake is worth",
        "Correct `off-market:` or `fair-value:`: what settles the contract is part of what "
        "was paid.",
    ),
    "E419": Kind(
        "A conversion that does not say what it turns into",
        "Say `instrument:` of what comes.",
    ),
    "E420": Kind(
        "A security of two kinds",
        "Take `instrument:` out of the conversion, or correct the commodity.",
    ),
    "E421": Kind(
        "Own credit of what is not owed at fair value",
        "Take `own-credit:` out, or say `class:` of the stake with a deal-policy.",
    ),
}
