"""Links between issues, and links from an issue to elsewhere."""

from itertools import count

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.changes import body_of
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.messages import Answer, json_answer

_TYPES = frozenset({"Blocks", "Cloners", "Duplicate", "Relates"})


class LinkApi:
    """The links of one site; an identical link between issues is not made twice."""

    def __init__(self, issue_api: IssueApi) -> None:
        self._issue_api = issue_api
        self._between: dict[tuple[str, str, str], str] = {}
        self._remote: dict[str, dict[str, dict[str, object]]] = {}
        self._ids = count(10_000)

    def connect(self, call: Call) -> Answer:
        """Link two issues; the answer has no body, only a place."""
        _ = call.caller
        body = body_of(call.request)
        named = body.get("type")
        kind = str(named.get("name")) if isinstance(named, dict) else ""
        if kind not in _TYPES:
            raise Refusal(404, f"No issue link type with name '{kind}' found.")
        inward, outward = (self._end(call, body.get(end)) for end in ("inwardIssue", "outwardIssue"))
        identity = self._between.setdefault((kind, inward, outward), str(next(self._ids)))
        return Answer(201, (("Location", f"{call.base}/issueLink/{identity}"),))

    def read(self, call: Call, identity: str) -> Answer:
        """One link."""
        (kind, inward, outward) = self._found(identity)
        ends = {"inwardIssue": {"id": inward}, "outwardIssue": {"id": outward}}
        return json_answer(200, {"id": identity, "self": f"{call.base}/issueLink/{identity}", "type": kind, **ends})

    def disconnect(self, call: Call, identity: str) -> Answer:
        """Remove a link."""
        _ = call.caller
        del self._between[self._found(identity)]
        return Answer(204)

    def refer(self, call: Call, id_or_key: str) -> Answer:
        """Link to elsewhere: with a `globalId` that is known, the link of that id is replaced."""
        _ = call.caller
        issue = self._issue_api.visible(call, id_or_key)
        body = body_of(call.request)
        target = body.get("object")
        if not isinstance(target, dict) or not target.get("url") or not target.get("title"):
            raise Refusal(400, errors={"object": "'url' and 'title' are required."})
        own = self._remote.setdefault(issue.id, {})
        wanted = body.get("globalId")
        known = next((key for key, link in own.items() if wanted and link.get("globalId") == wanted), None)
        identity = known or str(next(self._ids))
        own[identity] = dict(body)
        place = f"{call.base}/issue/{issue.key}/remotelink/{identity}"
        return json_answer(200 if known else 201, {"id": int(identity), "self": place})

    def references(self, call: Call, id_or_key: str) -> Answer:
        """Where an issue links to."""
        issue = self._issue_api.visible(call, id_or_key)
        base = f"{call.base}/issue/{issue.key}/remotelink"
        links = self._remote.get(issue.id, {})
        return json_answer(200, [{**link, "id": int(key), "self": f"{base}/{key}"} for key, link in links.items()])

    def _end(self, call: Call, named: object) -> str:
        name = named.get("key") or named.get("id") if isinstance(named, dict) else None
        return self._issue_api.visible(call, str(name)).id

    def _found(self, identity: str) -> tuple[str, str, str]:
        for ends, known in self._between.items():
            if known == identity:
                return ends
        raise Refusal(404, f"No issue link with id '{identity}' exists.")
