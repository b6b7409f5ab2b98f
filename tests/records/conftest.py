"""What every records test starts from: a store of its own, a clock to set, and builders of calls and how they end.

The suite speaks to the port and to the reports; it runs on SQLite and on PostgreSQL.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest
from records.databases import Server, running_server

from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.delivery import Attempt
from gateway.domain.outcome import Outcome, OutcomeKind, PolicyName, SlaDue
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.retry import RetryPolicy
from gateway.domain.verdict import Answer, Ticket
from gateway.pipeline.decision import Correlation, Forward, Resend
from gateway.platforms.platform import Carrier
from gateway.records.records import Records
from gateway.records.upkeep import Retention

START = 1_800_000_000.0
CREATE = Route("table", Operation.CREATE_TICKET, "/api/now/table/incident", resource="incident")
READ = Route("table", Operation.READ, "/api/now/table/incident", resource="incident")
POLICY = PolicyName("servicenow-incident", "0123456789abcdef")
BODY = b'{"short_description": "Job failed"}'


class SetClock:
    """Unix seconds that stand still until they are moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Examples:
    """Builders: a plain example, and what differs by name."""

    def call(self, call_id: str = "call-1", **changes: object) -> Call:
        given = Call(
            id=call_id,
            upstream="servicenow",
            platform=PlatformName.SERVICENOW,
            route=CREATE,
            method="POST",
            target="/api/now/table/incident",
            headers=(),
            body=BODY,
            received_at=START,
            deadline=60.0,
            gateway_base="http://127.0.0.1:8081",
        )
        return replace(given, **changes)

    def retention(self) -> Retention:
        return Retention(calls_days=30, tickets_days=400)

    def read(self, call_id: str = "read-1", **changes: object) -> Call:
        return self.call(call_id, **({"route": READ, "method": "GET", "body": None} | changes))

    def forward(self, call: Call | None = None, **changes: object) -> Forward:
        call = call or self.call()
        correlation = Correlation(Carrier(call.id), "correlation_id")
        given = Forward(
            call, call.body or b"", Resend.WHEN_ABSENT, RetryPolicy(), correlation=correlation, policy=POLICY
        )
        return replace(given, **changes)

    def created(self, call: Call, **changes: object) -> Outcome:
        given = Outcome(
            call=call,
            kind=OutcomeKind.CREATED,
            ended_at=call.received_at + 0.5,
            policy=POLICY,
            answer=Answer(201, (("Set-Cookie", "session=secret-cookie"),), b'{"result": {}}'),
            attempts=(Attempt(1, call.received_at + 0.1, 0.4, 201, None, 0.0),),
            ticket=Ticket(f"sys-{call.id}", f"INC-{call.id}", f"https://sn.example/{call.id}", "3"),
            sla=SlaDue(call.received_at + 900, call.received_at + 14_400),
        )
        return replace(given, **changes)

    def unconfirmed(self, call: Call) -> Outcome:
        problem = Problem(ProblemType.UNCONFIRMED, 504, "nobody can say yet", retry_after=5)
        broken = Attempt(1, call.received_at + 0.1, 30.0, None, "timeout", 0.0)
        return Outcome(
            call, OutcomeKind.UNCONFIRMED, call.received_at + 60, POLICY, problem=problem, attempts=(broken,)
        )

    def refused(self, call: Call) -> Outcome:
        problem = Problem(ProblemType.VALIDATION_FAILED, 400, "short_description is required")
        return Outcome(call, OutcomeKind.VALIDATION_FAILED, call.received_at + 0.01, POLICY, problem=problem)

    def forwarded(self, call: Call) -> Outcome:
        return Outcome(call, OutcomeKind.FORWARDED, call.received_at + 0.2, answer=Answer(200, (), b""))


@pytest.fixture
def make() -> Examples:
    return Examples()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, started once."""
    with running_server() as server:
        yield server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gateway.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, file: Path) -> str:
    """An empty database of the test's own; a test of one kind alone is marked so."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql").new_database()
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def records(url: str, clock: Callable[[], float]) -> AsyncIterator[Records]:
    opened = await Records.open(url, clock)
    yield opened
    await opened.close()


@pytest.fixture
def another(url: str, clock: Callable[[], float]) -> Callable[[], AbstractAsyncContextManager[Records]]:
    """Further records on the same database, as another process has them."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Records]:
        other = await Records.open(url, clock)
        try:
            yield other
        finally:
            await other.close()

    return opened


@pytest.fixture
def database(url: str, file: Path, request: pytest.FixtureRequest) -> Callable[[str], list[tuple[object, ...]]]:
    """Asks the database itself, past all code of ours."""

    def ask(statement: str) -> list[tuple[object, ...]]:
        if url.startswith("postgresql"):
            return request.getfixturevalue("postgresql").ask(url, statement)
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute(statement).fetchall()
            connection.commit()
            return found

    return ask
