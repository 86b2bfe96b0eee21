"""Usage of deals, read from a provider's billing exports.

    an export -> rows of one form -> rows matched to deals -> buckets -> drawdowns -> text

`engine` and `scan` let DuckDB, driven through Ibis, filter, add and count; everything
that multiplies, divides or rounds happens afterwards, in Python, on exact numbers.
Nothing here imports DuckDB, Ibis or PyArrow before an export is read.
"""
