"""Reading a request's target in every way a server might, so that no spelling slips past a policy."""

import re
from typing import Final, TypeAlias
from urllib.parse import unquote

from gateway.domain.call import Route
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.platforms.platform import Platform
from gateway.policy.policy import Policy
from gateway.policy.rules import Rules

_LEGAL = re.compile(r"/[\x21-\x7e]*")
_PLAIN = re.compile(r"(?:/[a-z0-9_~-]+)+")
_MAX_DECODINGS: Final = 8


Reading: TypeAlias = tuple[Route, tuple[Policy, ...]]
"""What a target means, and the policies that may cover it."""


def survey(upstream: str, method: str, target: str, rules: Rules, platform: Platform) -> Reading:
    """What a target means and which policies may cover it; raises RequestError (400) where two readings disagree.

    The target goes upstream byte for byte. Were it judged by one reading only, a server behind the gateway might see
    another resource in `/api/now/%74able/incident` than the policy did.
    """
    if not _LEGAL.fullmatch(target) or "#" in target:
        raise _unreadable("the target must start with / and hold visible ASCII only; percent-encode everything else")
    path = target.partition("?")[0]
    route = platform.route(method, path.removesuffix("/") or path)  # both platforms take one trailing slash as none
    policies = rules.candidates(upstream, method, route.path)
    if not _PLAIN.fullmatch(path):
        _refuse_disagreement(upstream, method, path, (route, policies), rules, platform)
    return route, policies


def generous(path: str) -> str:
    """The path as the most forgiving server would read it."""
    for _ in range(_MAX_DECODINGS):
        decoded = unquote(path, encoding="latin-1")
        if decoded == path:
            break
        path = decoded
    return "/" + "/".join(_resolved(path.replace("\\", "/"))).lower()


def _resolved(path: str) -> list[str]:
    segments: list[str] = []
    for raw in path.split("/"):
        segment = raw.partition(";")[0]
        if segment == "..":
            segments[-1:] = []
        elif segment.rstrip("."):
            segments.append(segment.rstrip("."))
    return segments


def _refuse_disagreement(
    upstream: str, method: str, path: str, literal: Reading, rules: Rules, platform: Platform
) -> None:
    route, policies = literal
    other = platform.route(method, generous(path))
    same_resource = (other.name, other.resource.lower()) == (route.name, route.resource.lower())
    if not (same_resource and rules.candidates(upstream, method, other.path, folded=True) == policies):
        raise _unreadable(f"the path {path[:120]!r} can be read as {other.path[:120]!r}; spell it plainly")


def _unreadable(detail: str) -> RequestError:
    return RequestError(Problem(ProblemType.AMBIGUOUS_REQUEST, 400, detail))
