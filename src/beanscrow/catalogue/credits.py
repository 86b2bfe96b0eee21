"""Codes of credits and their use (hundred 3)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {
    "E301": Kind(
        "More credits used than are left",
        'Say `overage: "bill"` on the deal, or split the usage as the message says.',
    ),
    "E302": Kind(
        "A tranche or a commitment that is not there on that day",
        "Name a tranche granted on or before the day, and drawable on it; or a commitment "
        "made by then.",
    ),
    "E303": Kind(
        "An overage without a price",
        "Write `overage-price:` on the deal, or the same `face:` on its grants.",
    ),
    "E304": Kind(
        "A refund of a usage that is not there",
        "Write the `import-id` of a usage that stands before the refund.",
    ),
    "E305": Kind(
        "A refund of more than was drawn",
        "Refund at most what was drawn or billed and not refunded yet.",
    ),
    "E306": Kind(
        "A refund into a tranche that was blended or forfeited",
        "Correct the blend or the forfeiture, or refund in money.",
    ),
    "E307": Kind(
        "A usage that straddles a change of the credits",
        "Split it at the day the message names.",
    ),
    "E308": Kind(
        "A remote judgement under the proportional method",
        "Write the estimate as `breakage:`.",
    ),
    "E309": Kind(
        "An amendment, or an end, of what has ended",
        "Grant new credits with a deal-grant, or promise anew with a deal-commitment.",
    ),
    "E310": Kind(
        "More credits forfeited than are held",
        "Forfeit at most what the tranche holds on that day, in its own commodity.",
    ),
    "E311": Kind(
        "More shares handed back than are held",
        "Write at most the units held on that day.",
    ),
    "E315": Kind(
        "A correction with which an earlier line cannot stand",
        "Correct the line the message names first, on the same day with a lower `sequence:`.",
    ),
    "E316": Kind(
        "A promise to spend changed to no more than was spent",
        "Promise more than was spent by then, or end it with a deal-commitment-end.",
    ),
    "E317": Kind(
        "An estimate of more credits than there are",
        "Judge remote at most what the tranche holds on that day, and expect never to be "
        "drawn at most what was granted.",
    ),
    "E312": Kind(
        "Training to be capitalised without its services, or the reverse",
        'Write `training-services:` beside `training-compute: "capitalise"`, or neither.',
    ),
    "E313": Kind(
        "A lease that cannot be measured",
        "Date the `deal-lease` on the day of its event, and give it a term and the two "
        "stand-alone prices.",
    ),
    "E314": Kind(
        "A financing component forced on a deal that has none",
        "Write the `ramp-YYYY-MM:` the contract fixes, or elect `auto`.",
    ),
    "E320": Kind(
        "Credits that are to count as spent, at no figure",
        "Write `face:` on the grant.",
    ),
    "E321": Kind(
        "A share price target for warrants that have none",
        "Write `hurdle:` on the deal-warrant, or take `condition:` off the milestone.",
    ),
    "E322": Kind(
        "Warrants valued before they have vested",
        "Value them once the purchases have earned all of them; a milestone says so where "
        "it was in doubt.",
    ),
    "E323": Kind(
        "A call of a backstop that is not in force",
        "Date it within `from:` and `to:` of a backstop of the deal.",
    ),
    "E324": Kind(
        "More called of a backstop than it has left",
        "Write the backstop that was agreed for it, or what exceeds it natively.",
    ),
    "E325": Kind(
        "A buy-back that cannot be exercised that day",
        "Date it within `from:` and `to:` of a call or a put, once.",
    ),
    "E326": Kind(
        "A buy-back whose terms contradict each other, and its sale",
        "Write a present value no larger than the price, and a day after the sale.",
    ),
    "E327": Kind(
        "A sale on the day of a buy-back that cannot be read",
        "Mend the buy-back the message points at; then the sale is booked as what it is.",
    ),
    "E330": Kind(
        "An onerous contract in books under US GAAP",
        "Take the line out; the loss is shown by `beanscrow report margin --by deal`.",
    ),
    "E331": Kind(
        "A cost of credits in another currency than the books'",
        "Write the cost of a credit in the functional currency.",
    ),
    "E332": Kind(
        "Credits provided for twice",
        "Judge the deal or its tranches, or end the earlier judgement with a cost of zero.",
    ),
    "E333": Kind(
        "Free credits judged an onerous contract",
        "Take the line out; the cost of a gift is shown by `promo-cost`.",
    ),
    "E340": Kind(
        "Two rates of a fleet for one day",
        "Keep one of the two lines the message names.",
    ),
}
