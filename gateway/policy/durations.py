"""Promises of time as people write them: `30s`, `15m`, `4h`, `2d`."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

_FORM = re.compile(r"[1-9][0-9]{0,5}[smhd]")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}

Duration = Annotated[
    str,
    StringConstraints(pattern=f"^{_FORM.pattern}$"),
    Field(description="A whole number and a unit: s, m, h or d", examples=["15m", "4h", "2d"]),
]


def seconds(duration: Duration) -> float:
    """How long it is."""
    return float(int(duration[:-1]) * _SECONDS[duration[-1]])


def of_text(text: str) -> float | None:
    """The seconds that a text says; None where it says none."""
    return seconds(text) if _FORM.fullmatch(text) else None
