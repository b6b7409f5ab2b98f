"""Which headers pass, in both directions."""

from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy

from gateway.domain.call import Headers

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
CREDENTIALS: Final = frozenset({"authorization", "cookie", "x-sn-apikey", "x-usertoken"})
METHOD_OVERRIDES: Final = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
_NEVER_UPWARD: Final = (
    HOP_BY_HOP
    | METHOD_OVERRIDES
    | {"host", "forwarded", "expect", "content-length", "idempotency-key", "x-original-url", "x-rewrite-url"}
)
_NEVER_DOWNWARD: Final = HOP_BY_HOP | {"content-length"}
_NOTHING: Final[frozenset[str]] = frozenset()
_REFUSED_WITH_OUR_CREDENTIALS: Final = frozenset({"set-cookie", "www-authenticate"})


def upward(headers: Headers, *, credentials: Headers | None, peer: str, dialled: str) -> CIMultiDict[str]:
    """What the upstream is sent: end-to-end headers as they came, the client's login only where we have none."""
    nominated = _nominated(headers)
    passed: CIMultiDict[str] = CIMultiDict()
    spelling: dict[str, str] = {}  # aiohttp sends only one of two spellings, so a repeat is spelt like the first
    for name, value in headers:
        lower = name.lower()
        if (
            lower in _NEVER_UPWARD
            or lower in nominated
            or lower.startswith(("itsm-", "x-forwarded-"))
            or "_" in lower
            or (credentials is not None and lower in CREDENTIALS)
        ):
            continue
        if lower == "prefer" and not (value := _without_ours(value)):
            continue
        passed.add(spelling.setdefault(lower, name), value)
    for name, value in credentials or ():
        passed[name] = value
    if peer:
        passed["X-Forwarded-For"] = peer
        passed["X-Forwarded-Proto"] = dialled.partition(":")[0]
    return passed


def login(headers: Headers) -> Headers:
    """The client's own login, for a search in its name; kept in memory only."""
    return tuple((name, value) for name, value in headers if name.lower() in CREDENTIALS)


def downward(headers: CIMultiDictProxy[str], *, ours: bool) -> Headers:
    """What the client is sent; `ours` tells that the gateway logged in, so the session is not its client's."""
    pairs = tuple(headers.items())
    nominated = _nominated(pairs)
    return tuple(
        (name, value)
        for name, value in pairs
        if (lower := name.lower()) not in _NEVER_DOWNWARD
        and lower not in nominated
        and not (ours and lower in _REFUSED_WITH_OUR_CREDENTIALS)
    )


def local_cookie(value: str, *, https: bool) -> str:
    """A `Set-Cookie` as the client must see it: `Domain` would lock it out, and so would `Secure` behind plain http."""
    kept = [
        part
        for part in value.split(";")
        if not part.strip().lower().startswith("domain=") and (https or part.strip().lower() != "secure")
    ]
    return ";".join(kept)


def _nominated(headers: Headers) -> frozenset[str]:
    """What `Connection` names is for this hop only."""
    nominated = _NOTHING
    for name, value in headers:
        if name.lower() == "connection":
            nominated |= {token.strip().lower() for token in value.split(",")}
    return nominated


def _without_ours(preferences: str) -> str:
    """What is preferred of the platform: whether to answer at once is for the gateway to heed."""
    each = preferences.split(",")
    return ",".join(one for one in each if one.partition(";")[0].strip().lower() != "respond-async").strip()
