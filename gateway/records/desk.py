"""What people do to rows, each act with its line in the audit and in the same commit."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Update, insert, update

from gateway.domain.frozen import frozen
from gateway.records.adoption import settle_adopted
from gateway.records.detail_rows import BODY_KEPT_SECONDS
from gateway.records.events import add_events
from gateway.records.findings import Finding, FindingState, finding_row
from gateway.records.shown import storable
from gateway.records.state import NOT_DONE_STATES, State
from gateway.records.store import Store
from gateway.records.tables import audit, call_details, calls, findings
from gateway.records.upsert import insert_once

_INSERT_FINDING = insert_once(findings)


@frozen
class Act:
    """Who does what to which row, and what they say about it; `actor` is a token's name, or who ran the command."""

    actor: str
    action: str
    subject: str
    detail: str = ""


@frozen
class Desk:
    """Acts of people, and findings; False tells that the row is not there, or not in a state to be acted upon."""

    store: Store
    clock: Callable[[], float]

    async def replay(self, call_id: str, actor: str) -> bool:
        """Let a dead letter be delivered, as soon as possible."""
        now = self.clock()
        again = {
            "state": State.QUEUED.value,
            "next_try_at": now,
            "tries": 0,
            "settled_at": None,
            "owner": None,
            "epoch": calls.c.epoch + 1,
        }
        dead = update(calls).where(calls.c.id == call_id, calls.c.state == State.DEAD.value).values(again)
        return await self._act(dead, Act(actor, "replay", call_id), "replayed")

    async def discard(self, call_id: str, actor: str) -> bool:
        """Send nothing more for a call, and ask no more about it; its holder, if any, loses it."""
        at = self.clock()
        closed = {
            "state": State.CLOSED.value,
            "settled_at": at,
            "next_try_at": None,
            "queued_bytes": None,
            "claim": None,
            "abandoned_at": None,
            "owner": None,
            "epoch": calls.c.epoch + 1,
        }
        not_done = update(calls).where(calls.c.id == call_id, calls.c.state.in_(NOT_DONE_STATES)).values(closed)
        body = update(call_details).where(call_details.c.call_id == call_id, call_details.c.body_until.is_(None))
        act = Act(actor, "discard", call_id)
        return await self._act(not_done, act, "discarded", body.values(body_until=at + BODY_KEPT_SECONDS))

    async def found(self, finding: Finding) -> bool:
        """Keep a finding; False where it was found before."""
        row = finding_row(finding)

        def run(connection: Connection) -> bool:
            return bool(connection.execute(_INSERT_FINDING[connection.dialect.name], row).rowcount)

        return await self.store.do(run)

    async def adopt(self, finding_id: str, actor: str, note: str = "") -> bool:
        """The ticket is one of ours, and it is right that it exists; an orphan becomes its call's."""
        act, at = Act(actor, "adopt", finding_id, note), self.clock()
        adopted = _decision(act, FindingState.ADOPTED)

        def run(connection: Connection) -> bool:
            if not connection.execute(adopted).rowcount:
                return False
            connection.execute(insert(audit), _audited(act, at))
            settle_adopted(connection, finding_id, actor, at)
            return True

        return await self.store.do(run)

    async def close(self, finding_id: str, actor: str, note: str = "") -> bool:
        """It is dealt with."""
        act = Act(actor, "close", finding_id, note)
        return await self._act(_decision(act, FindingState.CLOSED), act)

    async def _act(self, change: Update, act: Act, event: str = "", also: Update | None = None) -> bool:
        at = self.clock()

        def run(connection: Connection) -> bool:
            if not connection.execute(change).rowcount:
                return False
            connection.execute(insert(audit), _audited(act, at))
            if also is not None:
                connection.execute(also)
            if event:
                add_events(connection, act.subject, [{"at": at, "event": event, "by": act.actor}])
            return True

        return await self.store.do(run)


def _decision(act: Act, state: FindingState) -> Update:
    is_open = findings.c.state == FindingState.OPEN.value
    decided = {"state": state.value} | ({"note": storable(act.detail, None)} if act.detail else {})
    return update(findings).where(findings.c.id == act.subject, is_open).values(decided)


def _audited(act: Act, at: float) -> dict[str, Any]:
    return {
        "id": uuid4().hex,
        "at": at,
        "actor": storable(act.actor) or "",
        "action": act.action,
        "subject": act.subject,
        "detail": storable(act.detail, None),
    }
