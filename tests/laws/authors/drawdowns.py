"""Usage of credits: draws, refunds and late rows."""

from __future__ import annotations

from datetime import date

from tests.laws.authors.draft import Draft, after, since
from tests.laws.facts import Amend, Usage


def write_usages(draft: Draft, stop: date | None) -> None:
    """Write draws, late rows and refunds.

    Args:
      stop: The day from which nothing is refunded, or None.
    """
    late = draft.wanted.late and not draft.rebased and draft.order != "pro-rata"
    late = late and not any(isinstance(fact, Amend) for fact in draft.facts)
    whole = sum(draft.whole(grant.credits) for grant in draft.grants if not grant.standing)
    services = ("Compute", "Storage") if draft.wanted.services else ("Compute",)
    ends = draft.ends + 60
    drawn: list[Usage] = []
    for number in range(draft.number(0, draft.size.usages)):
        day = draft.number(0, ends)
        credits = draft.credits(1, max(1, whole // draft.number(2, draft.size.draws)))
        usage = Usage(
            after(day),
            credits,
            draft.pick(services),
            import_id=f"u{number}",
            of=after(draft.number(0, day)) if late and draft.maybe(one_in=5) else None,
        )
        drawn.append(usage)
    draft.facts += drawn
    open_ = draft.abroad and any(grant.escrow for grant in draft.grants)
    open_ = open_ or (draft.size.careful and draft.order == "pro-rata")
    if draft.wanted.refunds and drawn and not open_:
        write_refunds(draft, drawn, ends, stop)


def write_refunds(draft: Draft, drawn: list[Usage], ends: int, stop: date | None) -> None:
    """Write refunds, each of a usage by name or of the newest."""
    for number in range(draft.number(0, draft.size.refunds)):
        of = draft.pick(drawn)
        day = draft.number(since(of.on), ends)
        if stop is not None and after(day) >= stop:
            continue
        draft.facts.append(
            Usage(
                after(day),
                -draft.credits(1, draft.whole(of.credits)),
                of.service,
                import_id=f"r{number}",
                refund_of=of.import_id if draft.maybe() else None,
            )
        )
