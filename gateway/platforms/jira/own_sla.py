"""What Jira Service Management says of the SLAs on its requests; it is asked for one request at a time."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from gateway.domain.call import Json
from gateway.platforms.answers import json_object
from gateway.platforms.conversations import OwnSla, Question, SearchDenied, SlaReading, SlaReadings
from gateway.platforms.jira.asks import unix
from gateway.platforms.jira.tickets import text

AT_ONCE: Final = 1

_NAME: Final = re.compile(r"[0-9]{1,20}")


def own_slas(names: Sequence[str]) -> OwnSla:
    """The first page is all: nobody sees a request with more SLAs than that."""
    name = next(iter(names), "")
    if not _NAME.fullmatch(name):
        return SlaReadings({})
    answer = yield Question(f"/rest/servicedeskapi/request/{name}/sla?limit=50")
    values = json_object(answer).get("values")
    if answer.status != HTTPStatus.OK or not isinstance(values, list):
        reason = f"the question for the SLAs of a request was answered {answer.status}, not with a list"
        return SearchDenied(reason, status=answer.status)
    read = (_reading(value) for value in values if isinstance(value, dict))
    return SlaReadings({name: tuple(reading for reading in read if reading is not None)})


def _reading(value: Mapping[str, Json]) -> SlaReading | None:
    """The cycle that runs, else the last that ended; an SLA that never began tells nothing."""
    ongoing, completed = value.get("ongoingCycle"), value.get("completedCycles")
    if isinstance(ongoing, dict):
        state = "paused" if ongoing.get("paused") is True else "running"
        return _of_cycle(text(value.get("name")), state, ongoing)
    last = completed[-1] if isinstance(completed, list) and completed else None
    return _of_cycle(text(value.get("name")), "completed", last) if isinstance(last, dict) else None


def _of_cycle(name: str, state: str, cycle: Mapping[str, Json]) -> SlaReading:
    goal, elapsed = _millis(cycle.get("goalDuration")), _millis(cycle.get("elapsedTime"))
    return SlaReading(
        name=name,
        state=state,
        breached=cycle.get("breached") is True,
        due_at=_instant(cycle.get("breachTime")),
        started_at=_instant(cycle.get("startTime")),
        ended_at=_instant(cycle.get("stopTime")),
        percentage=round(100 * elapsed / goal, 2) if goal and elapsed is not None else None,
    )


def _instant(value: Json) -> float | None:
    """To the millisecond where it is told, else as it is written."""
    if not isinstance(value, dict):
        return None
    millis = value.get("epochMillis")
    return millis / 1000 if isinstance(millis, int | float) else unix(text(value.get("iso8601")))


def _millis(value: Json) -> float | None:
    millis = value.get("millis") if isinstance(value, dict) else None
    return float(millis) if isinstance(millis, int | float) else None
