"""How the process and everything around it does, and who asks."""

from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from gateway.domain.actor import Role
from gateway.web.api.documents.common import Instant, Platform, closed, described
from gateway.web.lifecycle import Phase


class StoreHealth(TypedDict):
    """Whether the records can be written."""

    state: Annotated[str, closed(("ok", "failing"))]
    failed_at: NotRequired[Instant]
    detail: NotRequired[str]


class UpstreamHealth(TypedDict):
    """What was last seen of an upstream."""

    platform: Platform
    last_answer_at: Instant | None
    last_failure_at: Instant | None
    last_failure: str | None


class RuleFault(TypedDict):
    """One fault of the last edit."""

    file: str
    line: int
    pointer: str
    message: str


class RulesHealth(TypedDict):
    """The rules in force."""

    version: str
    policies: int
    faults: list[RuleFault]


@described
class HealthDocument(TypedDict):
    """Always answered with 200: `status` says whether something wants a look."""

    status: Annotated[str, closed(("ok", "degraded"))]
    phase: Annotated[str, closed(Phase)]
    store: StoreHealth
    upstreams: dict[str, UpstreamHealth]
    rules: RulesHealth


class MeDocument(TypedDict):
    """Who the gateway takes the asker for."""

    name: str
    role: Annotated[str, closed(Role)]
