"""A journal, a simulated platform, and a sweep between them."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from platforms.meeting import Instance
from records.conftest import CREATE, Examples, SetClock
from running import Terminal

from gateway.domain.call import Operation, PlatformName, Route
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Ticket
from gateway.outbox.sweeper import Sweeper, SweepPlan
from gateway.pipeline.decision import Correlation
from gateway.platforms.platform import Carrier
from gateway.records.record import Window
from gateway.records.records import Records
from gateway.telemetry.log import Log
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.sweeping import Sweeping

ISSUES = "/rest/api/2/issue"
ISSUE_CREATE = Route("issue.create", Operation.CREATE_TICKET, ISSUES)
CARRIER = Carrier("itsmgw-0123456789abcdef0123456789abcdef")


@dataclass
class Watched:
    """One simulated upstream as the sweep sees it; every conversation is counted."""

    name: str
    instance: Instance
    welcome: bool = True
    talks: int = 0

    @property
    def platform(self) -> Any:
        return self.instance.platform

    @property
    def base_url(self) -> str:
        return self.instance.base_url

    def is_welcome(self) -> bool:
        return self.welcome

    async def ask(self, talk: Any) -> Any:
        self.talks += 1
        return await self.instance.ask(talk)


@dataclass
class Scene:
    """A journal, a platform, and a sweep between them."""

    records: Records
    watched: Watched
    clock: SetClock
    plan: SweepPlan
    stream: Terminal
    log: Log
    metrics: Metrics = field(default_factory=lambda: Metrics("1"))

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A sweep that remembers nothing."""
        told = Sweeping(self.metrics, self.log.logger)
        self.sweeper = Sweeper(self.records, (self.watched,), told, self.clock, self.plan)

    async def wrote(self, ticket: Ticket | None, place: str = "correlation_id", call_id: str = "call-1") -> None:
        """The journal says that a create made this ticket, or that it failed."""
        jira = self.watched.name == "jira"
        call = Examples().call(
            call_id,
            upstream=self.watched.name,
            platform=PlatformName(self.watched.name),
            route=ISSUE_CREATE if jira else CREATE,
            received_at=self.clock.now,
        )
        forward = replace(Examples().forward(call), correlation=Correlation(CARRIER, place))
        await self.records.journal.open(forward)
        await self.records.journal.close(forward, ended(call, ticket))

    async def sweep(self, later: float = 0.0) -> None:
        self.clock.now += later
        await self.sweeper.round()

    async def found(self) -> list[tuple[str, set[str]]]:
        shown = await self.records.reports.findings(Window(), 10)
        return [(each.kind, set(each.tickets)) for each in shown.items]

    def counted(self, kind: str) -> float:
        labels = f'{{kind="{kind}",platform="{self.watched.name}"}}'
        lines = self.metrics.exposition("")[0].decode().splitlines()
        (line,) = [line for line in lines if line.startswith(f"itsm_reconcile_findings_total{labels} ")]
        return float(line.split()[-1])

    def told(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]


def ended(call: Any, ticket: Ticket | None) -> Outcome:
    if ticket is None:
        problem = Problem(ProblemType.UPSTREAM_REFUSED, 502, "no")
        return Outcome(call, OutcomeKind.UPSTREAM_ERROR, call.received_at + 1, problem=problem)
    return replace(Examples().created(call), ticket=ticket)
