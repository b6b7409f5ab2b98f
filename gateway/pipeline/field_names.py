"""Names of fields, told where there is little room. Clients name fields as they like."""

import re
from collections.abc import Sequence
from typing import Final

NAME: Final = re.compile(r"[A-Za-z0-9_.\-]{1,80}")
MOST_LISTED: Final = 50

_STORED_OTHERWISE: Final = "stored otherwise than sent: "
_FILLED_IN: Final = "filled in by the policy: "


def listed(fields: Sequence[str]) -> str:
    """In one line: what a header cannot carry, and what is too much for one, is only counted."""
    named = [field for field in fields if NAME.fullmatch(field)][:MOST_LISTED]
    further = len(fields) - len(named)
    return ", ".join([*named, f"{further} more"] if further else named)


def stored_otherwise(changed: Sequence[str]) -> str:
    """What a call's story says of fields that the platform ignored, defaulted, recomputed or cut."""
    return _STORED_OTHERWISE + listed(changed)


def filled_in(filled: Sequence[str]) -> str:
    """What a call's story says of fields that its policy's defaults gave."""
    return _FILLED_IN + listed(filled)


def told_as_stored_otherwise(event: str) -> tuple[str, ...]:
    """The fields in the former sentence; none in any other."""
    return _told(event, _STORED_OTHERWISE)


def told_as_filled_in(event: str) -> tuple[str, ...]:
    """The fields in the latter sentence; none in any other."""
    return _told(event, _FILLED_IN)


def _told(event: str, sentence: str) -> tuple[str, ...]:
    return tuple(event.removeprefix(sentence).split(", ")) if event.startswith(sentence) else ()
