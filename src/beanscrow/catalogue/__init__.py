"""Every code an error, finding or note can carry, with what to do about it.

docs/errors.md is made from this table and from the specimens in tests/errors/.
The letter says how serious it is (E error, F finding, N note); the hundred says
where it arises, one module each.
"""

from __future__ import annotations

from beanscrow.catalogue import (
    accounts,
    commands,
    credits,
    importing,
    invariants,
    measurement,
    reading,
    simulating,
    stake,
)
from beanscrow.catalogue.kind import Kind

CATALOGUE: dict[str, Kind] = {
    **reading.KINDS,
    **measurement.KINDS,
    **credits.KINDS,
    **stake.KINDS,
    **accounts.KINDS,
    **invariants.KINDS,
    **importing.KINDS,
    **commands.KINDS,
    **simulating.KINDS,
}

__all__ = ["CATALOGUE", "Kind"]
