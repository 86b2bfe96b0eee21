"""A second way to each number, and what is wrong with a ledger as it stands.

The invariants are derived from the booked entries and from the directives as they
were written, and never from the engine: this room imports neither `booking` nor
`policy`.  docs/checks.md lists them.
"""
