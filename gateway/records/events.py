"""Adding to the story of one call: for what is rare enough to be read and written row by row."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select, update

from gateway.records.rows import Row
from gateway.records.tables import call_details

_THIS = call_details.c.call_id == bindparam("call")
_SET_EVENTS = update(call_details).where(_THIS).values(events=bindparam("events"))
_SET_ATTEMPTS = update(call_details).where(_THIS).values(attempts=bindparam("attempts"))


def add_events(connection: Connection, call_id: str, events: Iterable[Row]) -> None:
    """Append to what happened to a call; what is told already is not told twice."""
    known = connection.execute(select(call_details.c.events).where(_THIS), {"call": call_id}).scalar() or []
    added = [event for event in events if event not in known]
    connection.execute(_SET_EVENTS, {"call": call_id, "events": known + added})


def add_attempts(connection: Connection, call_id: str, made: list[Row] | None) -> None:
    """Append attempts of a later round to those on record."""
    connection.execute(_SET_ATTEMPTS, {"call": call_id, "attempts": merge_attempts(connection, call_id, made)})


def merge_attempts(connection: Connection, call_id: str, made: list[Row] | None) -> list[Row] | None:
    """The attempts on record and those made since, counted through; another process began to count from 1 again."""
    known = connection.execute(select(call_details.c.attempts).where(_THIS), {"call": call_id}).scalar() or []
    starts = {attempt["started_at"] for attempt in known}
    every = known + [attempt for attempt in made or () if attempt["started_at"] not in starts]
    return [attempt | {"number": number} for number, attempt in enumerate(every, 1)] or None
