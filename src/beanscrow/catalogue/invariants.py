"""Codes of invariants of the booked entries (hundred 6)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

_REPORT = "Please report it, with the directive the line names and the deal around it."

KINDS: dict[str, Kind] = {
    "E601": Kind("A generated entry that is out of balance", _REPORT),
    "E602": Kind(
        "A generated entry that cannot be added up",
        "Look for a number of very many digits in the directive the line names; if there "
        "is none, please report it.",
    ),
    "E603": Kind("Credits of a tranche that do not add up", _REPORT),
    "E604": Kind("A state of the credits below zero", _REPORT),
    "E605": Kind(
        "Credits drawn on a day they may not be",
        "Write `of:` with the day of service on a late row; if the day is right, please "
        "report it.",
    ),
    "E606": Kind("Credits moved out of a tranche and not into another", _REPORT),
    "E607": Kind(
        "Escrow below zero",
        "Take out what was posted to the escrow by hand; if nothing was, please report it.",
    ),
    "E608": Kind(
        "A generated entry without a source",
        "Take `booked-by:` out of transactions you write yourself; if you wrote none, "
        "please report it.",
    ),
    "E609": Kind(
        "A directive without an entry",
        "See whether another plugin takes entries away, and list it before ours; if none "
        "does, please report it.",
    ),
    "E610": Kind("Credits not booked as written", _REPORT),
    "E611": Kind("An entry after the day the books have reached", _REPORT),
    "E612": Kind(
        "Checks listed before what they check",
        "List `beanscrow.plugins.checks` after escrow and stakes, or list "
        "`beanscrow.plugins.deals` alone.",
    ),
    "E613": Kind(
        "Checks listed twice",
        "List `beanscrow.plugins.deals` once, or each of its three plugins once.",
    ),
    "E614": Kind(
        "Deals that no plugin books",
        'Add the line `plugin "beanscrow.plugins.deals"` to the ledger itself, not to a '
        "file it includes.",
    ),
    "E615": Kind(
        "A configuration of the checks that says nothing known",
        "Write `{'findings': 'errors'}`, or leave the configuration out.",
    ),
    "E616": Kind("Checks that could not be completed", _REPORT),
    "E617": Kind("Credits held after they lapsed or were blended", _REPORT),
    "E618": Kind("Warrants earned that do not follow from the purchases", _REPORT),
    "E619": Kind("Gains in other comprehensive income without their security", _REPORT),
    "E620": Kind("A shortfall that does not follow from the purchases", _REPORT),
    "E621": Kind("Other days delivered than have passed", _REPORT),
    "E622": Kind("Lots taken out of a stake that are not there", _REPORT),
    "E623": Kind("Usage billed at another amount than written", _REPORT),
    "E624": Kind("A promise to spend released otherwise than it was bought", _REPORT),
    "E625": Kind("A fleet that is not carried at what its directives make it", _REPORT),
    "E626": Kind("Shares booked as earned that the credits drawn do not earn", _REPORT),
    "E627": Kind("An escrow in another currency that does not follow its rate", _REPORT),
    "E628": Kind("A correction booked as something else than what it replaces", _REPORT),
    "E629": Kind("Money owed in another currency that does not follow its rate", _REPORT),
    "E630": Kind("Income of the equity method that its directives do not make", _REPORT),
    "E631": Kind(
        "Profit deferred, or losses owed, beside a stake as nothing says", _REPORT
    ),
    "E632": Kind("What stands beside a stake does not go with it", _REPORT),
    "E633": Kind(
        "A subsidiary's stake, or its contract, still stands as a customer's", _REPORT
    ),
    "E634": Kind("Compute capitalised that does not train, or the reverse", _REPORT),
    "E635": Kind("Interest on compute paid for in advance that does not accrue", _REPORT),
    "E636": Kind("Rent that is not what its lease makes it", _REPORT),
    "E637": Kind("Shares that pay for compute measured otherwise than elected", _REPORT),
    "E638": Kind(
        "Revenue of blended credits on another line than what paid for it", _REPORT
    ),
    "E640": Kind("Warrants carried at another value than their last", _REPORT),
    "E641": Kind("Credits bought with money, billed at another price", _REPORT),
    "E642": Kind(
        "Capacity under a backstop booked otherwise than it was paid for", _REPORT
    ),
    "E643": Kind("A buy-back that does not follow from its prices and days", _REPORT),
    "E644": Kind("A guarantee that does not follow from its days and purchases", _REPORT),
    "E645": Kind("A provision that is not the loss on the credits owed", _REPORT),
    "E646": Kind("Two ends of a failure that are not linked", _REPORT),
    "E647": Kind(
        "Own credit in other comprehensive income that nothing says, or that is left",
        _REPORT,
    ),
    "E648": Kind("A liability at fair value that does not go with its units", _REPORT),
    "F601": Kind(
        "A posting by hand on an account the engine owns",
        "Write the fact as a directive, or use another account.",
    ),
    "F602": Kind(
        "A receivable below zero, or a payable above it",
        "Look for the payment that stands twice, as deal-payment and by hand.",
    ),
    "F610": Kind(
        "A plugin line without effect",
        "Move it to the ledger itself: Beancount takes no notice of it in an included file.",
    ),
    "F611": Kind(
        "An option that switches checks off", "Take the option out of the ledger."
    ),
    "F612": Kind(
        "A load cache beside the ledger",
        "Delete it, keep it out of version control, and set BEANCOUNT_DISABLE_LOAD_CACHE.",
    ),
    "F620": Kind(
        "Credits that have not moved for three years and never lapse",
        "Judge them with `deal-estimate remote:`, or agree an end with `deal-amend`.",
    ),
    "F621": Kind(
        "Preferred shares nobody has classified",
        "Answer IAS 32.15-27, and write the answer as `class:` of a deal-policy.",
    ),
    "F622": Kind(
        "Usage whose cost nobody bears",
        "Write a deal-charge for the service, dated the day of the usage or before.",
    ),
    "F623": Kind(
        "A price of our own that the stake was not marked to",
        "Write a deal-valuation on the day of the sale, purchase or conversion "
        "(321-10-35-2).",
    ),
    "F624": Kind(
        "A separate grant away from stand-alone selling price",
        "Read 606-10-25-12 again: it may be a blend.",
    ),
    "F625": Kind(
        "A price away from stand-alone selling price",
        "Look at the fair value of the stake and at `ssp:` once more; `valuation-gap` "
        "says how far is far.",
    ),
    "F626": Kind(
        "One security valued in one deal and not in another",
        "Write the valuation for every deal that holds the security.",
    ),
    "F627": Kind(
        "Shares paid for compute due more than a year later",
        "Judge whether the financing component is significant (606-10-32-15 to 32-18); "
        'book it natively, or elect `sfc: "off"`.',
    ),
    "F628": Kind(
        "A line of an earlier period corrected",
        "Judge whether the difference is material; if it is, restate the earlier statements "
        "(250-10-45-23; IAS 8.42) and edit the line instead.",
    ),
    "F630": Kind(
        "A result taken up later than elected",
        "Date it the day it was due, or say in `equity-lag` how late these books are: the "
        "lag is the same from period to period (323-10-35-6; IAS 28.34).",
    ),
    "F631": Kind(
        "Days of an investee's result that are taken up twice, or before the stake",
        "Correct `from:` and `to:`, or say in a note that one line corrects another.",
    ),
    "F632": Kind(
        "A further purchase that leaves a question of the equity method open",
        "Write `ownership:` on the deal-stake; judge whether it pays for losses kept in "
        "mind (323-10-35-29).",
    ),
    "F633": Kind(
        "Control gained, and something of the startup left outside",
        "Write a deal-control for every deal and security of the startup, and say in "
        "`off-market` what the settlement of its contract is worth.",
    ),
    "F634": Kind(
        "A service that is capitalised by election and charged as well",
        "The deal-charge goes first; take it out, or the service out of "
        "`training-services:`.",
    ),
    "F635": Kind(
        "A draw measured by shares nobody has valued for a quarter",
        "Write a `deal-valuation` nearer to the day of service.",
    ),
    "F636": Kind(
        "A dedicated cluster of which nobody says whether it is leased",
        'Answer with a deal-lease on the day of the event, `kind: "none"` where it is not.',
    ),
    "F637": Kind(
        "Preferred shares under the equity method, and nobody says why",
        "Say in a `note:` why they are common shares in substance (323-10-15-13), or choose "
        "another method.",
    ),
    "F638": Kind(
        "Losses kept in mind while more of the investee is held",
        "Judge what of them goes on against the other securities (323-10-35-24 to 35-28; "
        "IAS 28.38).",
    ),
    "F639": Kind(
        "An estimate changed by an amendment of nothing else",
        "Write it as a deal-estimate: it is a catch-up (606-10-32-43).",
    ),
    "F640": Kind(
        "A promise to spend that credits paid for in shares fulfil",
        "Disclose no purchase obligation for it (440-10-50-2), or see whether the contract "
        "really counts credits.",
    ),
    "F641": Kind(
        "Warrants that have vested and were not valued since",
        "Write a deal-valuation with `stake:` the warrants; they are an investment at fair "
        "value from then on (815-10-35-1; IFRS 9.5.7.1).",
    ),
    "F642": Kind(
        "Credits blended, and their estimate of breakage left behind",
        "Write a deal-estimate of the new tranche, from the day of the blend.",
    ),
    "F643": Kind(
        "A buy-back years ahead at an undiscounted price",
        "Write `present-value:`, the price discounted to the day of the sale.",
    ),
    "F644": Kind(
        "A change of what is owed at fair value, and its own-credit part not said",
        "Write `own-credit:` on the deal-valuation, 0.00 where it made nothing "
        "(IFRS 9.5.7.7).",
    ),
    "F645": Kind(
        "Credits that cost more to serve than is still to come for them",
        "Judge which of the cost is unavoidable, and write it as a deal-onerous (IAS 37.66 "
        "to 37.69); where none is, write it with a cost of zero.",
    ),
    "F646": Kind(
        "One end of a failure without the other",
        "Write the stake off on the day of the failure or before, or forfeit the credits "
        "that nobody can draw any more.",
    ),
    "F647": Kind(
        "A fleet-rate in credits that no deal grants",
        "Write the commodity as the deal-grant does.",
    ),
    "F648": Kind(
        "Money owed in another currency settled by hand",
        "Write a deal-payment in the currency it is owed in, and take the posting out.",
    ),
    "F651": Kind(
        "A promise to spend that outlasts the failure of the startup",
        "See whether what is owed under it will be collected (606-10-25-1(e), 25-5; IFRS "
        '15.9(e), 15.13); if not, end it with a deal-commitment-end of `reason: "failure"`.',
    ),
    "F652": Kind(
        "One line alone carries the books ahead",
        "Correct its date, or write `through:` on `books`: without it the books have "
        "reached the latest date of any line, native and refused ones too, and credits "
        "that end before it lapse.",
    ),
    "F653": Kind(
        "A ledger that holds nothing",
        "Give the ledger that includes the deals, or look why its text is gone.",
    ),
    "F650": Kind(
        "Accounts of deals that are not open",
        "Write `open-accounts: TRUE` on `books`, or open the accounts.",
    ),
    "F649": Kind(
        "Books that have reached no deal",
        "Write as `through:` the last day these books have reached, or leave it out.",
    ),
}
