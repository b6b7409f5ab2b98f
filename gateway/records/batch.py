"""Writes entries through one connection, each kind of row by one statement for all of them; commits nothing.

Every entry has a result of its own: None where all was done, `Opened` or `Earlier` for an opening, and a `LostLease`
for what came from a holder that holds the row no more.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, select

from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.pipeline.earlier import Opened
from gateway.pipeline.stored import LostLease
from gateway.records import detail_rows, rows
from gateway.records.entries import Closing, Entry, Noting, Opening, Sending, Settling
from gateway.records.events import add_events, merge_attempts
from gateway.records.recognition import recognise
from gateway.records.state import FINAL_STATES
from gateway.records.statements import (
    CLOSE_CALL,
    END_DETAILS,
    INSERT_CALL,
    INSERT_DETAILS,
    INSERT_TICKET,
    LEAVE_OPEN,
    SENT_AGAIN,
    SETTLE_CALL,
)
from gateway.records.stored_row import Restore
from gateway.records.sums import add_tickets
from gateway.records.tables import calls

Result: TypeAlias = Any
"""What the entry's caller gets; an exception is raised to it."""

OPENED: Final = Opened(rows.FIRST_EPOCH)


class Batch:
    """Writes entries; `restore` makes calls of rows that are handed on."""

    def __init__(self, restore: Restore) -> None:
        self._restore = restore

    def write(self, connection: Connection, entries: Sequence[Entry]) -> list[Result]:
        """Write all entries, those of one call in the order of its life; a result for each, in the order given."""
        results: list[Result] = [None] * len(entries)
        for kind, step in self._steps():
            chosen = [number for number, entry in enumerate(entries) if type(entry) is kind]
            if chosen:
                done = step(connection, [entries[number] for number in chosen])
                for number, result in zip(chosen, done, strict=True):
                    results[number] = result
        return results

    def _steps(self) -> tuple[tuple[type[Entry], Callable[[Connection, list[Any]], Sequence[Result]]], ...]:
        return (
            (Opening, self._open),
            (Sending, _send_again),
            (Closing, _close),
            (Settling, _settle),
            (Noting, _note),
        )

    def _open(self, connection: Connection, entries: list[Opening]) -> list[Result]:
        recognised = recognise(connection, entries, self._restore)
        fresh = [entry for number, entry in enumerate(entries) if number not in recognised]
        INSERT_CALL.run(connection, map(rows.opened_call, (entry for entry in fresh if not _is_keyed(entry))))
        INSERT_DETAILS.run(connection, map(detail_rows.opened_details, fresh))
        return [recognised.get(number, OPENED) for number in range(len(entries))]


def _is_keyed(entry: Opening) -> bool:
    """A keyed create was inserted when it was seen that nobody has its key: the one shows the other."""
    return entry.claim is not None and entry.claim.key is not None


def _send_again(connection: Connection, entries: list[Sending]) -> list[Result]:
    changed = SENT_AGAIN.run(connection, map(rows.sent_again, entries))
    if changed == len(entries):
        return [None] * len(entries)
    return [_lost(connection, entry, gone_is_lost=True) for entry in entries]


def _close(connection: Connection, entries: list[Closing]) -> Sequence[Result]:
    known, unconfirmed = _by_certainty(entries)
    closed = CLOSE_CALL.run(connection, map(rows.closed_call, known))
    closed += LEAVE_OPEN.run(connection, map(rows.left_open, unconfirmed))
    if closed == len(entries):
        _end(connection, entries)
        return [None] * len(entries)
    results = [_lost(connection, entry) for entry in entries]
    held = [entry for entry, lost in zip(entries, results, strict=True) if lost is None]
    INSERT_CALL.run(connection, map(rows.late_call, held))  # a call that left while the store was down has no row
    for entry in held:
        _end(connection, [entry])  # one by one: a ticket that is there already must not be counted again
    return results


def _by_certainty(entries: list[Closing]) -> tuple[list[Closing], list[Closing]]:
    unconfirmed = [entry for entry in entries if entry.outcome.kind is OutcomeKind.UNCONFIRMED]
    if not unconfirmed:
        return entries, []
    return [entry for entry in entries if entry.outcome.kind is not OutcomeKind.UNCONFIRMED], unconfirmed


def _end(connection: Connection, entries: list[Closing]) -> None:
    details = [detail_rows.ended_details(entry) for entry in entries]
    for entry, told in zip(entries, details, strict=True):
        if entry.holder.epoch > rows.FIRST_EPOCH:
            told["attempts"] = merge_attempts(connection, entry.outcome.call.id, told["attempts"])
    END_DETAILS.run(connection, details)
    _keep_tickets(connection, entries)


def _keep_tickets(connection: Connection, entries: Sequence[Closing | Settling]) -> None:
    """The tickets that were made."""
    made = [entry.outcome for entry in entries if rows.leaves_ticket(entry.outcome)]
    if not made:
        return
    kept = [row for outcome in made for row in rows.made_tickets(outcome)]
    if INSERT_TICKET.run(connection, kept) == len(kept):
        add_tickets(connection, kept)  # one that was there before is in the sums already


def _settle(connection: Connection, entries: list[Settling]) -> list[Result]:
    return [_settle_one(connection, entry) for entry in entries]


def _settle_one(connection: Connection, entry: Settling) -> Result:
    if not SETTLE_CALL.run(connection, [rows.settled_call(entry)]):
        return _lost(connection, entry)
    outcome = entry.outcome
    details = detail_rows.ended_details(entry)
    events = details["events"] or ()
    attempts = merge_attempts(connection, outcome.call.id, details["attempts"])
    END_DETAILS.run(connection, [details | {"events": None, "attempts": attempts}])
    _keep_tickets(connection, [entry])
    add_events(connection, outcome.call.id, [*events, _settled(outcome)])
    return None


def _settled(outcome: Outcome) -> rows.Row:
    return {"at": outcome.ended_at, "event": "settled", "outcome": outcome.kind.value}


def _note(connection: Connection, entries: list[Noting]) -> list[Result]:
    INSERT_CALL.run(connection, map(rows.noted_call, entries))
    INSERT_DETAILS.run(connection, filter(None, map(detail_rows.noted_details, entries)))
    return [None] * len(entries)


def _lost(connection: Connection, entry: Sending | Closing | Settling, *, gone_is_lost: bool = False) -> Result:
    """Why an entry changed no row: somebody else's, or final already; None where its own holder closed it before."""
    call_id = entry.call_id if isinstance(entry, Sending) else entry.outcome.call.id
    asked = select(calls.c.owner, calls.c.epoch, calls.c.state).where(calls.c.id == call_id)
    row = connection.execute(asked).one_or_none()
    if row is None:
        return LostLease(f"call {call_id} has no row") if gone_is_lost else None
    if (row.owner, row.epoch) != (entry.holder.owner, entry.holder.epoch):
        return LostLease(f"call {call_id} is in other hands by now")
    if gone_is_lost and row.state in FINAL_STATES:
        return LostLease(f"call {call_id} is closed")
    return None
