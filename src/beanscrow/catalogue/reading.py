"""Codes of reading a line of the ledger (hundred 1)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {
    "E101": Kind(
        "No such directive",
        "Correct the name; every directive is listed in docs/ledger-language.md.",
    ),
    "E102": Kind(
        "A directive with nothing on its line",
        'Write what it is about behind its name, as in custom "deal-cash" "moon" 1.00 USD.',
    ),
    "E103": Kind(
        "Too many or too few values on the line",
        "Keep the values the directive wants; a commodity begins with a letter, and a "
        "second number goes to a directive of its own.",
    ),
    "E104": Kind(
        "A value of the wrong kind on the line",
        "Write the kind that is wanted: text in quotes, an amount with its commodity, a "
        "number without, an account without quotes.",
    ),
    "E105": Kind(
        "Unknown key",
        "Correct the key, move it to the directive it belongs to, or begin it with x- if "
        "it is your own.",
    ),
    "E106": Kind(
        "Reserved key",
        "Give the key another name: lineno and filename replace the position of the "
        "directive, so that errors would point elsewhere.",
    ),
    "E107": Kind(
        "A key is missing",
        "Add the key; where it seems to be there, look for a blank line inside the "
        "metadata.",
    ),
    "E108": Kind(
        "A key holds a value of the wrong kind",
        "Write the kind that is wanted; a word that could be TRUE, FALSE or NULL goes in "
        "quotes.",
    ),
    "E109": Kind("Not among the choices", "Use one of the words the message lists."),
    "E110": Kind(
        "Two keys that exclude each other",
        "Keep the one that is exact: of a price for one and a total, usually the total.",
    ),
    "E111": Kind(
        "A key that needs another",
        "Add the key that is wanted, or take out the one that asks for it.",
    ),
    "E112": Kind(
        "Not built yet",
        "Leave the election out or choose another: it is refused so that it is not "
        "ignored.",
    ),
    "E113": Kind(
        "A number outside what is allowed",
        "Check the sign and the size; a fraction is written 0.25, not 25.",
    ),
    "E114": Kind(
        "Dates in the wrong order",
        "Correct one of the two; the first and the last day of a period both count.",
    ),
    "E115": Kind(
        "A name that cannot be part of an account",
        "Begin it with a capital letter or a digit and keep to letters, digits and "
        "hyphens; a deal id is in small letters.",
    ),
    "E116": Kind(
        "Not a commodity",
        "Write the commodity as amounts have it: capital letters and digits, a letter "
        "first.",
    ),
    "E117": Kind(
        "A commodity that does not belong there",
        "Use the currency of the contract event for money, a granted commodity for "
        "credits, a stake's commodity for shares.",
    ),
    "E118": Kind(
        "Unknown placeholder in an account template",
        "Use {Deal}, {Tranche}, {Service} or {Instrument}.",
    ),
    "E121": Kind(
        "Written a second time",
        "Delete one of the two, or give it a name of its own.",
    ),
    "E122": Kind(
        "Two deals with one account component",
        "Say `account:` on one of the deals.",
    ),
    "E123": Kind(
        "No such deal or fleet",
        "Correct the id, or include the file that holds its `deal` line.",
    ),
    "E124": Kind(
        "Dated before it began",
        "Correct the date of the line, or of the deal or fleet it is about.",
    ),
    "E125": Kind(
        "One party with two names",
        "Write the startup's name alike on every deal of the party.",
    ),
    "E126": Kind(
        "The same directive twice",
        "Delete one, or tell them apart by `sequence:` or `import-id:` if both are meant.",
    ),
    "E127": Kind(
        "An import-id twice",
        "Delete the drawdown that was imported a second time.",
    ),
    "E128": Kind(
        "Nobody's books",
        'Add one `custom "books"` line that says whose books the ledger keeps.',
    ),
    "E129": Kind(
        "It does not say which one",
        "Name the tranche or the stake: the deal has several.",
    ),
    "E130": Kind(
        "Who owns the escrow is not said",
        "Add `escrow-owner:` to the deal; it has no default because it decides whose "
        "cash it is.",
    ),
    "E131": Kind(
        "It speaks of something the deal does not have",
        "Correct the name of the tranche, stake, warrant, import-id or directive.",
    ),
    "E132": Kind(
        "Shares of a service that do not sum to 1",
        "Correct the shares of that date and service, or add the account that is missing.",
    ),
    "E133": Kind(
        "Escrow that nobody owns",
        "Correct `escrow-owner:` of the deal, or take `escrow:` out of the grant.",
    ),
    "E134": Kind(
        "A service that stands ready is not drawn",
        "Take the line out, or take `delivery:` out of the grant: the days of the term "
        "use it up.  Give credits that are drawn a commodity of their own.",
    ),
    "E135": Kind(
        "A milestone that was met already",
        "Take the line out; what happened since has a line of its own.",
    ),
    "E140": Kind(
        "Arithmetic on the line",
        "Write the one number that is meant: Beancount would keep the result and show "
        "nothing of it.",
    ),
    "E141": Kind(
        "A key written twice",
        "Keep one: Beancount would take the last without a word.",
    ),
    "E142": Kind(
        "Keys cut off by a gap",
        "Remove the blank line, or the comment at the margin, inside the metadata.",
    ),
    "E199": Kind(
        "A fault in beanscrow",
        "Please report the message together with the line it names.",
    ),
    "F101": Kind(
        "Names that look like one party",
        "Write the name alike on both deals, or give both one `party:`.",
    ),
    "F102": Kind(
        "Two services with one account part",
        "Write the service alike, or rename one of the two.",
    ),
    "F103": Kind(
        "A number cut off by a division",
        "Say the total (`fair-value-total`, `headline-total`, `price`) instead of the "
        "price of one.",
    ),
    "N101": Kind(
        "The other side's judgement",
        "Nothing to do: it was checked and is not read in these books.",
    ),
    "N102": Kind(
        "A fair value that is not used",
        "Nothing to do: the stake is measured by the credits, as its source says.",
    ),
    "N103": Kind(
        "Lines that wait for their deal",
        "Correct the deal line the message names.",
    ),
    "N104": Kind(
        "A key that only the other side reads",
        "Nothing to do: the line holds, without the key.",
    ),
}
