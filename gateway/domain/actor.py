"""Who acts on the gateway, and what they may do there."""

from enum import StrEnum

from gateway.domain.frozen import frozen


class Role(StrEnum):
    """What a token is for: `viewer` reads the API, `operator` also acts, `client` files tickets."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    CLIENT = "client"


@frozen
class Actor:
    """Somebody the gateway knows by name."""

    name: str
    role: Role


LOCAL = Actor("local", Role.OPERATOR)
"""Whoever reaches a loopback listener for which nobody set up names."""
