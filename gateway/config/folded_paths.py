"""Policies for a path that no call ever has: version aliases are folded before a policy is asked."""

from collections.abc import Iterable, Iterator, Mapping

from gateway.domain.fault import Fault
from gateway.platforms.registry import PLATFORMS
from gateway.policy.document import Document
from gateway.policy.file import PolicyFile
from gateway.policy.policy import Policy
from gateway.policy.rules import UpstreamRules


def paths_no_call_has(
    policies: Iterable[Policy], documents: Mapping[str, Document], upstreams: Mapping[str, UpstreamRules]
) -> Iterator[Fault]:
    """A fault for each path with a version alias; such a policy would protect nothing, and in silence."""
    for policy in policies:
        platform = PLATFORMS[policy.platform or upstreams[policy.upstream or ""].platform]
        document = documents[policy.file]
        for pointer, path in _paths(document):
            called = platform.route("POST", path).path
            if called != path:
                yield document.fault(pointer, f"covers no call, because version aliases are folded; write {called}")


def _paths(document: Document) -> Iterator[tuple[str, str]]:
    match = PolicyFile.model_validate(document.data).match
    if match.path is not None:
        yield "/match/path", match.path
    for at, path in enumerate(match.paths):
        yield f"/match/paths/{at}", path
