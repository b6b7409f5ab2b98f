"""Who watches an issue, and who votes for it: each is a set, so doing it twice is doing it once."""

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.shown import user_document
from gateway.simulator.messages import Answer, json_answer

_EMPTY = (b"", b'""', b"null")


class InterestApi:
    """Watchers and votes of one site's issues."""

    def __init__(self, issue_api: IssueApi) -> None:
        self._issue_api = issue_api
        self._watchers: dict[str, list[str]] = {}
        self._voters: dict[str, list[str]] = {}

    def watchers(self, call: Call, id_or_key: str) -> Answer:
        """Who watches."""
        issue = self._issue_api.visible(call, id_or_key)
        names = self._watchers.get(issue.id, [])
        listed = [user_document(name, call) for name in names]
        place = f"{call.base}/issue/{issue.key}/watchers"
        told = {"self": place, "isWatching": call.user in names, "watchCount": len(names), "watchers": listed}
        return json_answer(200, told)

    def watch(self, call: Call, id_or_key: str) -> Answer:
        """Somebody watches from now on; the body is a name, or empty for whoever asks."""
        issue = self._issue_api.visible(call, id_or_key)
        name = call.caller if call.request.body.strip() in _EMPTY else _name_in(call)
        _join(self._watchers.setdefault(issue.id, []), name)
        return Answer(204)

    def unwatch(self, call: Call, id_or_key: str) -> Answer:
        """Somebody watches no more, and it is no fault if they never did."""
        issue = self._issue_api.visible(call, id_or_key)
        asked = call.request.parameters
        name = asked.get("accountId") or asked.get("username") or call.caller
        self._watchers[issue.id] = [each for each in self._watchers.get(issue.id, []) if each != name]
        return Answer(204)

    def votes(self, call: Call, id_or_key: str) -> Answer:
        """Who votes."""
        issue = self._issue_api.visible(call, id_or_key)
        names = self._voters.get(issue.id, [])
        listed = [user_document(name, call) for name in names]
        place = f"{call.base}/issue/{issue.key}/votes"
        return json_answer(200, {"self": place, "votes": len(names), "hasVoted": call.user in names, "voters": listed})

    def vote(self, call: Call, id_or_key: str) -> Answer:
        """Nobody may vote for what they reported themselves."""
        issue = self._issue_api.visible(call, id_or_key)
        if issue.reporter == call.caller:
            raise Refusal(404, "You cannot vote for an issue you have reported.")
        _join(self._voters.setdefault(issue.id, []), call.caller)
        return Answer(204)


def _join(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)


def _name_in(call: Call) -> str:
    try:
        name = call.request.document()
    except ValueError as error:
        raise Refusal(400, "The body is not JSON.") from error
    if not isinstance(name, str):
        raise Refusal(400, "The body is the watcher's name.")
    return name
