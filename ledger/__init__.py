"""The specimen books, as package data: ledgers to look at, and a skeleton to begin with.

    provider.beancount   a cloud provider with four investees
    startup.beancount    one of them, on the same deal file
    sunbird.beancount    a startup whose usage comes from a real billing export
    skeleton/            what `beanscrow init` copies

Reached with `importlib.resources.files("beanscrow.ledger")`.
"""
