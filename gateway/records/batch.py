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
from gateway.records.prepared import Parameters
from gateway.records.recognition import is_keyed, recognise
from gateway.records.state import FINAL_STATES
from gateway.records.statements import (
    CLOSE_CALL,
    END_DETAILS,
    INSERT_TICKET,
    LEAVE_OPEN,
    NOTE_CALL,
    NOTE_DETAILS,
    OPEN_CALL,
    OPEN_DETAILS,
    SENT_AGAIN,
    SETTLE_CALL,
)
from gateway.records.stored_row import Restore
from gateway.records.sums import add_tickets
from gateway.records.tables import calls
from gateway.records.ticket_rows import made_tickets

Result: TypeAlias = Any
"""What the entry's caller gets; an exception is raised to it."""

OPENED: Final = Opened(rows.FIRST_EPOCH)


class Batch:
    """Writes entries; `restore` makes calls of rows that are handed on."""

    def __init__(self, restore: Restore) -> None:
        self._restore = restore
        self._steps: dict[type[Entry], Callable[[Connection, list[Any]], Sequence[Result]]] = {
            Opening: self._open,
            Sending: _send_again,
            Closing: _close,
            Settling: _settle,
            Noting: _note,
        }

    def write(self, connection: Connection, entries: Sequence[Entry]) -> list[Result]:
        """Write all entries, those of one call in the order of its life; a result for each, in the order given."""
        numbers: dict[type[Entry], list[int]] = {kind: [] for kind in self._steps}
        for number, entry in enumerate(entries):
            numbers[type(entry)].append(number)
        results: list[Result] = [None] * len(entries)
        for kind, chosen in numbers.items():
            if chosen:
                done = self._steps[kind](connection, [entries[number] for number in chosen])
                for number, result in zip(chosen, done, strict=True):
                    results[number] = result
        return results

    def _open(self, connection: Connection, entries: list[Opening]) -> list[Result]:
        recognised = recognise(connection, entries, self._restore)
        fresh = [entry for number, entry in enumerate(entries) if number not in recognised] if recognised else entries
        OPEN_CALL.run(connection, [rows.opened_call(entry) for entry in fresh if not is_keyed(entry)])
        OPEN_DETAILS.run(connection, [detail_rows.opened_details(entry) for entry in fresh])
        return [recognised.get(number, OPENED) for number in range(len(entries))]


def _send_again(connection: Connection, entries: list[Sending]) -> list[Result]:
    changed = SENT_AGAIN.count(connection, [rows.sent_again(entry) for entry in entries])
    if changed == len(entries):
        return [None] * len(entries)
    return [_lost(connection, entry, gone_is_lost=True) for entry in entries]


def _close(connection: Connection, entries: list[Closing]) -> Sequence[Result]:
    known, unconfirmed = _by_certainty(entries)
    closed = CLOSE_CALL.count(connection, [rows.closed_call(entry) for entry in known])
    closed += LEAVE_OPEN.count(connection, [rows.left_open(entry) for entry in unconfirmed])
    if closed == len(entries):
        _end(connection, entries)
        return [None] * len(entries)
    results = [_lost(connection, entry) for entry in entries]
    held = [entry for entry, lost in zip(entries, results, strict=True) if lost is None]
    late = [rows.late_call(entry) for entry in held]  # a call that left while the store was down has no row
    NOTE_CALL.run(connection, late)
    for entry in held:
        _end(connection, [entry])  # one by one: a ticket that is there already must not be counted again
    return results


def _by_certainty(entries: list[Closing]) -> tuple[list[Closing], list[Closing]]:
    unconfirmed = [entry for entry in entries if entry.outcome.kind is OutcomeKind.UNCONFIRMED]
    if not unconfirmed:
        return entries, []
    return [entry for entry in entries if entry.outcome.kind is not OutcomeKind.UNCONFIRMED], unconfirmed


def _end(connection: Connection, entries: list[Closing]) -> None:
    END_DETAILS.run(connection, [_ended(connection, entry) for entry in entries])
    _keep_tickets(connection, entries)


def _ended(connection: Connection, entry: Closing) -> Parameters:
    outcome = entry.outcome
    if entry.holder.epoch > rows.FIRST_EPOCH:
        attempts = merge_attempts(connection, outcome.call.id, detail_rows.shown_attempts(outcome.attempts))
    else:
        attempts = detail_rows.attempts_to_tell(outcome)
    return detail_rows.ended_details(entry, attempts, detail_rows.shown_events(outcome))


def _keep_tickets(connection: Connection, entries: Sequence[Closing | Settling]) -> None:
    """The tickets that were made."""
    made = [entry.outcome for entry in entries if rows.leaves_ticket(entry.outcome)]
    kept = [row for outcome in made for row in made_tickets(outcome)]
    if kept and INSERT_TICKET.count(connection, kept) == len(kept):
        add_tickets(connection, made)  # one that was there before is in the sums already


def _settle(connection: Connection, entries: list[Settling]) -> list[Result]:
    return [_settle_one(connection, entry) for entry in entries]


def _settle_one(connection: Connection, entry: Settling) -> Result:
    if not SETTLE_CALL.count(connection, [rows.settled_call(entry)]):
        return _lost(connection, entry)
    outcome = entry.outcome
    attempts = merge_attempts(connection, outcome.call.id, detail_rows.shown_attempts(outcome.attempts))
    END_DETAILS.run(connection, [detail_rows.ended_details(entry, attempts, None)])
    _keep_tickets(connection, [entry])
    add_events(connection, outcome.call.id, [*(detail_rows.shown_events(outcome) or ()), _settled(outcome)])
    return None


def _settled(outcome: Outcome) -> rows.Row:
    return {"at": outcome.ended_at, "event": "settled", "outcome": outcome.kind.value}


def _note(connection: Connection, entries: list[Noting]) -> list[Result]:
    NOTE_CALL.run(connection, [rows.noted_call(entry) for entry in entries])
    NOTE_DETAILS.run(connection, [told for entry in entries if (told := detail_rows.noted_details(entry))])
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
