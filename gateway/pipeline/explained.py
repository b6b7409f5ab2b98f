"""A rehearsed call as a document, the same for the command line and the API; every name in it stays."""

from typing import Any

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from gateway.domain.problem import Problem
from gateway.pipeline.rehearse import Candidate, Rehearsed


@with_config(ConfigDict(use_attribute_docstrings=True))
class CandidateDocument(TypedDict):
    """One policy of the platform, and why it does or does not cover the request."""

    policy: str
    file: str
    mode: str
    """`enforce`, `warn` or `off`."""
    covers: bool
    why: str


class ChangeDocument(TypedDict):
    """One field that would leave otherwise than it came; null stands for absent."""

    field: str
    before: Any
    after: Any


class BrokenRule(TypedDict):
    """One broken rule: which field, why, and how to mend it."""

    field: str
    code: str
    message: str


class CoveringPolicy(TypedDict):
    """The policy that judged, and the digest of the set it stood in."""

    name: str
    version: str


class WouldBeProblem(TypedDict):
    """What the caller would be told."""

    type: str
    status: int
    detail: str


@with_config(ConfigDict(use_attribute_docstrings=True))
class Explained(TypedDict):
    """What would become of a request, and why; nothing was sent, and nothing recorded."""

    upstream: str
    method: str
    target: str
    """The raw target below the upstream's base URL."""
    operation: str | None
    path: str | None
    """The target as policies name it: version aliases are folded."""
    would: str
    """`forward` or `refuse`."""
    policy: CoveringPolicy | None
    candidates: list[CandidateDocument]
    """All policies of the platform, in the order they are tried."""
    changes: list[ChangeDocument]
    violations: list[BrokenRule]
    problem: WouldBeProblem | None
    payload: str | None
    """But for the correlation value, byte for byte what the upstream would receive."""


def explained(rehearsed: Rehearsed) -> Explained:
    """The document of a rehearsed call."""
    route, problem, policy = rehearsed.route, rehearsed.problem, rehearsed.policy
    return {
        "upstream": rehearsed.asked.upstream,
        "method": rehearsed.asked.method,
        "target": rehearsed.asked.target,
        "operation": route.operation.value if route else None,
        "path": route.path if route else None,
        "would": rehearsed.would,
        "policy": {"name": policy.name, "version": policy.version} if policy else None,
        "candidates": [_candidate(each) for each in rehearsed.candidates],
        "changes": [{"field": each.field, "before": each.before, "after": each.after} for each in rehearsed.changes],
        "violations": [
            {"field": each.field, "code": each.code.value, "message": each.message} for each in rehearsed.violations
        ],
        "problem": _would_be(problem) if problem else None,
        "payload": None if rehearsed.payload is None else rehearsed.payload.decode("utf-8", "replace"),
    }


def _would_be(problem: Problem) -> WouldBeProblem:
    return {"type": problem.type.value, "status": problem.status, "detail": problem.detail}


def _candidate(each: Candidate) -> CandidateDocument:
    return {
        "policy": each.policy.name.name,
        "file": each.policy.file,
        "mode": each.policy.mode.value,
        "covers": each.covers,
        "why": each.why,
    }
