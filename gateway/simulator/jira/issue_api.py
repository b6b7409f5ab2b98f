"""Issues over REST: create, read, edit, delete, and their way through the workflow."""

from dataclasses import replace

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.changes import (
    added_comments,
    body_of,
    checked_property,
    wanted_fields,
    wanted_properties,
)
from gateway.simulator.jira.errors import Refusal, no_issue
from gateway.simulator.jira.issues import Comment, Issue, Issues
from gateway.simulator.jira.screens import READ_ONLY_ON_EDIT
from gateway.simulator.jira.shown import issue_document, status_document, status_of
from gateway.simulator.jira.site import ISSUE_TYPES, PRIORITIES, STATUSES, Status, chosen
from gateway.simulator.jira.validation import (
    create_errors,
    edit_errors,
    placement_errors,
    project_of,
    rich_text_error,
)
from gateway.simulator.messages import Answer, json_answer

_PLACES = frozenset({"project", "issuetype", "reporter"})


class IssueApi:
    """The issue resource of one site."""

    def __init__(self, issues: Issues) -> None:
        self._issues = issues

    def create(self, call: Call) -> Answer:
        """Open an issue; everything that is wrong with it is said at once."""
        reporter = call.caller
        body = body_of(call.request)
        fields = wanted_fields(body, {})
        project = project_of(fields, call.site)
        placement = placement_errors(fields, call.site)
        issue_type = chosen(ISSUE_TYPES, fields.get("issuetype"))
        if placement or project is None or issue_type is None:
            raise Refusal(400, errors=placement)
        _demand_none(create_errors(fields, project, call.version))
        properties = wanted_properties(body)
        comments = self._comments(body, call)
        identity, key = self._issues.next_id(), self._issues.next_key(project)
        kept = _stored_form(fields, call)
        issue = Issue(identity, key, project, issue_type.id, reporter, call.at, call.at, STATUSES[0].id)
        self._issues.save(replace(issue, fields=kept, properties=properties, comments=comments), call.at)
        document = {"id": identity, "key": key, "self": f"{call.base}/issue/{identity}"}
        return json_answer(201, document, ticket=key)

    def read(self, call: Call, id_or_key: str) -> Answer:
        """One issue, always as it is now."""
        asked = call.request.parameters.get("fields") or "*all"
        return json_answer(200, issue_document(self.visible(call, id_or_key), call, asked.split(",")))

    def edit(self, call: Call, id_or_key: str) -> Answer:
        """Change the fields that the body names."""
        issue = self._writable(call, id_or_key)
        body = body_of(call.request)
        fields = wanted_fields(body, issue.fields)
        _demand_none(edit_errors(fields, call.version))
        edited = self._changed(issue, fields, call)
        self._issues.save(replace(edited, comments=(*issue.comments, *self._comments(body, call))), call.at)
        if call.request.parameters.get("returnIssue") == "true":
            return self.read(call, id_or_key)
        return Answer(204)

    def delete(self, call: Call, id_or_key: str) -> Answer:
        """Remove an issue for good."""
        self._issues.remove(self._writable(call, id_or_key))
        return Answer(204)

    def transitions(self, call: Call, id_or_key: str) -> Answer:
        """Where the issue can go from here."""
        issue = self.visible(call, id_or_key)
        documents = [
            {"id": status.transition, "name": status.name, "to": status_document(status, call), "isAvailable": True}
            for status in _reachable(issue)
        ]
        return json_answer(200, {"expand": "transitions", "transitions": documents})

    def transit(self, call: Call, id_or_key: str) -> Answer:
        """Move the issue; a transition that is not on offer is a 400, on Data Center a lasting 500."""
        issue = self._writable(call, id_or_key)
        body = body_of(call.request)
        reference = body.get("transition")
        if not isinstance(reference, dict) or "id" not in reference:
            raise Refusal(400, "Missing 'transition' identifier")
        wanted = str(reference["id"])
        status = next((status for status in _reachable(issue) if status.transition == wanted), None)
        if status is None:
            raise Refusal(400 if call.site.is_cloud else 500, f"Transition id '{wanted}' is not valid for this issue.")
        fields = {name: value for name, value in wanted_fields(body, issue.fields).items() if name != "resolution"}
        _demand_none(edit_errors(fields, call.version))
        comments = (*issue.comments, *self._comments(body, call))
        resolved = call.at if status.category == "done" else None
        moved = replace(self._changed(issue, fields, call), status=status.id, resolved=resolved, comments=comments)
        self._issues.save(moved, call.at)
        return Answer(204)

    def assign(self, call: Call, id_or_key: str) -> Answer:
        """Give the issue to somebody, or to nobody."""
        issue = self._writable(call, id_or_key)
        self._issues.save(self._changed(issue, {"assignee": body_of(call.request)}, call), call.at)
        return Answer(204)

    def property_of(self, call: Call, id_or_key: str, key: str) -> Answer:
        """One property of an issue."""
        issue = self.visible(call, id_or_key)
        if key not in issue.properties:
            raise Refusal(404, f"The property '{key}' does not exist.")
        return json_answer(200, {"key": key, "value": issue.properties[key]})

    def set_property(self, call: Call, id_or_key: str, key: str) -> Answer:
        """Attach a property: 201 when it is new, 200 when it replaces one."""
        issue = self._writable(call, id_or_key)
        try:
            value = checked_property(key, call.request.document())
        except ValueError as error:
            raise Refusal(400, "The property value must be valid JSON.") from error
        self._issues.save(replace(issue, properties={**issue.properties, key: value}), call.at)
        return Answer(200 if key in issue.properties else 201)

    def visible(self, call: Call, id_or_key: str) -> Issue:
        """The issue, if the caller may know of it."""
        issue = self._issues.find(id_or_key)
        if issue is None or call.user is None:
            raise no_issue()
        return issue

    def _writable(self, call: Call, id_or_key: str) -> Issue:
        _ = call.caller
        return self.visible(call, id_or_key)

    def _changed(self, issue: Issue, fields: dict[str, object], call: Call) -> Issue:
        kept = {**issue.fields, **_stored_form(fields, call)}
        issue_type = chosen(ISSUE_TYPES, fields.get("issuetype"))
        changed_type = issue_type.id if issue_type else issue.issue_type
        return replace(issue, fields=kept, issue_type=changed_type, updated=call.at)

    def _comments(self, body: dict[str, object], call: Call) -> tuple[Comment, ...]:
        return tuple(self.new_comment(text, call) for text in added_comments(body))

    def new_comment(self, text: object, call: Call) -> Comment:
        """A comment that is fit to be stored."""
        if text in ("", None):
            raise Refusal(400, errors={"comment": "Comment body can not be empty!"})
        error = rich_text_error(text, call.version)
        if error or not isinstance(text, (str, dict)):
            raise Refusal(400, errors={"comment": error or ""})
        return Comment(self._issues.next_id(), call.caller, text, call.at, call.at)


def _demand_none(errors: dict[str, str]) -> None:
    if errors:
        raise Refusal(400, errors=errors)


def _reachable(issue: Issue) -> list[Status]:
    return [status for status in STATUSES if status.id != status_of(issue).id]


def _stored_form(fields: dict[str, object], call: Call) -> dict[str, object]:
    kept = {name: value for name, value in fields.items() if name not in _PLACES | READ_ONLY_ON_EDIT}
    priority = chosen(PRIORITIES, kept.get("priority"))
    if priority is not None:
        kept["priority"] = priority.id
    assignee = kept.get("assignee")
    if isinstance(assignee, dict):
        names = ("accountId", "id") if call.site.is_cloud else ("name",)
        kept["assignee"] = next((assignee[name] for name in names if assignee.get(name)), None)
    return kept
