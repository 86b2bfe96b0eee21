"""Arithmetic in a ledger's text, as far as it must be known before it is parsed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, DecimalException

Token = tuple[str, object]

_DEEPEST = 50


def divides_by_zero(tokens: Sequence[Token]) -> bool:
    """Return whether a line of tokens divides by zero, or too deeply to be told.

    Args:
      tokens: Kind and value, as Beancount's lexer names them.
    """
    return any(
        kind == "SLASH" and _Operand(tokens, index + 1).is_zero()
        for index, (kind, _) in enumerate(tokens)
    )


class _Operand:
    """What a slash divides by: a number, a signed one, or an expression in brackets."""

    def __init__(self, tokens: Sequence[Token], start: int) -> None:
        self.tokens = tokens
        self.index = start
        self.depth = 0

    def is_zero(self) -> bool:
        """Return whether the operand is zero or cannot be reckoned."""
        try:
            return self._factor() == 0
        except (DecimalException, RecursionError):
            return True
        except _NotArithmetic:
            return False

    def _kind(self) -> str:
        return self.tokens[self.index][0] if self.index < len(self.tokens) else ""

    def _factor(self) -> Decimal:
        sign = 1
        while self._kind() in ("MINUS", "PLUS"):
            sign = -sign if self._kind() == "MINUS" else sign
            self.index += 1
        if self._kind() == "NUMBER":
            value = self.tokens[self.index][1]
            self.index += 1
            if not isinstance(value, Decimal):
                raise _NotArithmetic
            return value * sign
        if self._kind() != "LPAREN":
            raise _NotArithmetic
        self.index += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise RecursionError
        value = self._sum()
        if self._kind() != "RPAREN":
            raise _NotArithmetic
        self.index += 1
        return value * sign

    def _sum(self) -> Decimal:
        total = self._product()
        while self._kind() in ("PLUS", "MINUS"):
            adds = self._kind() == "PLUS"
            self.index += 1
            term = self._product()
            total = total + term if adds else total - term
        return total

    def _product(self) -> Decimal:
        product = self._factor()
        while self._kind() in ("ASTERISK", "SLASH"):
            multiplies = self._kind() == "ASTERISK"
            self.index += 1
            factor = self._factor()
            product = product * factor if multiplies else product / factor
        return product


class _NotArithmetic(Exception):
    """The tokens are no expression; the parser will say so itself."""
