"""Kubernetes quantities such as `50m` and `128Mi`: whether a text is one, and which of two is more."""

import re
from decimal import Decimal
from typing import Final

_QUANTITY: Final = re.compile(r"(?P<number>\d+(\.\d+)?)(?P<suffix>m|k|M|G|T|Ki|Mi|Gi|Ti)?")
_FACTORS: Final = {
    None: Decimal(1),
    "m": Decimal("0.001"),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
    "T": Decimal(10**12),
    "Ki": Decimal(2**10),
    "Mi": Decimal(2**20),
    "Gi": Decimal(2**30),
    "Ti": Decimal(2**40),
}


def amount(quantity: str) -> Decimal | None:
    """The number that a quantity stands for, or None where the text is no quantity."""
    found = _QUANTITY.fullmatch(quantity)
    return Decimal(found["number"]) * _FACTORS[found["suffix"]] if found else None
