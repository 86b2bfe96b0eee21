"""Codes of reading a line of the ledger (hundred 1)."""

from __future__ import annotations

from beanscrow.catalogue.kind import Kind

KINDS: dict[str, Kind] = {}
