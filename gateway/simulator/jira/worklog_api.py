"""Worklogs of an issue over REST."""

import re
from dataclasses import replace
from datetime import datetime

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.changes import body_of
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.issues import Issues, Worklog
from gateway.simulator.jira.shown import worklog_document
from gateway.simulator.messages import Answer, json_answer

_SPAN = re.compile(r"(?:(?P<hours>\d+)h)?\s*(?:(?P<minutes>\d+)m)?")
_DEFAULT_PAGE = 5000


class WorklogApi:
    """The worklog resource of one site."""

    def __init__(self, issues: Issues, issue_api: IssueApi) -> None:
        self._issues = issues
        self._issue_api = issue_api

    def list(self, call: Call, id_or_key: str) -> Answer:
        """A page of an issue's worklogs, oldest first."""
        issue = self._issue_api.visible(call, id_or_key)
        start, size = call.number("startAt", 0), call.number("maxResults", _DEFAULT_PAGE)
        page = [worklog_document(issue, worklog, call) for worklog in issue.worklogs[start : start + size]]
        paging = {"startAt": start, "maxResults": size, "total": len(issue.worklogs)}
        return json_answer(200, {**paging, "worklogs": page})

    def add(self, call: Call, id_or_key: str) -> Answer:
        """Log work: as often as it is sent."""
        author = call.caller
        issue = self._issue_api.visible(call, id_or_key)
        body = body_of(call.request)
        text = self._issue_api.new_comment(body["comment"], call).body if body.get("comment") else None
        started = datetime.fromisoformat(str(body["started"])) if body.get("started") else call.at
        worklog = Worklog(self._issues.next_id(), author, text, call.at, started, _seconds(body))
        self._issues.save(replace(issue, worklogs=(*issue.worklogs, worklog), updated=call.at), call.at)
        return json_answer(201, worklog_document(issue, worklog, call))


def _seconds(body: dict[str, object]) -> int:
    seconds = body.get("timeSpentSeconds")
    if isinstance(seconds, int):
        return seconds
    span = _SPAN.fullmatch(str(body.get("timeSpent") or ""))
    if span is None or not (span["hours"] or span["minutes"]):
        raise Refusal(400, errors={"timeLogged": "You must indicate the time spent working."})
    return int(span["hours"] or 0) * 3600 + int(span["minutes"] or 0) * 60
