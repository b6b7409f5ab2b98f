"""Names of fields, told where there is little room. Clients name fields as they like."""

import re
from collections.abc import Sequence
from typing import Final

NAME: Final = re.compile(r"[A-Za-z0-9_.\-]{1,80}")
MOST_LISTED: Final = 50


def listed(fields: Sequence[str]) -> str:
    """In one line: what a header cannot carry, and what is too much for one, is only counted."""
    named = [field for field in fields if NAME.fullmatch(field)][:MOST_LISTED]
    further = len(fields) - len(named)
    return ", ".join([*named, f"{further} more"] if further else named)


def stored_otherwise(changed: Sequence[str]) -> str:
    """What a call's story says of fields that the platform ignored, defaulted, recomputed or cut."""
    return f"stored otherwise than sent: {listed(changed)}"
