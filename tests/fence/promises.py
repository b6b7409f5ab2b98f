"""The seven promises of the fence, each a check of its own, made past all code of the gateway.

They look at the records as another program would, and at the platforms' own ledgers.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from fence.tally import Books

from gateway.simulator import Ending, Exchange, Kind

WINDOWS = {"servicenow": (2.0, 65.0), "jira": (15.0, 75.0)}
"""For how many seconds an empty search proves nothing: after a complete answer, and after a send that broke off."""
READ_TIMEOUT_SECONDS = 30.0
FINAL = ("closed", "dead")
ACCEPTED = 202
UNDONE = frozenset({ACCEPTED, 429})
"""Answers by which certainly nothing was done."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the records hold of a call."""

    id: str
    state: str
    kind: str | None
    status: int | None
    owner: str | None
    epoch: int
    last_sent_at: float | None
    correlation_value: str | None
    ticket_key: str | None

    @property
    def ending(self) -> tuple[str, str | None, str | None]:
        """What may never change once it is final."""
        return self.state, self.kind, self.ticket_key


def rows(database: Path) -> dict[str, Row]:
    """Every call that is on disk now, by its id."""
    columns = ", ".join(Row.__slots__)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = connection.execute(f"SELECT {columns} FROM itsm_gateway_calls").fetchall()
    return {row[0]: Row(*row) for row in found}


def i1_nothing_leaves_before_its_row_is_sending(row: Row | None, now: float) -> None:
    """Asked when a create has just arrived at its platform."""
    assert row is not None, "a create arrived that no row knows of"
    assert row.state == "sending", f"a create arrived whose row is {row.state}"
    assert row.last_sent_at is not None
    assert row.last_sent_at <= now


def i2_nothing_is_sent_again_but_on_proof(platform: str, value: str, before: Sequence[Exchange], now: Any) -> None:
    """Asked when a create has just arrived; `before` is all that came to its platform earlier."""
    for attempt in (one for one in before if one.kind is Kind.CREATE and value in carried(one.body)):
        since = _proof_counts_from(platform, attempt)
        if since is None:
            continue
        proofs = [one for one in before if _is_empty_search(one, value) and since <= one.at <= now]
        assert proofs, f"{value} came again at {now}, and nobody had looked since {since}: {attempt}"


def i3_only_the_owner_settles(was: Mapping[str, Row], now: Mapping[str, Row], alive: Iterable[str]) -> None:
    """`alive` are the processes that lived at any time since it was last asked."""
    alive = frozenset(alive)
    for row in now.values():
        earlier = was.get(row.id)
        if earlier is not None:
            assert row.epoch >= earlier.epoch, f"{row} went back from {earlier}"
            assert row.epoch > earlier.epoch or row.owner in {earlier.owner, None}, f"{row} was taken from {earlier}"
        if row.state in FINAL and (earlier is None or earlier.state not in FINAL):
            assert row.owner is None or row.owner in alive, f"{row} was settled by who was dead"


def i4_every_attempt_carries_the_value_of_its_row(ledgers: Iterable[Exchange], known: Iterable[Row]) -> None:
    """The same value in the same bytes, however often it was sent."""
    values = {row.correlation_value for row in known}
    bodies: dict[str, bytes] = {}
    for attempt in (one for one in ledgers if one.kind is Kind.CREATE):
        (value,) = carried(attempt.body)
        assert value in values, f"no row holds {value}"
        assert bodies.setdefault(value, attempt.body) == attempt.body, f"{value} was sent with two bodies"


def i5_a_success_is_told_of_what_is_on_disk(
    status: int, ticket: str | None, call_id: str, known: Mapping[str, Row]
) -> None:
    """Asked when a client has just been told: of a ticket, or that the call of this id will be delivered."""
    if status == ACCEPTED:
        assert call_id in known, f"call {call_id} was accepted, and no row knows of it"
    else:
        closed = [row for row in known.values() if row.state == "closed" and row.ticket_key == ticket]
        assert ticket is not None, "a success named no ticket"
        assert closed, f"{ticket} was told of, and its row is not closed"


def i6_who_asks_again_by_the_same_key_is_answered_the_same(first: bytes, again: bytes) -> None:
    """Byte for byte."""
    assert again == first, f"first {first!r}, then {again!r}"


def i7_no_row_vanishes_or_changes_its_end(was: Mapping[str, Row], now: Mapping[str, Row]) -> None:
    """Not by a crash, and not by anything else as young as these."""
    assert was.keys() <= now.keys(), f"{was.keys() - now.keys()} are gone"
    for row in was.values():
        if row.state == "closed" and row.kind != "unconfirmed":
            assert now[row.id].ending == row.ending, f"{row} became {now[row.id]}"


def carried(body: bytes) -> set[str]:
    """The correlation values in a create's body."""
    document = json.loads(body)
    labels = document.get("fields", {}).get("labels", [])
    return {value for value in (document.get("correlation_id"), *labels) if value}


def no_ticket_is_there_twice(books: Books) -> None:
    """However often it was tried."""
    doubled = {title: count for title, count in books.copies().items() if count > 1}
    assert not doubled, doubled


def nobody_is_told_of_a_failure_that_was_none(status: int, title: str, books: Books) -> None:
    """Asked when a client has just been told."""
    assert status < 400 or not books.copies()[title], f"{title} was told {status}, and there is a ticket"


def everything_came_to_an_end(known: Mapping[str, Row]) -> None:
    """Asked long after the last thing went wrong."""
    unsettled = [row for row in known.values() if row.state not in FINAL]
    assert not unsettled, unsettled


def each_has_what_it_was_told_of(
    told: Mapping[str, tuple[int, str | None]], books: Books, known: Mapping[str, Row]
) -> None:
    """Whose call was accepted has a ticket, too, unless that was refused later: then it is a dead letter."""
    copies, dead = books.copies(), sum(row.state == "dead" for row in known.values())
    missing = [title for title, (status, _) in told.items() if status == ACCEPTED and not copies[title]]
    assert len(missing) <= dead, f"accepted, neither delivered nor shown as dead: {missing}"
    for title, (status, ticket) in told.items():
        if status in {200, 201}:
            assert books.titles.get(str(ticket)) == title, f"{title} was told of {ticket}"


def _proof_counts_from(platform: str, attempt: Exchange) -> Any:
    """From when on an empty search says that this attempt did nothing; None where its answer says so itself."""
    settle, late = WINDOWS[platform]
    wait = attempt.fault.wait_seconds if attempt.fault else 0.0
    is_whole = attempt.fault is None or attempt.fault.ending is Ending.ANSWER
    if is_whole and wait < READ_TIMEOUT_SECONDS and attempt.status in UNDONE:
        return None
    if is_whole and wait < READ_TIMEOUT_SECONDS and attempt.status in {500, 502, 503, 504}:
        return attempt.at + timedelta(seconds=wait + settle)
    return attempt.at + timedelta(seconds=late)


def _is_empty_search(one: Exchange, value: str) -> bool:
    """Whether a platform was asked for the value and answered properly; that it found nothing the copies show."""
    asked = value in unquote_plus(one.target) or value.encode() in one.body
    answered = one.status == 200 and (one.fault is None or one.fault.kind == "delayed")
    return one.kind is Kind.SEARCH and asked and answered
