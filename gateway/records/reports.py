"""The questions the API asks of the records; each is answered through an index, page by page, without totals."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.domain.fault import StoreUnavailable
from gateway.records import sla_figures
from gateway.records.engines import said
from gateway.records.listing import cut, page_of
from gateway.records.record import (
    CallRecord,
    CallStory,
    Creation,
    Page,
    Position,
    Promises,
    SlaFigures,
    TicketRecord,
    Window,
)
from gateway.records.story import tell
from gateway.records.tables import call_details, calls, tickets

MOST_DUE_SHOWN = 50

_CALL = tuple(calls.c[field.name] for field in fields(CallRecord))
_TICKET = tuple(tickets.c[field.name] for field in fields(TicketRecord))
_TOLD = tuple(call_details.c[name].label(f"told_{name}") for name in ("attempts", "violations", "problem", "events"))


class Reports:
    """Reads through connections that cannot write; a question that cannot be answered raises StoreUnavailable."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

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

    async def close(self) -> None:
        """Give the connections back."""
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
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"the records cannot be read: {said(error)}") from error
        return found


def _promises(stand: RowMapping, kind: str) -> Promises:
    return Promises(*(int(stand[f"{kind}_{figure}"]) for figure in ("promised", "due_passed", "due_soon")))
