"""Promises of time as people write them: `30s`, `15m`, `4h`, `2d`."""

from typing import Annotated

from pydantic import Field, StringConstraints

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}

Duration = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,5}[smhd]$"),
    Field(description="A whole number and a unit: s, m, h or d", examples=["15m", "4h", "2d"]),
]


def seconds(duration: Duration) -> float:
    """How long it is."""
    return float(int(duration[:-1]) * _SECONDS[duration[-1]])
