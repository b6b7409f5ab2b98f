"""Whether an update with journal entries took place: each send of `work_notes` or `comments` appends another entry."""

import re
from collections.abc import Generator, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from gateway.domain.call import Json, Route
from gateway.domain.verdict import Answer
from gateway.platforms.conversations import (
    SKEW_SECONDS,
    Absent,
    Found,
    Question,
    Search,
    SearchDenied,
    SoughtUpdate,
)
from gateway.platforms.servicenow.payload import JOURNALS
from gateway.platforms.servicenow.presented import Manner, presented, result_of
from gateway.platforms.servicenow.rows import PLAIN, Ask, Row, Rows, rows, unix
from gateway.platforms.servicenow.tickets import stored, ticket_of

_SEARCHABLE: Final = frozenset({"comments", "work_notes"})
_UPDATES: Final = frozenset({"table.update", "change.update", "change_task.update"})
_MOST_ENTRIES: Final = 100
_ENTRY: Final = re.compile(r"^(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) - [^\n]* \([^\n]*\)\n", re.MULTILINE)
"""How an entry begins in the journal's text, its instant in the time zone of whoever reads it."""


class _Entry(StrEnum):
    """Whether an entry that was sent stands in the journal."""

    THERE = "there"
    MISSING = "missing"
    UNKNOWN = "unknown"


def finds_update(route: Route) -> bool:
    """Journals are searched on the records that the Table API and change management show."""
    return route.name in _UPDATES


def search_update(sought: SoughtUpdate) -> Search:
    """A record that nobody wrote since is proof enough; else the entries tell, which are written with the fields."""
    sent = _entries(sought.body)
    if not _is_searchable(sought, sent):
        return SearchDenied(f"what this {sought.route.name} appended cannot be searched for")
    if not sent:
        return Absent()
    record = yield from _record(sought, sent)
    if isinstance(record, SearchDenied):
        return record
    updated_at = unix(stored(record.get("sys_updated_on")))
    if updated_at is None:
        return SearchDenied("the record does not show when it was written last")
    if updated_at < sought.began_at - SKEW_SECONDS:
        return Absent()
    states = yield from _states(sought, sent, record)
    if states == {_Entry.THERE}:
        return (yield from _found(sought, record))
    return Absent() if states == {_Entry.MISSING} else SearchDenied("the journal does not show whether it was written")


def _entries(body: Json) -> dict[str, str]:
    """What was to be appended, by journal; an empty text appends nothing."""
    fields = body if isinstance(body, dict) else {}
    return {name: text for name in JOURNALS if (text := stored(fields.get(name)).strip())}


def _is_searchable(sought: SoughtUpdate, sent: Mapping[str, str]) -> bool:
    known = sought.route.name in _UPDATES and isinstance(sought.body, dict) and _SEARCHABLE.issuperset(sent)
    return known and PLAIN.fullmatch(sought.route.ticket or "") is not None


def _record(sought: SoughtUpdate, sent: Mapping[str, str]) -> Generator[Question, Answer, Row | SearchDenied]:
    fields = ",".join(("sys_id", "number", "priority", "sys_updated_on", *sent))
    path = f"/api/now/table/{sought.route.resource}/{sought.route.ticket}"
    answer = yield Question(f"{path}?sysparm_display_value=all&sysparm_fields={fields}")
    record = result_of(answer)
    if answer.status != HTTPStatus.OK or stored(record.get("sys_id")) != sought.route.ticket:
        return SearchDenied(f"the record was answered {answer.status}, and not shown")
    return record


def _states(
    sought: SoughtUpdate, sent: Mapping[str, str], record: Row
) -> Generator[Question, Answer, frozenset[_Entry]]:
    """By the journal's own table where this login may read it; else by the text that the record shows of it."""
    written = yield from _journal(sought, sent)
    if isinstance(written, SearchDenied) or not written:
        return frozenset(_in_text(record.get(name), text, sought.began_at) for name, text in sent.items())
    return frozenset(_in_rows(written, name, text, sought.began_at) for name, text in sent.items())


def _journal(sought: SoughtUpdate, sent: Mapping[str, str]) -> Rows:
    query = f"element_id={sought.route.ticket}^elementIN{','.join(sorted(sent))}^ORDERBYDESCsys_created_on"
    fields = ("element_id", "element", "value", "sys_created_on")
    found = yield from rows(Ask("sys_journal_field", query, fields, _MOST_ENTRIES))
    if isinstance(found, SearchDenied) or all(row.get("element_id") == sought.route.ticket for row in found):
        return found
    return SearchDenied("the journal answers with entries of other records")


def _in_rows(written: tuple[Row, ...], name: str, text: str, began_at: float) -> _Entry:
    since = began_at - SKEW_SECONDS
    recent = [row for row in written if (unix(stored(row.get("sys_created_on"))) or 0.0) >= since]
    if any(row.get("element") == name and _says(stored(row.get("value")), text) for row in recent):
        return _Entry.THERE
    return _Entry.UNKNOWN if len(recent) >= _MOST_ENTRIES else _Entry.MISSING


def _in_text(shown: Json, text: str, began_at: float) -> _Entry:
    """An equal entry whose instant looks older may be so, or told in another time zone."""
    if not isinstance(shown, dict):
        return _Entry.UNKNOWN
    journal = _plain(stored(shown.get("value")) or stored(shown.get("display_value")))
    parts = _ENTRY.split(journal)
    entries = zip(parts[1::2], parts[2::2], strict=True)
    instants = [unix(at) or 0.0 for at, entry in entries if _says(entry, text)]
    if any(at >= began_at - SKEW_SECONDS for at in instants):
        return _Entry.THERE
    return _Entry.UNKNOWN if instants or _plain(text) in journal else _Entry.MISSING


def _found(sought: SoughtUpdate, record: Row) -> Search:
    row: Row = {name: stored(value) for name, value in record.items()}
    success = yield from presented(Manner(sought.route, sought.target, sought.accept), "", row)
    return Found(ticket_of(row), success)


def _says(entry: str, text: str) -> bool:
    return _plain(entry) == _plain(text)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
