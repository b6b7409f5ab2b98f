"""Jira Service Management over REST: requests, which are issues under other names, and the desks that take them."""

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.changes import body_of
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.issues import Issue
from gateway.simulator.jira.shown import moment, status_of, user_document
from gateway.simulator.jira.site import JiraProject
from gateway.simulator.messages import Answer, json_answer

_ISSUE_TYPE = {"name": "Task"}
_DESK_OF = {"SUP": "1"}
_FIELDS_BY_TYPE = {
    "10": ("summary", "description"),
    "11": ("summary", "description", "labels", "customfield_10050"),
}
"""Which fields a request type takes; any other is refused."""


class ServiceDeskApi:
    """The service desks of one site."""

    def __init__(self, issue_api: IssueApi) -> None:
        self._issue_api = issue_api

    def create(self, call: Call) -> Answer:
        """Raise a request: it takes the fields of its type, and answers with them."""
        body = body_of(call.request)
        project = _project(call, str(body.get("serviceDeskId")))
        known = _FIELDS_BY_TYPE.get(str(body.get("requestTypeId")))
        values = body.get("requestFieldValues")
        if known is None or not isinstance(values, dict):
            raise Refusal(400, "The request type you are trying to create does not exist.")
        if unknown := set(values) - set(known):
            raise Refusal(400, f"Fields are not valid for this request type: {', '.join(sorted(unknown))}")
        fields = {**values, "project": {"key": project.key}, "issuetype": _ISSUE_TYPE}
        issue = self._issue_api.opened(call, {"fields": fields})
        return json_answer(201, _document(issue, call), ticket=issue.key)

    def read(self, call: Call, id_or_key: str) -> Answer:
        """One request."""
        return json_answer(200, _document(self._issue_api.visible(call, id_or_key), call))

    def desk(self, call: Call, identity: str) -> Answer:
        """One desk and the project behind it."""
        project = _project(call, identity)
        named = {"projectId": project.id, "projectName": project.name, "projectKey": project.key}
        return json_answer(200, {"id": identity, **named, "_links": {"self": f"{call.base}/servicedesk/{identity}"}})


def serves(project: JiraProject) -> bool:
    """Whether the project has a service desk."""
    return project.key in _DESK_OF


def no_desk() -> Refusal:
    """What is asked about a service desk's business elsewhere."""
    return Refusal(404, "The Service Desk you are trying to view does not exist.")


def _project(call: Call, desk: str) -> JiraProject:
    project = next((known for known in call.site.projects if _DESK_OF.get(known.key) == desk), None)
    if project is None or call.user is None:
        raise no_desk()
    return project


def _document(issue: Issue, call: Call) -> dict[str, object]:
    place = f"{call.base}/request/{issue.id}"
    page = f"{call.site_url}/servicedesk/customer/portal/1/{issue.key}"
    links = {"self": place, "jiraRest": f"{call.site_url}/rest/api/2/issue/{issue.id}", "web": page}
    return {
        "issueId": issue.id,
        "issueKey": issue.key,
        "requestTypeId": "11" if "labels" in issue.fields else "10",
        "serviceDeskId": _DESK_OF.get(issue.project.key, ""),
        "createdDate": {"iso8601": moment(issue.created), "epochMillis": int(issue.created.timestamp() * 1000)},
        "reporter": user_document(issue.reporter, call),
        "requestFieldValues": [{"fieldId": name, "value": value} for name, value in issue.fields.items()],
        "currentStatus": {"status": status_of(issue).name},
        "_links": {**links, "agent": f"{call.site_url}/browse/{issue.key}"},
    }
