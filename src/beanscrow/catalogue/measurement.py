"""Codes of contract events and their measurement (hundred 2)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {
    "E201": Kind(
        "Credits for nothing",
        "Say `price: 0.00` on the grant if the credits are a gift, else check the fair "
        "value of the stake and the cash paid.",
    ),
    "E202": Kind(
        "Credits with a negative price",
        "Check the fair value of the stake and the cash paid in the same event.",
    ),
    "E203": Kind(
        "A gain on the day of signing",
        "Add the grant or the commitment the stake pays for, give its `event:` the date of "
        "the stake, or let it wait for the same `milestone:`.",
    ),
    "E204": Kind(
        "Cash that pays for nothing",
        "Add the stake the cash pays for, or give its `event:` the date of the cash.",
    ),
    "E206": Kind(
        "No single measure to split the price by",
        "Give every grant of the event the same one: `ssp:`, or else `face:`.",
    ),
    "E207": Kind(
        "Two stakes that take their value from the credits",
        "Give all stakes of the event but one a fair value.",
    ),
    "E208": Kind(
        "Face value taken for fair value",
        'Use `fair-value-source: "ssp"`, or say why in `override:` of a deal-policy.',
    ),
    "E209": Kind(
        "A stake without a fair value",
        "Write `fair-value:` or `fair-value-total:`, or an `ssp:` on every grant of the "
        'event with `fair-value-source: "ssp"`.',
    ),
    "E210": Kind(
        "A blend that would extend credits silently",
        "Amend the old tranche to the new expiry first, with deal-amend.",
    ),
    "E211": Kind(
        "A blend of a tranche that cannot be blended",
        "Name tranches of the same deal and commodity that were granted before.",
    ),
    "E212": Kind(
        "An event with a leg that was refused",
        "Mend the leg the message points at; then the whole event is booked.",
    ),
    "E214": Kind(
        "An opening balance without its amount",
        "Write `opening-carrying:` in a deal-policy (stake), `price:` on the grant.",
    ),
    "E215": Kind(
        "A grant paid for twice",
        "Leave out `price:` or the escrow the startup owns.",
    ),
    "E216": Kind(
        "An amount finer than the books",
        "Round it as the contract says, or set `precision:` of `books`.",
    ),
    "E217": Kind(
        "No value of a credit's service",
        "Write `deal-credit-value` for the first day the credits can be used.",
    ),
    "E218": Kind(
        "No rate of exchange for an event",
        "Write a `price` of the currency for the day of the event; one of a day.",
    ),
    "E220": Kind(
        "A choice the framework does not leave",
        "Leave the election out, or choose what the paragraph in the message says.",
    ),
    "E221": Kind(
        "No fair value on the day shares are received",
        "Write a `deal-valuation` of the shares dated that day, or measure at inception.",
    ),
    "E222": Kind(
        "A ramp that does not say when everything is due",
        "Count the ramp up to the whole, month by month, from the event on.",
    ),
    "E223": Kind(
        "A financing component without its rate, or the reverse",
        'Write `sfc-rate:` beside `sfc: "force"`, or neither.',
    ),
    "E224": Kind(
        "A value that cannot be added up exactly",
        "Check the units and the price of one: their product has eighteen digits before the "
        "point at most.",
    ),
    "E290": Kind(
        "Not built yet",
        "Post the entry natively until it is, or take the directive out of this ledger.",
    ),
}
