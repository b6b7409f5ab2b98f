"""How long the API takes over a million tickets on SQLite: `python tests/load/bench_questions.py [--tickets N]`.

Fills a database with a month of tickets the way the gateway would have, asks each question some times through the
real API, and prints the median and the slowest. Nothing here is a test: figures depend on the machine.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sqlalchemy import create_engine, insert

from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.delivery import Attempt
from gateway.domain.outcome import Outcome, OutcomeKind, PolicyName, SlaDue
from gateway.domain.verdict import Ticket
from gateway.policy.rules import Rules
from gateway.records import Records
from gateway.records.sum_tables import upstream_hours
from gateway.records.sums import HOUR, add_tickets, count_changes
from gateway.records.tables import calls, tickets
from gateway.records.ticket_rows import MADE, made_tickets
from gateway.web.api import priorities, sla
from gateway.web.api import tickets as tickets_api
from gateway.web.keys import CLOCK, CURRENT_RULES, REPORTS

NOW = 1_800_000_000.0
MONTH = 30 * 86_400.0
ROWS_AT_ONCE = 20_000
ASKED = 15
LIMIT_MS = 100.0
QUESTIONS = (
    "/api/v1/sla",
    "/api/v1/sla?since=7d",
    "/api/v1/sla?platform=jira",
    "/api/v1/sla/priorities",
    "/api/v1/sla/priorities?since=400d",
    "/api/v1/sla/priorities?platform=jira",
    "/api/v1/tickets",
    "/api/v1/tickets?limit=100",
    "/api/v1/tickets?ticket=INC0500000",
    "/api/v1/tickets?platform=jira",
    "/api/v1/tickets?resolution=breached",
)


def a_create(number: int, count: int, luck: random.Random) -> Outcome:
    """One of a month's creates."""
    accepted = NOW - MONTH * (count - number) / count
    jira = luck.random() < 0.4
    platform = PlatformName.JIRA if jira else PlatformName.SERVICENOW
    name = f"{number:032x}"
    call = Call(
        id=name,
        upstream=str(platform),
        platform=platform,
        route=Route("create", Operation.CREATE_TICKET, "/create", resource="issue" if jira else "incident"),
        method="POST",
        target="/create",
        headers=(),
        body=None,
        received_at=accepted,
        deadline=0.0,
        gateway_base="",
    )
    policy = luck.choice(("jira-issue-v2", "jira-issue-v3") if jira else ("incident", "problem"))
    key = f"OPS-{number}" if jira else f"INC{number:07d}"
    return Outcome(
        call=call,
        kind=OutcomeKind.CREATED,
        policy=PolicyName(policy, ""),
        attempts=(Attempt(1, accepted, 0.1, 201, None, 0.0),),
        ticket=Ticket(id=name, key=key, priority=luck.choice("12345")),
        sla=SlaDue(accepted + 28_800, accepted + 432_000, 28_800, 432_000),
        ended_at=accepted + luck.lognormvariate(-1.2, 0.7),
    )


def a_ticket(create: Outcome) -> dict[str, Any]:
    """The ticket that it made."""
    (row,) = made_tickets(create)
    return dict(zip(MADE, row, strict=True))


def become(row: dict[str, Any], luck: random.Random) -> dict[str, Any]:
    """What became of it by now; most are resolved in time, some late, the newest are open."""
    if row["accepted_at"] > NOW - 28_800:
        return row
    late = luck.random() < 0.03
    ended = row["accepted_at"] + (500_000 if late else 90_000)
    if ended > NOW:
        return row | {"response_state": "kept", "responded_at": row["accepted_at"] + 600, "watch_at": NOW + 60}
    decided = "breached" if late else "kept"
    told = {"response_state": "kept", "resolution_state": decided, "phase": "resolved", "watch_at": None}
    return row | told | {"responded_at": row["accepted_at"] + 600, "resolved_at": ended}


def a_call(row: dict[str, Any]) -> dict[str, Any]:
    """The call that made it."""
    shared = ("id", "upstream", "platform", "resource", "source", "policy", "attempts", "ticket_id", "ticket_key")
    return {name: row[name] for name in shared} | {
        "route": "table.create", "operation": "create_ticket", "method": "POST", "target": "/api/now/table/incident",
        "state": "closed", "kind": "created", "status": 201, "violations": 0, "received_at": row["accepted_at"],
        "ended_at": row["ticket_at"], "settled_at": row["ticket_at"], "epoch": 1, "fenced": True,
    }  # fmt: skip


def fill(file: Path, count: int) -> None:
    """Write calls, tickets and sums, in portions."""
    luck = random.Random(7)  # data to measure with
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        for creates in portions(count, luck):
            rows = [a_ticket(create) for create in creates]
            after = [become(row, luck) for row in rows]
            connection.execute(insert(calls), [a_call(row) for row in rows])
            connection.execute(insert(tickets), [{"responded_at": None, "resolved_at": None} | row for row in after])
            add_tickets(connection, creates)
            count_changes(connection, zip(rows, after, strict=True))
            connection.commit()
        connection.execute(insert(upstream_hours), list(hours()))
        connection.commit()
    engine.dispose()


def hours() -> Iterator[dict[str, Any]]:
    """How both upstreams answered in each hour of the month."""
    for hour in range(int((NOW - MONTH) // HOUR), int(NOW // HOUR)):
        for name in ("jira", "servicenow"):
            counts = {"exchanges": 800, "answered": 799, "turned_away": 0, "minutes_asked": 60, "minutes_answered": 60}
            yield {"hour": hour, "platform": name, "upstream": name, **counts}


def portions(count: int, luck: random.Random) -> Iterator[list[Outcome]]:
    """All creates, some at a time."""
    for start in range(0, count, ROWS_AT_ONCE):
        yield [a_create(number, count, luck) for number in range(start, min(start + ROWS_AT_ONCE, count))]


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[TestServer]:
    """The API over the records."""
    records = await Records.open(url)
    app = web.Application()
    app[REPORTS] = records.reports
    app[CLOCK] = lambda: NOW
    app[CURRENT_RULES] = lambda: Rules("bench", (), {}, {})
    app.add_routes([*tickets_api.routes(), *sla.routes(), *priorities.routes()])
    async with TestServer(app) as server:
        yield server
    await records.close()


async def measure(file: Path, count: int) -> bool:
    """Fill, ask and print; whether every median is below the limit."""
    url = f"sqlite+aiosqlite:///{file}"
    await (await Records.open(url)).close()
    began = time.perf_counter()
    await asyncio.to_thread(fill, file, count)
    print(f"{count:,} calls and tickets, filled in {time.perf_counter() - began:.0f} s")
    fine = True
    async with asking(url) as server, ClientSession() as session:
        for question in QUESTIONS:
            took = [await ask(session, server.make_url(question)) for _ in range(ASKED)]
            fine = fine and statistics.median(took) < LIMIT_MS
            print(f"{question:42} median {statistics.median(took):7.1f} ms   slowest {max(took):7.1f} ms")
    return fine


async def ask(session: ClientSession, url: Any) -> float:
    """One question, in milliseconds."""
    began = time.perf_counter()
    async with session.get(url) as answer:
        body = await answer.read()
        if answer.status != 200:
            raise SystemExit(f"{url} was answered {answer.status}: {body[:300]!r}")
    return (time.perf_counter() - began) * 1_000


def main() -> None:
    """Read the options, measure, and fail where a question takes too long."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=1_000_000)
    given = options.parse_args()
    with TemporaryDirectory() as place:
        fine = asyncio.run(measure(Path(place) / "bench.db", given.tickets))
    raise SystemExit(0 if fine else f"a question took more than {LIMIT_MS:.0f} ms")


if __name__ == "__main__":
    main()
