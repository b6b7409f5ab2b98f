"""Who acts on the gateway, and what they may do there."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a token is for: `viewer` reads the API, `operator` also acts, `client` files tickets."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody the gateway knows by name."""

    name: str
    role: Role


LOCAL = Actor("local", Role.OPERATOR)
"""Whoever reaches a loopback listener for which nobody set up names."""
