"""What was agreed: typed terms of a deal.

The reader that makes them from Beancount directives is `beanscrow.deal.reader`;
it is not imported here, so that `policy`, which needs the terms, never reaches
Beancount.
"""
