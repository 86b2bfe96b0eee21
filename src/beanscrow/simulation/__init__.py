"""What a deal that is not signed yet would do to both parties' books.

A scenario is text: ordinary directives, and assumptions that are expanded into ordinary
directives.  What is booked of them the engine books, for either side; nothing is
reckoned here that a ledger would not reckon.
"""
