"""Which headers pass, in both directions."""

from typing import Final, TypeAlias

from multidict import CIMultiDict, CIMultiDictProxy

from gateway.domain.call import Headers
from gateway.domain.spelling import BySpelling

_Named: TypeAlias = CIMultiDict[str] | CIMultiDictProxy[str]

HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "http2-settings",
    }
)
_CONNECTION_OPTIONS: Final = HOP_BY_HOP | {"close"}
CREDENTIALS: Final = frozenset({"authorization", "cookie", "x-sn-apikey", "x-usertoken"})
METHOD_OVERRIDES: Final = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
_NEVER_UPWARD: Final = (
    HOP_BY_HOP
    | METHOD_OVERRIDES
    | {"host", "forwarded", "expect", "content-length", "idempotency-key", "x-original-url", "x-rewrite-url"}
)
_NEVER_DOWNWARD: Final = HOP_BY_HOP | {"content-length"}
_OURS_ALONE: Final = frozenset({"set-cookie", "www-authenticate"})


def upward(headers: Headers, *, credentials: Headers | None, peer: str, dialled: str) -> CIMultiDict[str]:
    """What the upstream is sent: end-to-end headers as they came, the client's login only where we have none."""
    passed = CIMultiDict(_end_to_end(CIMultiDict(headers), _UP if credentials is None else _UP_WITH_OUR_LOGIN))
    if "Prefer" in passed:
        passed = _without_our_wishes(passed)
    if credentials:
        passed.update(credentials)
    if peer:
        passed["X-Forwarded-For"] = peer
        passed["X-Forwarded-Proto"] = dialled.partition(":")[0]
    return passed


def login(headers: Headers) -> Headers:
    """The client's own login, for a search in its name; kept in memory only."""
    return tuple([line for line in headers if _LOGIN[line[0]]])


def downward(headers: CIMultiDictProxy[str], *, ours: bool) -> Headers:
    """What the client is sent; `ours` tells that the gateway logged in, so the session is not its client's."""
    return tuple(_end_to_end(headers, _DOWN_FROM_OUR_LOGIN if ours else _DOWN))


def local_cookie(value: str, *, https: bool) -> str:
    """A `Set-Cookie` as the client must see it: `Domain` would lock it out, and so would `Secure` behind plain http."""
    kept = [
        part
        for part in value.split(";")
        if not part.strip().lower().startswith("domain=") and (https or part.strip().lower() != "secure")
    ]
    return ";".join(kept)


def _end_to_end(headers: _Named, goes: BySpelling[bool]) -> list[tuple[str, str]]:
    """What `Connection` names is for this hop only."""
    lines = [line for line in headers.items() if goes[line[0]]]
    if "Connection" not in headers:
        return lines
    nominated = {token.strip().lower() for value in headers.getall("Connection") for token in value.split(",")}
    if nominated <= _CONNECTION_OPTIONS:
        return lines
    return [line for line in lines if line[0].lower() not in nominated]


def _without_our_wishes(headers: CIMultiDict[str]) -> CIMultiDict[str]:
    left: CIMultiDict[str] = CIMultiDict()
    for name, value in headers.items():
        if name.lower() != "prefer":
            left.add(name, value)
        elif theirs := _without_ours(value):
            left.add(name, theirs)
    return left


def _without_ours(preferences: str) -> str:
    """What is preferred of the platform: whether to answer at once is for the gateway to heed."""
    each = preferences.split(",")
    return ",".join(one for one in each if one.partition(";")[0].strip().lower() != "respond-async").strip()


def _may_go_up(name: str) -> bool:
    lower = name.lower()
    return not (lower in _NEVER_UPWARD or lower.startswith(("itsm-", "x-forwarded-")) or "_" in lower)


def _may_go_down(name: str) -> bool:
    """Nobody but the gateway speaks in `ITSM-` headers."""
    lower = name.lower()
    return not (lower in _NEVER_DOWNWARD or lower.startswith("itsm-"))


_LOGIN: Final = BySpelling(lambda name: name.lower() in CREDENTIALS)
_UP: Final = BySpelling(_may_go_up)
_UP_WITH_OUR_LOGIN: Final = BySpelling(lambda name: _UP[name] and not _LOGIN[name])
_DOWN: Final = BySpelling(_may_go_down)
_DOWN_FROM_OUR_LOGIN: Final = BySpelling(lambda name: _DOWN[name] and name.lower() not in _OURS_ALONE)
