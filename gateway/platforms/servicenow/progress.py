"""How far the work on a ServiceNow record is, as far as a call that passes by, or a look at many records, tells."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from gateway.domain.call import Json, Operation, Route
from gateway.domain.sighting import Move, Sighting, Stage
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.conversations import SearchDenied, Watch, Watched
from gateway.platforms.servicenow.rows import PLAIN, Ask, rows, unix
from gateway.platforms.servicenow.tickets import stored

PROGRESS_ROUTES: Final = frozenset({"table.read", "table.update", "change.update", "change_task.update"})

IDS_AT_ONCE: Final = 100

_NEW: Final = {"incident": {"1"}, "problem": {"101"}, "change_request": {"-5"}, "sc_task": {"1"}}
_RESOLVED: Final = {
    "incident": {"6", "7", "8"},
    "problem": {"106", "107"},
    "change_request": {"0", "3", "4"},
    "sc_task": {"3", "4", "7"},
}
"""Numbers of a new instance; resolved counts, for closing follows by itself days later."""

_USUAL_RESOLVED: Final = frozenset({"3", "4", "7"})
_PAUSES: Final = {"incident": frozenset({"3"}), "change_request": frozenset[str](), "problem": frozenset[str]()}
_USUAL_PAUSES: Final = frozenset({"-5"})
_WORDS: Final = ("comments", "work_notes", "assigned_to")


def pause_states(resource: str) -> frozenset[str]:
    """On Hold of an incident, Pending of other tasks."""
    return _PAUSES.get(resource, _USUAL_PAUSES)


def sighted(route: Route, sent: bytes, answer: Answer, at: float) -> Sighting | None:
    """What the answer shows of the record; of an update that shows no state, what was sent counts."""
    record = json_object(answer).get("result")
    shown: Mapping[str, Json] = record if isinstance(record, dict) else {}
    given = _given(sent) if route.operation is Operation.UPDATE_TICKET else {}
    name = stored(shown.get("sys_id")) or route.ticket or ""
    state = _number(shown.get("state")) or _number(given.get("state"))
    responded = any(stored(given.get(word)) for word in _WORDS)
    if not name or not (state or responded):
        return None
    return Sighting(name, at, state, stage_of(route.resource, state), responded)


def moves_offered(route: Route, answer: Answer) -> Mapping[str, Move]:  # noqa: ARG001  # the platform's seam
    """None: an update names the state itself."""
    return {}


def move_taken(route: Route, sent: bytes) -> str:  # noqa: ARG001  # the platform's seam
    """None, likewise."""
    return ""


def watch(resource: str, names: Sequence[str], base_url: str, at: float) -> Watch:  # noqa: ARG001  # targets are relative
    """Many records in one question; when a record was resolved it says itself."""
    wanted = [name for name in dict.fromkeys(names) if PLAIN.fullmatch(name)]
    found: list[Sighting] = []
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        fields = ("sys_id", "state", "resolved_at", "closed_at", "assigned_to")
        shown = yield from rows(Ask(resource, f"sys_idIN{','.join(some)}", fields, IDS_AT_ONCE))
        if isinstance(shown, SearchDenied):
            return shown
        found += [_of_row(resource, row, at) for row in shown]
    return Watched(tuple(found))


def stage_of(resource: str, state: str) -> Stage | None:
    """What a state's number means on a table."""
    if not state:
        return None
    if state in _RESOLVED.get(resource, _USUAL_RESOLVED):
        return Stage.RESOLVED
    return Stage.NEW if state in _NEW.get(resource, {"1"}) else Stage.STARTED


def _of_row(resource: str, row: Mapping[str, Json], at: float) -> Sighting:
    state = _number(row.get("state"))
    stage = stage_of(resource, state)
    told = (unix(stored(row.get(name))) for name in ("resolved_at", "closed_at")) if stage is Stage.RESOLVED else ()
    since = next((instant for instant in told if instant is not None), at)
    return Sighting(stored(row.get("sys_id")), min(since, at), state, stage, bool(stored(row.get("assigned_to"))))


def _number(value: Json) -> str:
    """A state's number; its name alone tells nothing that every language and instance agrees on."""
    text = stored(value)
    return text if text.removeprefix("-").isdigit() else ""


def _given(sent: bytes) -> Mapping[str, Json]:
    try:
        parsed = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
