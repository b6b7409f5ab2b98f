"""Which parts of a request a row keeps, so that another process can send it again; a login is never among them."""

import re
from functools import lru_cache
from typing import Any, Final, TypeAlias

from gateway.domain.call import Headers
from gateway.pipeline.decision import Forward
from gateway.policy.policy import Record

Kept: TypeAlias = dict[str, Any]

_SECRET_BY_NAME = re.compile(r"auth|cookie|token|key|secret|pass|session|credential|signature|jwt|saml|csrf|cert")
_HARMLESS: Final = frozenset({"x-atlassian-token", "accept-encoding"})
_NOT_END_TO_END: Final = re.compile(
    r"itsm-|x-forwarded-|proxy-|forwarded$|connection$|keep-alive$|te$|trailer$|transfer-encoding$|upgrade$|host$"
    r"|content-length$|expect$|http2-settings$"
)


def kept_request(forward: Forward) -> Kept:
    """What is no column of its own and not as usual, as JSON."""
    call, correlation = forward.call, forward.correlation
    kept: Kept = {"base": call.gateway_base, "resend": forward.resend.value}
    if forward.record is not Record.NOTHING:
        kept["record"] = forward.record.value
    if forward.later:
        kept["later"] = forward.rank
    if headers := kept_headers(call.headers):
        kept["headers"] = headers
    if forward.changed:
        kept["changed"] = True
    if forward.filled:
        kept["filled"] = forward.filled
    if correlation and correlation.carrier.place != "default":
        kept["carrier"] = correlation.carrier.place
    return kept


def kept_headers(headers: Headers) -> list[tuple[str, str]]:
    """End-to-end headers that by their names hold no secret, as they came."""
    return [pair for pair in headers if _may_be_kept(pair[0])]


@lru_cache(maxsize=1024)
def _may_be_kept(name: str) -> bool:
    lower = name.lower()
    if lower in _HARMLESS:
        return True
    return not (_SECRET_BY_NAME.search(lower) or _NOT_END_TO_END.match(lower))
