"""The questions the API asks of the records; each is answered through an index, page by page, without totals."""

from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, RowMapping, Select, select

from gateway.domain.fault import StoreUnavailable
from gateway.pipeline.backtest import Recorded
from gateway.pipeline.stored import Stored
from gateway.policy.policy import Record
from gateway.records import sla_figures
from gateway.records.activity import Bucket, buckets_of, creates_over_time
from gateway.records.availability import answered
from gateway.records.creates import SentCreate, further_tickets, sent_create, sent_creates, with_further
from gateway.records.engines import reading_engine
from gateway.records.faults import DATABASE_ERRORS, said
from gateway.records.listing import cut, page_of
from gateway.records.location import Place
from gateway.records.looking import Search
from gateway.records.promises import unresolved
from gateway.records.record import (
    AuditRecord,
    CallRecord,
    CallStory,
    Creation,
    FindingRecord,
    Page,
    Position,
    PriorityDay,
    Promises,
    SlaFigures,
    TicketRecord,
    UpstreamAnswers,
    WaitingRecord,
    Window,
)
from gateway.records.recorded import Kept, counted, recorded, recorded_calls
from gateway.records.state import NOT_DONE_STATES
from gateway.records.stored_row import HELD, stored
from gateway.records.story import tell
from gateway.records.sums import seconds_of
from gateway.records.tables import NOT_CLOSED, audit, call_details, calls, findings, tickets
from gateway.records.ticket_rows import ticket_record
from gateway.sla.standing import PromiseState

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

MOST_DUE_SHOWN = 50

_CALL = tuple(calls.c[field.name] for field in fields(CallRecord))
_WAITING = tuple(calls.c[field.name] for field in fields(WaitingRecord))
_TICKET = tuple(tickets.c[field.name] for field in fields(TicketRecord))
_TOLD = tuple(call_details.c[name].label(f"told_{name}") for name in ("attempts", "violations", "problem", "events"))
_PLACE = calls.c.correlation_place.label("told_place")


class Reports:
    """Reads through connections that cannot write; a question that cannot be answered raises StoreUnavailable."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @cached_property
    def _engine(self) -> "AsyncEngine":
        """Made for the first question: many a gateway is never asked any."""
        return reading_engine(self._place)

    async def calls(self, window: Window, limit: int, after: Position | None = None) -> Page[CallRecord]:
        """A page of calls, the latest received first; not full where few fit and looking for more would take long."""
        looked = await Search(self._rows).calls(select(*_CALL), window, limit + 1, after)
        page = cut([CallRecord(**row) for row in looked.rows], limit, lambda call: Position(call.received_at, call.id))
        return Page(page.items, looked.paused, looked.paused) if looked.paused and not page.next else page

    async def call(self, call_id: str) -> CallStory | None:
        """One call with its attempts, violations and events."""
        asked = select(*_CALL, _PLACE, *_TOLD).outerjoin_from(calls, call_details).where(calls.c.id == call_id)
        return next((tell(dict(row)) for row in await self._rows(asked)), None)

    async def kept(self, call_id: str) -> Stored | None:
        """The request of one call, where its policy has it recorded for people, not only until the call is settled."""
        found = await self._found(HELD.where(calls.c.id == call_id))
        held = next((stored(row) for row in found if row.body is not None), None)
        return held if held and held.record is not Record.NOTHING else None

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
        rows = await self._rows(asked.where(NOT_CLOSED, calls.c.state.in_(NOT_DONE_STATES)).limit(limit + 1))
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
        page = [sent_create(row) for row in await self._rows(sent_creates(upstream, after, until, limit))]
        return with_further(page, await self._rows(further_tickets(page))) if page else ()

    async def audit(self, window: Window, limit: int, after: Position | None = None) -> Page[AuditRecord]:
        """A page of what people did to rows, the latest first."""
        rows = await self._rows(page_of(select(*audit.c), audit, "at", window, after).limit(limit + 1))
        return cut([AuditRecord(**row) for row in rows], limit, lambda act: Position(act.at, act.id))

    async def sla(self, window: Window) -> SlaFigures:
        """How fast the tickets of a window were made, and how their promises stand; from whole hours."""
        (stand,) = await self._rows(sla_figures.promises(window))
        steps = await self._rows(sla_figures.durations(window))
        return SlaFigures(
            creations=_creations(steps),
            response=_promises("response", [stand, *steps], await self._count_soon(window, "response")),
            resolution=_promises("resolution", [stand, *steps], await self._count_soon(window, "resolution")),
            availability=tuple(UpstreamAnswers(**row) for row in await self._rows(answered(window))),
            due_soon=await self._at_stake(window, PromiseState.SOON),
            breached=await self._at_stake(window, PromiseState.BREACHED),
        )

    async def priorities(self, window: Window) -> tuple[PriorityDay, ...]:
        """What became of promises, day by day and by priority; the window is widened to whole days."""
        return tuple(PriorityDay(**row) for row in await self._rows(sla_figures.priorities(window)))

    async def unresolved(self, upstream: str, limit: int) -> tuple[TicketRecord, ...]:
        """Tickets with promises whose end was not seen yet, the longest unasked first."""
        return tuple(ticket_record(dict(row)) for row in await self._rows(unresolved(upstream, limit)))

    async def activity(self, window: Window, step: float) -> tuple[Bucket, ...]:
        """Creates by outcome, in steps (seconds) from the window's `since` on; a step without a create is left out."""
        return buckets_of(await self._rows(creates_over_time(window, window.since or 0.0, step)))

    async def count_recorded(self, since: float) -> Kept:
        """How many ticket calls were sent since an instant, and how many bodies of them are kept."""
        (row,) = await self._found(counted(since))
        return Kept(row.calls, row.bodies)

    async def recorded(self, since: float, after: Position | None, limit: int) -> tuple[Recorded, ...]:
        """The ticket calls whose bodies are kept, the oldest first, from a position on."""
        return tuple(recorded(row) for row in await self._found(recorded_calls(since, after, limit)))

    async def close(self) -> None:
        """Give the connections back."""
        if "_engine" in vars(self):
            await self._engine.dispose()

    async def _count_soon(self, window: Window, promise: str) -> int:
        (counted,) = await self._rows(sla_figures.count_soon(window, promise))
        return int(counted["soon"])

    async def _at_stake(self, window: Window, state: PromiseState) -> tuple[TicketRecord, ...]:
        """Each ticket once: by the promise that falls due first, or, where one is broken, the latest accepted first."""
        found: dict[str, tuple[float, TicketRecord]] = {}
        for promise in sla_figures.PROMISES:
            for row in await self._rows(sla_figures.at_stake(window, promise, state, MOST_DUE_SHOWN)):
                rank = row[f"{promise}_due_at"] if state is PromiseState.SOON else -row["accepted_at"]
                known = found.get(row["id"])
                if known is None or rank < known[0]:
                    found[row["id"]] = (rank, ticket_record(dict(row)))
        return tuple(ticket for _, ticket in sorted(found.values(), key=lambda each: each[0])[:MOST_DUE_SHOWN])

    async def _rows(self, asked: Select[Any]) -> Sequence[RowMapping]:
        return [row._mapping for row in await self._found(asked)]  # noqa: SLF001  # SQLAlchemy's own, and documented

    async def _found(self, asked: Select[Any]) -> Sequence[Row[Any]]:
        try:
            async with self._engine.connect() as connection:
                found: Sequence[Row[Any]] = (await connection.execute(asked)).all()
        except DATABASE_ERRORS as error:
            raise StoreUnavailable(f"the records cannot be read: {said(error)}") from error
        return found


def _promises(kind: str, sums: Sequence[RowMapping], soon: int) -> Promises:
    """The first of the sums tells what is decided; what was promised stands in all of them."""
    promised = sum(int(each[f"{kind}_promised"]) for each in sums)
    return Promises(promised, int(sums[0][f"{kind}_kept"]), int(sums[0][f"{kind}_breached"]), soon)


def _creations(steps: Sequence[RowMapping]) -> tuple[Creation, ...]:
    return tuple(
        _creation(platform, [(int(row["step"]), int(row["tickets"])) for row in rows])
        for platform, rows in groupby(steps, key=lambda row: str(row["platform"]))
    )


def _creation(platform: str, steps: Sequence[tuple[int, int]]) -> Creation:
    """The p95 is the end of the step that the 95th of 100 tickets falls into (nearest rank)."""
    counts = list(accumulate(count for _, count in steps))
    total = counts[-1]
    rank = -(-total * 95 // 100)
    slow = next(step for (step, _), so_far in zip(steps, counts, strict=True) if so_far >= rank)
    within = sum(count for step, count in steps if step <= 0)
    return Creation(platform, total, within, seconds_of(slow))
