"""Promises of time as people write them: `30s`, `15m`, `4h`, `2d`."""

import re
from typing import Annotated

from pydantic import Field

from gateway.policy.spelled import Spelled

_FORM = r"[1-9][0-9]{0,5}[smhd]"
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}

Duration = Annotated[
    str,
    Spelled(_FORM, "is no length of time; write a whole number and s, m, h or d, such as 15m"),
    Field(description="A whole number and a unit: s, m, h or d", examples=["15m", "4h", "2d"]),
]


def seconds(duration: Duration) -> float:
    """How long it is."""
    return float(int(duration[:-1]) * _SECONDS[duration[-1]])


def of_text(text: str) -> float | None:
    """The seconds that a text says; None where it says none."""
    return seconds(text) if re.fullmatch(_FORM, text) else None
