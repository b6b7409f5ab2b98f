"""The SLAs of a service desk's requests, as Jira Service Management tells them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.issues import Issue
from gateway.simulator.jira.service_desk import no_desk, serves
from gateway.simulator.jira.shown import moment
from gateway.simulator.messages import Answer, json_answer

_RESPONSE: Final = ("Time to first response", timedelta(hours=4))
_RESOLUTION: Final = ("Time to resolution", timedelta(hours=24))


class ServiceLevelApi:
    """What was agreed for each request, and how it stands; agents may see it."""

    def __init__(self, issue_api: IssueApi) -> None:
        self._issue_api = issue_api

    def list(self, call: Call, id_or_key: str) -> Answer:
        """The SLAs of one request, all on one page."""
        _ = call.caller
        issue = self._issue_api.visible(call, id_or_key)
        if not serves(issue.project):
            raise no_desk()
        place = f"{call.base}/request/{issue.id}/sla"
        values = list(_metrics(issue, call.at, place))
        page = {"size": len(values), "start": 0, "limit": 50, "isLastPage": True}
        return json_answer(200, {**page, "_links": {"base": call.site_url, "self": place}, "values": values})


def _metrics(issue: Issue, now: datetime, place: str) -> Iterator[dict[str, object]]:
    for number, ((name, goal), met) in enumerate(
        ((_RESPONSE, _first_response(issue)), (_RESOLUTION, issue.resolved)), 10_030
    ):
        cycle = _cycle(issue.created, goal, met or now)
        done = [{**cycle, "stopTime": _time(met)}] if met else []
        running = {} if met else {"ongoingCycle": {**cycle, "paused": False, "withinCalendarHours": True}}
        yield {
            "id": str(number),
            "name": name,
            "_links": {"self": f"{place}/{number}"},
            "completedCycles": done,
            **running,
        }


def _first_response(issue: Issue) -> datetime | None:
    answers = [comment.created for comment in issue.comments if comment.author != issue.reporter]
    return min([*answers, *(move.at for move in issue.moves)], default=None)


def _cycle(start: datetime, goal: timedelta, until: datetime) -> dict[str, object]:
    return {
        "startTime": _time(start),
        "breachTime": _time(start + goal),
        "breached": until > start + goal,
        "goalDuration": _span(goal),
        "elapsedTime": _span(until - start),
        "remainingTime": _span(start + goal - until),
    }


def _time(at: datetime) -> dict[str, object]:
    iso = f"{at:%Y-%m-%dT%H:%M:%S%z}"
    return {"iso8601": iso, "jira": moment(at), "friendly": f"{at:%d/%b/%y}", "epochMillis": int(at.timestamp() * 1000)}


def _span(length: timedelta) -> dict[str, object]:
    return {"millis": int(length.total_seconds() * 1000), "friendly": f"{int(length.total_seconds() // 60)}m"}
