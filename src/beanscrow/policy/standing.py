"""Where a deal stands: each tranche's credits and money, and what will lapse unused."""

from __future__ import annotations

from beanscrow.money import from_quanta
from beanscrow.policy.schedule import (
    EscrowMode,
    Lapsed,
    TrancheStanding,
    TrancheTerms,
)
from beanscrow.policy.tranche import Tranche


def terms_of(tranche: Tranche) -> TrancheTerms:
    """Return what stays true of a tranche, with whose escrow stands beside it."""
    mode: EscrowMode = tranche.escrow_mode
    if tranche.kind != "credits" and mode == "trustee-startup":
        # Cash set aside beside credits that money pays for stays the provider's.
        mode = "trustee-provider"
    return TrancheTerms(
        tranche.name, tranche.commodity, tranche.kind, mode, tranche.at, tranche.overpaid
    )


def standing_of(tranche: Tranche, unit_scale: int, scale: int) -> TrancheStanding:
    """Return a tranche's units and money as they stand."""
    liability = tranche.unrecognised
    if tranche.kind == "promotional":
        liability = 0
    elif tranche.escrow_mode == "startup" and tranche.kind == "credits":
        liability -= tranche.escrow_left
    return TrancheStanding(
        tranche=tranche.name,
        commodity=tranche.commodity,
        kind=tranche.kind,
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
        escrow=from_quanta(tranche.escrow_left, scale),
        expected_breakage=from_quanta(round(tranche.expected_disclosed), unit_scale),
    )


def forecast_of(tranche: Tranche, rule: str, unit_scale: int, scale: int) -> Lapsed | None:
    """Return what will expire of a tranche if nothing more is drawn, or None."""
    if not tranche.expires or tranche.lapsed or not tranche.held:
        return None
    return Lapsed(
        tranche.at,
        tranche.expires,
        rule,
        tranche.name,
        from_quanta(tranche.held, unit_scale),
        from_quanta(tranche.unrecognised, scale),
        from_quanta(tranche.escrow_left, scale),
    )
