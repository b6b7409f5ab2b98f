"""Moves tickets' promises on: by what was seen of a ticket, and by the time that passes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Select, Update, bindparam, or_, select, update

from gateway.domain.frozen import frozen
from gateway.domain.sighting import Sighting
from gateway.records.record import PromiseChange, TicketRecord
from gateway.records.store import Store
from gateway.records.sums import count_changes
from gateway.records.tables import tickets
from gateway.records.ticket_rows import COLUMNS, promised_seconds, standing_of, standing_row, ticket_record
from gateway.sla.calendar import Calendar
from gateway.sla.standing import Phase, Standing, seen

MOST_AT_ONCE: Final = 200
"""So few tickets share a commit that calls waiting for theirs do not notice."""

NAMES_AT_ONCE: Final = 500

Row: TypeAlias = dict[str, Any]


@frozen
class Terms:
    """What a ticket's promises are counted by: its calendar, and the states (folded) in which the clock stands."""

    calendar: Calendar
    pauses: frozenset[str]


TermsOf: TypeAlias = Callable[[TicketRecord], Terms]


@frozen
class TicketPromises:
    """Writes how promises stand; whoever calls is told what changed, so that it can tell others."""

    store: Store

    async def see(self, upstream: str, sightings: Sequence[Sighting], terms: TermsOf) -> tuple[PromiseChange, ...]:
        """Take in what was seen of tickets; those that were not made here are passed over."""
        return await self.store.do(lambda connection: _see(connection, upstream, sightings, terms))

    async def promised(self, upstream: str, names: Collection[str]) -> frozenset[str]:
        """Which of these ids and keys name a ticket that was made here with a promise."""
        found = await self.store.do(lambda connection: _named(connection, upstream, names))
        return frozenset(found)

    async def pass_time(self, now: float) -> tuple[PromiseChange, ...]:
        """Move on the promises that have fallen due, or will soon; a full portion says that there may be more."""
        return await self.store.do(lambda connection: _pass_time(connection, now))

    async def polled(self, ids: Sequence[str], at: float) -> None:
        """Ask others before these again."""
        marked = update(tickets).where(tickets.c.id.in_(ids)).values(polled_at=at)
        await self.store.do(lambda connection: connection.execute(marked).rowcount)

    async def keep_platform_view(self, views: Mapping[str, object]) -> None:
        """Keep what the platform itself says of its SLAs, by the id the gateway gave the ticket."""
        rows = [{"ticket": ticket, "told": told} for ticket, told in views.items()]
        if rows:
            await self.store.do(lambda connection: connection.execute(_KEEP_VIEW, rows).rowcount)


_KEEP_VIEW: Final[Update] = (
    update(tickets).where(tickets.c.id == bindparam("ticket")).values(platform_sla=bindparam("told"))
)


def unresolved(upstream: str, limit: int) -> Select[Any]:
    """Promised tickets whose end was not seen yet, the longest unasked first."""
    return (
        select(*COLUMNS)
        .where(tickets.c.upstream == upstream, tickets.c.phase.in_((Phase.OPEN.value, Phase.PAUSED.value)))
        .order_by(tickets.c.polled_at.asc().nulls_first())
        .limit(limit)
    )


def _see(
    connection: Connection, upstream: str, sightings: Sequence[Sighting], terms: TermsOf
) -> tuple[PromiseChange, ...]:
    named = _named(connection, upstream, {sighting.ticket for sighting in sightings})
    rows = {row["id"]: row for its in named.values() for row in its}
    changed: list[tuple[Row, Row]] = []
    for sighting in sorted(sightings, key=lambda each: each.at):
        for row in [rows[each["id"]] for each in named.get(sighting.ticket, ())]:
            agreed = terms(ticket_record(row))
            standing = seen(standing_of(row), sighting, agreed.calendar, agreed.pauses)
            rows[row["id"]] = _write(connection, row, standing, sighting.at)
            changed.append((row, rows[row["id"]]))
    return _told(connection, changed)


def _named(connection: Connection, upstream: str, names: Collection[str]) -> dict[str, list[Row]]:
    """Promised tickets by id and by key: Jira's API takes both, and so may a sighting name both ways."""
    found: dict[str, list[Row]] = {}
    asked_for = sorted(names)
    for start in range(0, len(asked_for), NAMES_AT_ONCE):
        some = asked_for[start : start + NAMES_AT_ONCE]
        asked = select(*COLUMNS).where(
            tickets.c.upstream == upstream,
            tickets.c.phase.is_not(None),
            or_(tickets.c.ticket_id.in_(some), tickets.c.ticket_key.in_(some)),
        )
        for row in connection.execute(asked).mappings():
            for name in {row["ticket_id"], row["ticket_key"]}.intersection(some):
                found.setdefault(name, []).append(dict(row))
    return found


def _pass_time(connection: Connection, now: float) -> tuple[PromiseChange, ...]:
    asked = select(*COLUMNS).where(tickets.c.watch_at <= now).order_by(tickets.c.watch_at).limit(MOST_AT_ONCE)
    rows = [dict(row) for row in connection.execute(asked).mappings()]
    return _told(connection, [(row, _write(connection, row, standing_of(row), now)) for row in rows])


def _write(connection: Connection, row: Row, standing: Standing, now: float) -> Row:
    after = standing_row(standing, promised_seconds(row), now)
    connection.execute(update(tickets).where(tickets.c.id == row["id"]).values(after))
    return row | after


def _told(connection: Connection, changed: Sequence[tuple[Row, Row]]) -> tuple[PromiseChange, ...]:
    count_changes(connection, changed)
    return tuple(
        PromiseChange(ticket_record(after), promise, before[f"{promise}_state"], after[f"{promise}_state"])
        for before, after in changed
        for promise in ("response", "resolution")
        if before[f"{promise}_state"] != after[f"{promise}_state"]
    )
