"""What only days of trouble would leave: dead letters, calls in doubt, and findings, put straight into the records."""

import time
from typing import Final

from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.outcome import Outcome, OutcomeKind, PolicyName
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.retry import RetryPolicy
from gateway.pipeline.decision import Forward, Resend
from gateway.pipeline.stored import Wait
from gateway.records.findings import Finding, FindingKind
from gateway.records.records import Records

_INCIDENTS: Final = "/api/now/table/incident"
_ROUTE: Final = Route("table", Operation.CREATE_TICKET, _INCIDENTS, resource="incident")
_POLICY: Final = PolicyName("servicenow-incident", "0123456789ab")
_BODY: Final = b'{"short_description": "Disk full"}'


async def bury(records: Records, call_id: str) -> None:
    """Leave a dead letter."""
    forward = _forward(call_id)
    await records.journal.open(forward)
    await records.outbox.queue(forward, Wait(0.0))
    (held,) = await records.outbox.due()
    await records.outbox.bury(call_id, "it is too old", held.epoch)


async def lose(records: Records, call_id: str) -> None:
    """Leave a create of which nobody can say whether it took effect."""
    forward = _forward(call_id)
    problem = Problem(ProblemType.UNCONFIRMED, 504, "nobody can say yet")
    await records.journal.open(forward)
    await records.journal.close(
        forward, Outcome(forward.call, OutcomeKind.UNCONFIRMED, time.time(), _POLICY, problem=problem)
    )


async def disagree(records: Records, kind: FindingKind, *tickets: str) -> None:
    """Leave a finding of the sweep."""
    await records.desk.found(Finding(kind, "servicenow", "servicenow", tickets, None, time.time()))


def _forward(call_id: str) -> Forward:
    call = Call(
        id=call_id,
        upstream="servicenow",
        platform=PlatformName.SERVICENOW,
        route=_ROUTE,
        method="POST",
        target=_INCIDENTS,
        headers=(("Content-Type", "application/json"), ("Accept", "application/json")),
        body=_BODY,
        received_at=time.time() - 3600,
        deadline=60.0,
        gateway_base="http://localhost:8081",
        job_id="nightly-42",
    )
    return Forward(call, _BODY, Resend.WHEN_ABSENT, RetryPolicy(), policy=_POLICY)
