"""The escrow, stakes and checks plugins in one line, in that order.

plugin "beanscrow.plugins.deals"
"""

from __future__ import annotations

from beanscrow.plugins.checks import check
from beanscrow.plugins.escrow import book_contracts
from beanscrow.plugins.stakes import book_stakes

__plugins__ = (book_contracts, book_stakes, check)
