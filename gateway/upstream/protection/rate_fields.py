"""The structured fields `RateLimit` and `RateLimit-Policy`: a list of quoted names with numeric parameters."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

RateFields: TypeAlias = Mapping[str, Mapping[str, float]]
"""By policy name: `q` (quota) and `w` (window, seconds), or `r` (remaining) and `t` (seconds to the reset)."""

_ITEM: Final = re.compile(r'"([^"\\]{1,100})"([^",]{0,200})')
_PARAMETER: Final = re.compile(r";\s*([qwrt])=([0-9]{1,15})(?![0-9.])")


@lru_cache(maxsize=64)
def rate_fields(text: str) -> RateFields:
    """Every item that can be read; order and number are not fixed, and nonsense is no item."""
    return {
        name: {parameter: float(value) for parameter, value in _PARAMETER.findall(parameters)}
        for name, parameters in _ITEM.findall(text)
    }
