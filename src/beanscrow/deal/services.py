"""Services, and the account component each one becomes."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")


def account_part(service: str) -> str:
    """Return the component of account names that stands for a service.

    The words of the service in CamelCase, letters and digits only: "Compute" stays,
    "GPU hours (H100)" is "GPUHoursH100".

    Args:
      service: The service as the ledger writes it.
    Returns:
      A valid account component, or "" where the service has no letter or digit, or
      begins with a character that has no capital.
    """
    joined = "".join(word[0].upper() + word[1:] for word in _WORD.findall(service))
    return joined if is_component(joined) else ""


def is_component(text: str) -> bool:
    """Return whether the text can stand between the colons of an account name."""
    if text.isascii():
        first = text[:1]
        return (first.isupper() or first.isdigit()) and text.replace("-", "").isalnum()
    return (
        (text[0].isdecimal() or (text[0].isupper() and text[0].isalpha()))
        and all(c.isalpha() or c.isdecimal() or c == "-" for c in text)
    )  # fmt: skip
