"""Random lives of a deal, within what a contract and a bookkeeper could write.

Left out, because the rules leave the number open (docs/worked-cases.md): estimates of
tranches that are forfeited in part, blended or, judged remote, amended; late rows of
amended tranches and under pro-rata; orders by price once a tranche is re-based;
proportional breakage and forfeits where the startup owns the escrow; and what
`journal.Undetermined` says.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.laws.authors.chooser import Drawn
from tests.laws.authors.draft import ALL, Wanted
from tests.laws.authors.life import written
from tests.laws.lives import Life


@st.composite
def lives(draw: st.DrawFn, wanted: Wanted = ALL) -> Life:
    """Lives of one deal, as Hypothesis chooses them."""
    return written(Drawn(draw), wanted)
