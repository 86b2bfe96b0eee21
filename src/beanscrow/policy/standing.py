"""Where a tranche stands: its credits, its money, and what is expected never to be drawn."""

from __future__ import annotations

from beanscrow.deal.terms import Role
from beanscrow.money import from_quanta, round_half_up
from beanscrow.policy.schedule import EscrowMode, TrancheStanding, TrancheTerms
from beanscrow.policy.tranche import Tranche


def terms_of(tranche: Tranche) -> TrancheTerms:
    """Return what stays true of a tranche, with whose escrow stands beside it."""
    mode: EscrowMode = tranche.escrow_mode
    if tranche.kind != "credits" and mode == "trustee-startup":
        # Cash set aside beside credits that money pays for stays the provider's.
        mode = "trustee-provider"
    return TrancheTerms(
        tranche.name,
        tranche.commodity,
        tranche.kind,
        mode,
        tranche.at,
        tranche.overpaid,
        tranche.unconditional,
        tranche.paid_by,
        tranche.leased == "whole",
    )


def standing_of(
    tranche: Tranche, unit_scale: int, scale: int, side: Role
) -> TrancheStanding:
    """Return a tranche's units and money as they stand."""
    liability = tranche.unrecognised
    if tranche.waits:
        # What was delivered is a contract asset; the startup has paid in equity.
        liability = -tranche.recognised if side == "provider" else 0
    elif tranche.kind == "promotional":
        liability = 0
    elif tranche.escrow_mode == "startup" and tranche.kind == "credits":
        liability -= tranche.escrow_left + tranche.escrow_to_come
    return TrancheStanding(
        tranche=tranche.name,
        commodity=tranche.commodity,
        effective=tranche.effective,
        expires=tranche.expires,
        face=tranche.face,
        granted=from_quanta(tranche.granted, unit_scale),
        held=from_quanta(tranche.held, unit_scale),
        drawn=from_quanta(tranche.drawn, unit_scale),
        expired=from_quanta(tranche.expired, unit_scale),
        forfeited=from_quanta(tranche.forfeited, unit_scale),
        moved=from_quanta(tranche.moved_in - tranche.moved_out, unit_scale),
        price=from_quanta(tranche.price_in, scale),
        liability=from_quanta(liability, scale),
        escrow=from_quanta(tranche.escrow_carried, scale),
        expected_breakage=from_quanta(
            min(tranche.held, expected_breakage(tranche)), unit_scale
        ),
    )


def expected_breakage(tranche: Tranche) -> int:
    """Return the credits the newest estimate expects never to be drawn, in whole quanta."""
    return round_half_up(*tranche.expected_disclosed.as_integer_ratio())
