"""Codes of invariants of the booked entries (hundred 6)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {}
