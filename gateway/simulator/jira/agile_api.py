"""Jira Software's boards: sprints, and issues that are moved into them, out of them and past each other."""

from itertools import count

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.changes import body_of
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.messages import Answer, json_answer

_MOST_AT_ONCE = 50


class AgileApi:
    """The sprints of one site."""

    def __init__(self, issue_api: IssueApi) -> None:
        self._issue_api = issue_api
        self._sprints: dict[str, dict[str, object]] = {}
        self._within: dict[str, str] = {}
        self._ids = count(37)

    def plan(self, call: Call) -> Answer:
        """A new sprint of a board."""
        _ = call.caller
        body = body_of(call.request)
        if not body.get("name") or not body.get("originBoardId"):
            raise Refusal(400, errors={"name": "The sprint name and its board are required."})
        identity = next(self._ids)
        place = f"{call.base}/sprint/{identity}"
        sprint = {"id": identity, "self": place, "state": "future", **body}
        self._sprints[str(identity)] = sprint
        return json_answer(201, sprint)

    def sprint(self, call: Call, identity: str) -> Answer:  # noqa: ARG002  # everybody sees sprints
        """One sprint."""
        return json_answer(200, self._found(identity))

    def issues(self, call: Call, identity: str) -> Answer:
        """What is planned for a sprint."""
        self._found(identity)
        planned = [issue for issue, sprint in self._within.items() if sprint == identity]
        shown = [{"id": issue, "key": self._issue_api.visible(call, issue).key} for issue in planned]
        return json_answer(200, {"startAt": 0, "maxResults": 50, "total": len(shown), "issues": shown})

    def fill(self, call: Call, identity: str) -> Answer:
        """Move issues into a sprint; those that are there stay there."""
        self._found(identity)
        self._within |= dict.fromkeys(self._named(call), identity)
        return Answer(204)

    def shelve(self, call: Call) -> Answer:
        """Move issues back to the backlog."""
        for issue in self._named(call):
            self._within.pop(issue, None)
        return Answer(204)

    def rank(self, call: Call) -> Answer:
        """Order issues before or after another."""
        body = body_of(call.request)
        neighbour = body.get("rankBeforeIssue") or body.get("rankAfterIssue")
        if not neighbour:
            raise Refusal(400, "Either rankBeforeIssue or rankAfterIssue is required.")
        self._issue_api.visible(call, str(neighbour))
        self._named(call)
        return Answer(204)

    def _named(self, call: Call) -> list[str]:
        _ = call.caller
        names = body_of(call.request).get("issues")
        if not isinstance(names, list) or not 0 < len(names) <= _MOST_AT_ONCE:
            raise Refusal(400, "Between 1 and 50 issues are moved at once.")
        return [self._issue_api.visible(call, str(name)).id for name in names]

    def _found(self, identity: str) -> dict[str, object]:
        if identity not in self._sprints:
            raise Refusal(404, "Sprint does not exist.")
        return self._sprints[identity]
