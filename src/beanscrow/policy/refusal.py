"""Why a fact cannot be accounted for as it is written."""

from __future__ import annotations

from beanscrow.deal.problems import Position


class Refusal(Exception):
    """A fact the policy cannot account for; nothing of it is booked.

    Attributes:
      code: Stable code of the catalogue.
      message: What was found, what was wanted, what to do.
      at: The directive to show, where not the one being accounted for.
    """

    def __init__(self, code: str, message: str, at: Position | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.at = at


def not_built(what: str) -> Refusal:
    """Return the refusal of a fact the language knows and the engine does not book."""
    return Refusal(
        "E290",
        f"{what}: read and checked, but not built yet, so nothing of it is booked; "
        "post it natively until it is, or take it out of this ledger",
    )
