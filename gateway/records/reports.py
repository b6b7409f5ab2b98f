"""The questions the API asks of the records; each is answered through an index, page by page, without totals."""

from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import RowMapping, Select, select

from gateway.domain.fault import StoreUnavailable
from gateway.records import sla_figures
from gateway.records.activity import Bucket, buckets_of, creates_over_time
from gateway.records.creates import SentCreate, sent_create, sent_creates
from gateway.records.engines import reading_engine
from gateway.records.faults import DATABASE_ERRORS, said
from gateway.records.listing import cut, page_of
from gateway.records.location import Place
from gateway.records.record import (
    AuditRecord,
    CallRecord,
    CallStory,
    Creation,
    FindingRecord,
    Page,
    Position,
    Promises,
    SlaFigures,
    TicketRecord,
    WaitingRecord,
    Window,
)
from gateway.records.state import NOT_DONE_STATES
from gateway.records.story import tell
from gateway.records.tables import audit, call_details, calls, findings, tickets

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

MOST_DUE_SHOWN = 50

_CALL = tuple(calls.c[field.name] for field in fields(CallRecord))
_WAITING = tuple(calls.c[field.name] for field in fields(WaitingRecord))
_TICKET = tuple(tickets.c[field.name] for field in fields(TicketRecord))
_TOLD = tuple(call_details.c[name].label(f"told_{name}") for name in ("attempts", "violations", "problem", "events"))


class Reports:
    """Reads through connections that cannot write; a question that cannot be answered raises StoreUnavailable."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @cached_property
    def _engine(self) -> "AsyncEngine":
        """Made for the first question: many a gateway is never asked any."""
        return reading_engine(self._place)

    async def calls(self, window: Window, limit: int, after: Position | None = None) -> Page[CallRecord]:
        """A page of calls, the latest received first."""
        rows = await self._rows(page_of(select(*_CALL), calls, "received_at", window, after).limit(limit + 1))
        return cut([CallRecord(**row) for row in rows], limit, lambda call: Position(call.received_at, call.id))

    async def call(self, call_id: str) -> CallStory | None:
        """One call with its attempts, violations and events."""
        asked = select(*_CALL, *_TOLD).outerjoin_from(calls, call_details).where(calls.c.id == call_id)
        return next((tell(dict(row)) for row in await self._rows(asked)), None)

    async def tickets(self, window: Window, limit: int, after: Position | None = None) -> Page[TicketRecord]:
        """A page of tickets, the latest accepted first."""
        rows = await self._rows(page_of(select(*_TICKET), tickets, "accepted_at", window, after).limit(limit + 1))
        return cut([TicketRecord(**row) for row in rows], limit, lambda ticket: Position(ticket.accepted_at, ticket.id))

    async def ticket(self, ticket_id: str) -> TicketRecord | None:
        """One ticket by the id that the gateway gave it, which is its call's."""
        rows = await self._rows(select(*_TICKET).where(tickets.c.id == ticket_id))
        return next((TicketRecord(**row) for row in rows), None)

    async def outbox(self, window: Window, limit: int, after: Position | None = None) -> Page[WaitingRecord]:
        """A page of calls that are not done, the latest received first; `state` in the window narrows it."""
        asked = page_of(select(*_WAITING), calls, "received_at", window, after)
        rows = await self._rows(asked.where(calls.c.state.in_(NOT_DONE_STATES)).limit(limit + 1))
        return cut([WaitingRecord(**row) for row in rows], limit, lambda call: Position(call.received_at, call.id))

    async def waiting(self, call_id: str) -> WaitingRecord | None:
        """One call that is not done."""
        asked = select(*_WAITING).where(calls.c.id == call_id, calls.c.state.in_(NOT_DONE_STATES))
        return next((WaitingRecord(**row) for row in await self._rows(asked)), None)

    async def findings(self, window: Window, limit: int, after: Position | None = None) -> Page[FindingRecord]:
        """A page of findings, the latest found first."""
        rows = await self._rows(page_of(select(*findings.c), findings, "found_at", window, after).limit(limit + 1))
        return cut([FindingRecord(**row) for row in rows], limit, lambda found: Position(found.found_at, found.id))

    async def finding(self, finding_id: str) -> FindingRecord | None:
        """One finding."""
        rows = await self._rows(select(*findings.c).where(findings.c.id == finding_id))
        return next((FindingRecord(**row) for row in rows), None)

    async def sent_creates(self, upstream: str, after: Position, until: float, limit: int) -> tuple[SentCreate, ...]:
        """The creates of one upstream that were sent and whose end is known, from a position on, the oldest first."""
        return tuple(sent_create(row) for row in await self._rows(sent_creates(upstream, after, until, limit)))

    async def audit(self, window: Window, limit: int, after: Position | None = None) -> Page[AuditRecord]:
        """A page of what people did to rows, the latest first."""
        rows = await self._rows(page_of(select(*audit.c), audit, "at", window, after).limit(limit + 1))
        return cut([AuditRecord(**row) for row in rows], limit, lambda act: Position(act.at, act.id))

    async def sla(self, window: Window, now: float, target_seconds: float) -> SlaFigures:
        """How fast the tickets of a window were made, and how their promises stand at `now`."""
        (stand,) = await self._rows(sla_figures.promises(window, now))
        soon = await self._rows(sla_figures.due_soon(window, now, MOST_DUE_SHOWN))
        return SlaFigures(
            creations=await self._creations(window, target_seconds),
            response=_promises(stand, "response"),
            resolution=_promises(stand, "resolution"),
            due_soon=tuple(TicketRecord(**row) for row in soon),
        )

    async def activity(self, window: Window, step: float) -> tuple[Bucket, ...]:
        """Creates by outcome, in steps (seconds) from the window's `since` on; a step without a create is left out."""
        return buckets_of(await self._rows(creates_over_time(window, window.since or 0.0, step)))

    async def close(self) -> None:
        """Give the connections back."""
        if "_engine" in vars(self):
            await self._engine.dispose()

    async def _creations(self, window: Window, target_seconds: float) -> tuple[Creation, ...]:
        counted = await self._rows(sla_figures.creation_counts(window, target_seconds))
        slowest = [
            await self._rows(sla_figures.creation_p95(window, row["platform"], row["tickets"])) for row in counted
        ]
        return tuple(
            Creation(**row, p95_seconds=slow[0]["seconds"]) for row, slow in zip(counted, slowest, strict=True) if slow
        )

    async def _rows(self, asked: Select[Any]) -> Sequence[RowMapping]:
        try:
            async with self._engine.connect() as connection:
                found: Sequence[RowMapping] = (await connection.execute(asked)).mappings().all()
        except DATABASE_ERRORS as error:
            raise StoreUnavailable(f"the records cannot be read: {said(error)}") from error
        return found


def _promises(stand: RowMapping, kind: str) -> Promises:
    return Promises(*(int(stand[f"{kind}_{figure}"]) for figure in ("promised", "due_passed", "due_soon")))
