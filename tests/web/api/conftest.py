"""What the API's read endpoints are tested on: real records, filled through the journal, and a clock to set."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from aiohttp.typedefs import Handler

from gateway.domain.actor import Actor, Role
from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.delivery import Attempt
from gateway.domain.outcome import Outcome, OutcomeKind, PolicyName, SlaDue
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.retry import RetryPolicy
from gateway.domain.verdict import Answer, Ticket
from gateway.pipeline.decision import Forward, Resend
from gateway.pipeline.ports import Ports
from gateway.pipeline.stored import Wait
from gateway.policy.rules import Rules
from gateway.records import Records
from gateway.telemetry.telling import TellAll
from gateway.web.api import activity, audit, calls, findings, outbox, priorities, sla, tickets
from gateway.web.errors import tell_problems
from gateway.web.keys import ACTOR, CLOCK, CURRENT_RULES, DESK, PORTS, REPORTS, UPSTREAMS, UpstreamInfo

START = 1_800_000_000.0
ROUTE = Route("table", Operation.CREATE_TICKET, "/api/now/table/incident", resource="incident")
POLICY = PolicyName("servicenow-incident", "0123456789abcdef")
NO_RULES = Rules("v1", (), {}, {})


class Desk:
    """Calls that went through the gateway, as the journal saw them."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.now = START + 60
        self.rules = NO_RULES
        known = UpstreamInfo("servicenow", PlatformName.SERVICENOW, "https://sn.example", True, 60.0)
        self.upstreams = {known.name: known}

    def call(self, call_id: str, at: float = 0.0, **changes: object) -> Call:
        given = Call(
            call_id, "servicenow", PlatformName.SERVICENOW, ROUTE, "POST", "/api/now/table/incident?token=hidden", (),
            b"{}", START + at, 60.0, "http://127.0.0.1:8081",
        )  # fmt: skip
        return replace(given, **changes)

    async def create(self, call_id: str, at: float = 0.0, call: dict[str, object] | None = None, **end: object) -> None:
        created = self.call(call_id, at, **(call or {}))
        forward = Forward(created, b"{}", Resend.WHEN_ABSENT, RetryPolicy(), policy=POLICY)
        await self.records.journal.open(forward)
        await self.records.journal.close(forward, replace(self.outcome(created), **end))

    async def lose(self, call_id: str) -> None:
        lost = self.call(call_id)
        forward = Forward(lost, b"{}", Resend.WHEN_ABSENT, RetryPolicy(), policy=POLICY)
        problem = Problem(ProblemType.UNCONFIRMED, 504, "nobody can say yet")
        await self.records.journal.open(forward)
        outcome = Outcome(lost, OutcomeKind.UNCONFIRMED, START + 60, POLICY, problem=problem)
        await self.records.journal.close(forward, outcome)

    async def bury(self, call_id: str, at: float = 0.0, **changes: object) -> None:
        forward = Forward(self.call(call_id, at, **changes), b"{}", Resend.WHEN_ABSENT, RetryPolicy(), policy=POLICY)
        await self.records.journal.open(forward)
        await self.records.outbox.queue(forward, Wait(START))
        (held,) = await self.records.outbox.due()
        await self.records.outbox.bury(call_id, "it is too old", held.epoch)

    def outcome(self, call: Call) -> Outcome:
        began = call.received_at
        return Outcome(
            call=call,
            kind=OutcomeKind.CREATED,
            ended_at=began + 5.75,
            policy=POLICY,
            answer=Answer(201, (), b"{}"),
            attempts=(Attempt(1, began + 0.25, 0.1, 503, None, 0.0), Attempt(2, began + 5.5, 0.25, 201, None, 5.0)),
            ticket=Ticket(f"sys-{call.id}", f"INC-{call.id}", f"https://sn.example/{call.id}", "3"),
            sla=SlaDue(began + 900, began + 14_400),
        )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    records = await Records.open(f"sqlite+aiosqlite:///{tmp_path}/gateway.db", lambda: START)
    yield Desk(records)
    await records.close()


@web.middleware
async def by_alice(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Somebody the guard let in."""
    request[ACTOR] = Actor("alice", Role.OPERATOR)
    return await handler(request)


@pytest.fixture
async def api(desk: Desk, aiohttp_client) -> TestClient:
    app = web.Application(middlewares=[tell_problems, by_alice])
    app[REPORTS] = desk.records.reports
    app[CLOCK] = lambda: desk.now
    app[PORTS] = Ports(lambda: desk.now, lambda: "c" * 32, None, {}, None, None, None, TellAll(()), {})
    app[CURRENT_RULES] = lambda: desk.rules
    app[DESK], app[UPSTREAMS] = desk.records.desk, desk.upstreams
    for resource in (activity, audit, calls, findings, outbox, priorities, sla, tickets):
        app.add_routes(resource.routes())
    return await aiohttp_client(app)
