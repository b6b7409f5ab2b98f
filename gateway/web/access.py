"""Who presents which token: known by digest only, compared in constant time."""

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Iterable
from hashlib import sha256
from typing import Self

from gateway.config.access import EVERYONE, AccessToken, IdentityHeader
from gateway.domain.actor import Actor, Role
from gateway.domain.frozen import frozen
from gateway.domain.problem import Problem, ProblemType, RequestError


@frozen
class Tokens:
    """The tokens that are admitted, by digest."""

    known: tuple[tuple[bytes, Actor], ...]

    @classmethod
    def of(cls, tokens: Iterable[AccessToken]) -> Self:
        """As the config names them."""
        return cls(tuple((bytes.fromhex(each.sha256), Actor(each.name, each.role)) for each in tokens))

    def holder(self, authorization: str) -> Actor | None:
        """Whose token an `Authorization` header carries: as Bearer, or as the password of Basic."""
        presented = _token_in(authorization) if self.known else ""
        if not presented:
            return None
        digest = sha256(presented.encode()).digest()
        found = [actor for each, actor in self.known if hmac.compare_digest(each, digest)]
        return found[0] if found else None


@frozen
class Admission:
    """Who may use a proxy listener: `needed` where an upstream's credentials would else serve anyone."""

    tokens: Tokens
    needed: bool

    def client(self, authorization: str) -> str | None:
        """The name under which a call is made, or None where nobody need be named; raises RequestError."""
        holder = self.tokens.holder(authorization)
        if holder and holder.role is Role.CLIENT:
            return holder.name
        if not self.needed:
            return None
        if holder:
            detail = f"the token of {holder.name!r} is for the API; this listener takes tokens of the role 'client'"
            raise RequestError(Problem(ProblemType.FORBIDDEN, 403, detail))
        detail = (
            "this listener takes a client token of the gateway, as Bearer or as the password of Basic; "
            "`itsm-gateway token NAME --role client` makes one"
        )
        raise RequestError(Problem(ProblemType.UNAUTHENTICATED, 401, detail))


@frozen
class Identities:
    """Who signed in at a reverse proxy that is trusted to say so."""

    header: IdentityHeader

    def signed_in(self, peer: str, named: str) -> Actor | None:
        """Who the peer says has signed in; nobody, where the peer is not trusted or the name has no role."""
        role = self.header.roles.get(named) or self.header.roles.get(EVERYONE)
        if not named or role is None or not self._trusts(peer):
            return None
        return Actor(named, role)

    def _trusts(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in ipaddress.ip_network(each) for each in self.header.trusted_proxies)


def _token_in(authorization: str) -> str:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
