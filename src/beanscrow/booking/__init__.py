"""How it is written down: a schedule becomes Beancount transactions.

This room alone knows debit and credit.
"""
