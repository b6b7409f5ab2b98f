"""The policies in force, and the faults of the last edit."""

from typing import Annotated

from typing_extensions import TypedDict

from gateway.policy.policy import Mode, Record
from gateway.web.api.documents.common import AnyJson, Platform, closed, described


class ExcerptLine(TypedDict):
    """A line of the file at fault."""

    line: int
    text: str


@described
class FaultDocument(TypedDict):
    """One fault of the last edit, which is not in force."""

    file: str
    line: int
    pointer: str
    message: str
    excerpt: list[ExcerptLine]


@described
class PolicyTargetsDocument(TypedDict):
    """What tickets under a policy are promised, in seconds by priority."""

    response_seconds: dict[str, float]
    resolution_seconds: dict[str, float]
    calendar: str | None


@described
class PolicyDocument(TypedDict):
    """A policy in force."""

    name: str
    version: str
    description: str
    file: str
    platform: Platform | None
    upstream: str | None
    mode: Annotated[str, closed(Mode)]
    """Already capped by the emergency switch."""
    retry_policy: dict[str, AnyJson]
    """Only what it overrides."""
    carrier: str
    record: Annotated[str, closed(Record)]
    sla: PolicyTargetsDocument | None


@described
class PolicySet(TypedDict):
    """The policies, in the order they are tried."""

    version: str
    """A digest of all the texts that the set was made from."""
    faults: list[FaultDocument]
    policies: list[PolicyDocument]
