"""The tickets door over the real pipeline, before an upstream that answers what a test says."""

import json
from dataclasses import dataclass, field

from aiohttp.test_utils import TestClient

from gateway.domain.call import Fields, PlatformName
from gateway.domain.delivery import Attempt, Delivery
from gateway.domain.outcome import Outcome, PolicyName
from gateway.domain.problem import Code, Violation
from gateway.domain.verdict import Ticket
from gateway.pipeline.decision import Forward
from gateway.pipeline.earlier import Opened, Pending
from gateway.policy.match import compile_match
from gateway.policy.match_rule import MatchRule
from gateway.policy.policy import Mode, Policy
from gateway.policy.rules import Rules
from gateway.sla.targets import SlaTargets
from gateway.web import keys

PATH = "/api/v1/tickets/from-template"
TEMPLATES = {"servicenow": {"rca": {"short_description": "RCA Required: {job_name}", "impact": "{impact}"}}}
SETTINGS = {"servicenow": {"rca": {"target": {"table": "problem"}, "variables": {"impact": {"default": "2"}}}}}
SERVICENOW = keys.UpstreamInfo("sn", PlatformName.SERVICENOW, "https://sn.example", True, 60.0)
TICKET = Ticket("id1", "PRB0001", "https://sn.example/nav_to.do?uri=problem.do")


@dataclass
class ACourier:
    """Delivers nothing anywhere; answers what the test says."""

    delivery: Delivery
    sent: list[Forward] = field(default_factory=list)

    async def deliver(self, forward: Forward) -> Delivery:
        self.sent.append(forward)
        return self.delivery


@dataclass
class AJournal:
    noted: list[Outcome] = field(default_factory=list)

    async def open(self, *_: object) -> Opened:
        return Opened()

    async def close(self, forward: Forward, outcome: Outcome, *_: object) -> None: ...

    def note(self, outcome: Outcome) -> None:
        self.noted.append(outcome)


class ASettler:
    def settle_later(self, pending: Pending) -> None: ...


class AsGiven:
    def complete(self, fields: Fields, *_: object) -> Fields:
        return fields


def short_titles_only(fields: Fields, *, display_values: bool = False) -> tuple[Violation, ...]:
    """A schema: at most 30 characters."""
    if len(fields["short_description"]) <= 30:
        return ()
    return (Violation("short_description", Code.TOO_LONG, "must have at most 30 characters"),)


POLICY = Policy(
    name=PolicyName("problem", "v1"),
    description="",
    platform=PlatformName.SERVICENOW,
    upstream=None,
    match=compile_match(MatchRule(path="/api/now/table/problem")),
    mode=Mode.ENFORCE,
    defaults=AsGiven(),
    schema=short_titles_only,
    sla=SlaTargets(response={"default": 60.0}),
)


@dataclass
class Door:
    """The tickets door over the real pipeline; its upstream answers `delivery`."""

    rules: Rules
    courier: ACourier
    journal: AJournal = field(default_factory=AJournal)
    upstreams: dict[str, keys.UpstreamInfo] = field(default_factory=lambda: {"sn": SERVICENOW})
    client: TestClient | None = None

    async def post(self, body: object = None, headers: dict[str, str] | None = None, **changes: object):
        asked = {"platform": "servicenow", "template_name": "rca", "variables": {"job_name": "nightly"}} | changes
        sent = json.dumps(asked) if body is None else body
        response = await self.client.post(
            PATH, data=sent, headers={"Content-Type": "application/json", **(headers or {})}
        )
        return response, await response.json(content_type=None)


def attempts(*statuses: int) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(number, 0.0, 0.1, status, None, 0.0 if number == 1 else 5.0)
        for number, status in enumerate(statuses, start=1)
    )
