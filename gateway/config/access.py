"""`access`: who may use the listeners, by token or on the word of a trusted proxy."""

import ipaddress
from collections import Counter
from collections.abc import Sized
from typing import Annotated

from pydantic import AfterValidator, field_validator
from pydantic_core import PydanticCustomError

from gateway.config.forms import form
from gateway.config.upstream_settings import HeaderName
from gateway.domain.actor import Role
from gateway.policy.strict import Strict

TokenName = Annotated[
    str,
    form(
        r"[A-Za-z0-9]([A-Za-z0-9._@-]{0,98}[A-Za-z0-9])?",
        "must be 1 to 100 letters, digits and . _ @ - between them: it is shown wherever its holder acts",
    ),
]
Digest = Annotated[
    str, form(r"[0-9a-f]{64}", "must be the 64 hex digits that `itsm-gateway token` prints, never the token itself")
]
Host = Annotated[
    str,
    form(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", "must be a host name in lower case, without scheme and port"),
]
EVERYONE = "*"


def _network(given: str) -> str:
    try:
        ipaddress.ip_network(given)
    except ValueError:
        raise PydanticCustomError(
            "network", 'must be an address or a network, such as "10.0.0.5" or "10.0.0.0/24"'
        ) from None
    return given


class AccessToken(Strict):
    """One token, known by its digest only."""

    name: TokenName
    role: Role
    sha256: Digest


class IdentityHeader(Strict):
    """A header in which a trusted reverse proxy names who signed in."""

    name: HeaderName
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...]
    roles: dict[str, Role]

    @field_validator("trusted_proxies", "roles")
    @classmethod
    def _not_empty(cls, given: Sized) -> Sized:
        if not given:
            raise PydanticCustomError("empty", "must name at least one: with none, nobody could sign in")
        return given

    @field_validator("roles")
    @classmethod
    def _for_people(cls, roles: dict[str, Role]) -> dict[str, Role]:
        if Role.CLIENT in roles.values():
            raise PydanticCustomError("people", "people are 'viewer' or 'operator'; programs use a token")
        return roles


class Access(Strict):
    """Who may use the listeners."""

    tokens: tuple[AccessToken, ...] = ()
    identity_header: IdentityHeader | None = None
    hosts: tuple[Host, ...] = ()

    @field_validator("tokens")
    @classmethod
    def _told_apart(cls, tokens: tuple[AccessToken, ...]) -> tuple[AccessToken, ...]:
        for key in ("name", "sha256"):
            value, times = max(Counter(getattr(each, key) for each in tokens).items(), key=_often, default=("", 0))
            if times > 1:
                raise PydanticCustomError(
                    "twice", "{key} {value} is there twice; each token needs its own", {"key": key, "value": value}
                )
        return tokens

    @property
    def names_people(self) -> bool:
        """Whether somebody is named who may look at the API, so that nobody else may."""
        return self.identity_header is not None or any(each.role is not Role.CLIENT for each in self.tokens)

    @property
    def names_anyone(self) -> bool:
        """Whether anybody at all can prove who they are to the API."""
        return bool(self.tokens) or self.identity_header is not None

    @property
    def names_clients(self) -> bool:
        """Whether some program may use a proxy listener under a name."""
        return any(each.role is Role.CLIENT for each in self.tokens)


def _often(counted: tuple[str, int]) -> int:
    return counted[1]
