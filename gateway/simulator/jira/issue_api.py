"""Issues over REST: create, read, edit, delete, and their way through the workflow."""

import json
from collections.abc import Sequence
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
from gateway.simulator.jira.issues import Comment, Issue, Issues, Move
from gateway.simulator.jira.screens import READ_ONLY_ON_EDIT
from gateway.simulator.jira.shown import changelog_document, issue_document, status_document, status_of
from gateway.simulator.jira.site import ISSUE_TYPES, PRIORITIES, STATUSES, Status, chosen
from gateway.simulator.jira.validation import (
    create_errors,
    edit_errors,
    placement_errors,
    project_of,
    rich_text_error,
)
from gateway.simulator.messages import Answer, json_answer

_MOST_AT_ONCE = 50
_MOST_FETCHED = 100
_PLACES = frozenset({"project", "issuetype", "reporter"})


class IssueApi:
    """The issue resource of one site."""

    def __init__(self, issues: Issues) -> None:
        self._issues = issues

    def create(self, call: Call) -> Answer:
        """Open an issue; everything that is wrong with it is said at once."""
        issue = self.opened(call, body_of(call.request))
        return json_answer(201, _named(issue, call), ticket=issue.key)

    def create_many(self, call: Call) -> Answer:
        """Open up to fifty; a 201 if any of them could be, the others among the errors."""
        elements = body_of(call.request).get("issueUpdates")
        if not isinstance(elements, list) or len(elements) > _MOST_AT_ONCE:
            raise Refusal(400, "Invalid request payload.")
        issues, errors = [], []
        for number, element in enumerate(elements):
            try:
                issues.append(self.opened(call, element if isinstance(element, dict) else {}))
            except Refusal as refusal:
                told = json.loads(refusal.answer.body)
                errors.append({"status": 400, "elementErrors": told, "failedElementNumber": number})
        document = {"issues": [_named(issue, call) for issue in issues], "errors": errors}
        return json_answer(201 if issues else 400, document, ticket=issues[0].key if issues else None)

    def opened(self, call: Call, body: dict[str, object]) -> Issue:
        """The issue that a create's body asks for, stored."""
        reporter = call.caller
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
        kept = _stored_form(fields, call) | dict(project.post_function)
        issue = Issue(identity, key, project, issue_type.id, reporter, call.at, call.at, STATUSES[0].id)
        issue = replace(issue, fields=kept, properties=properties, comments=comments)
        self._issues.save(issue, call.at)
        return issue

    def read(self, call: Call, id_or_key: str) -> Answer:
        """One issue, always as it is now."""
        issue = self.visible(call, id_or_key)
        asked = call.request.parameters.get("fields") or "*all"
        expanded = call.request.parameters.get("expand", "").split(",")
        document = issue_document(issue, call, asked.split(",")) | _properties(issue, call)
        if "changelog" in expanded:
            document |= {"changelog": changelog_document(issue, call)}
        if "transitions" in expanded:
            document |= {"transitions": _transitions(issue, call)}
        return json_answer(200, document)

    def fetch_many(self, call: Call) -> Answer:
        """Up to a hundred issues by id or key, as they are now; Cloud only."""
        if not call.site.is_cloud:
            raise Refusal(404, "null for uri: /issue/bulkfetch")
        body = body_of(call.request)
        asked, fields, properties = (body.get(name) or [] for name in ("issueIdsOrKeys", "fields", "properties"))
        if not isinstance(asked, list) or not isinstance(fields, list) or len(asked) > _MOST_FETCHED:
            raise Refusal(400, "Invalid request payload.")
        shown = [issue for name in asked if (issue := self._issues.find(str(name))) and call.user is not None]
        documents = [
            issue_document(issue, call, [str(name) for name in fields] or ["*navigable"])
            | ({"properties": _only(issue, properties)} if isinstance(properties, list) and properties else {})
            for issue in shown
        ]
        return json_answer(200, {"issues": documents, "issueErrors": []})

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
        return json_answer(200, {"expand": "transitions", "transitions": _transitions(issue, call)})

    def transit(self, call: Call, id_or_key: str) -> Answer:
        """Move the issue; a transition that is not on offer is a 400, on Data Center a lasting 500."""
        body = body_of(call.request)
        reference = body.get("transition")
        if not isinstance(reference, dict) or "id" not in reference:
            raise Refusal(400, "Missing 'transition' identifier")
        return self.moved(call, id_or_key, str(reference["id"]), body)

    def moved(self, call: Call, id_or_key: str, wanted: str, body: dict[str, object]) -> Answer:
        """Take one step of the workflow, with what the body sets and says besides."""
        issue = self._writable(call, id_or_key)
        status = next((status for status in _reachable(issue) if status.transition == wanted), None)
        if status is None:
            raise Refusal(400 if call.site.is_cloud else 500, f"Transition id '{wanted}' is not valid for this issue.")
        fields = {name: value for name, value in wanted_fields(body, issue.fields).items() if name != "resolution"}
        _demand_none(edit_errors(fields, call.version))
        comments = (*issue.comments, *self._comments(body, call))
        resolved = call.at if status.category == "done" else None
        moved = replace(self._changed(issue, fields, call), status=status.id, resolved=resolved, comments=comments)
        step = Move(self._issues.next_id(), call.caller, call.at, issue.status, status.id)
        moved = replace(moved, moves=(*issue.moves, step))
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


def _named(issue: Issue, call: Call) -> dict[str, object]:
    return {"id": issue.id, "key": issue.key, "self": f"{call.base}/issue/{issue.id}"}


def _transitions(issue: Issue, call: Call) -> list[dict[str, object]]:
    return [
        {"id": status.transition, "name": status.name, "to": status_document(status, call), "isAvailable": True}
        for status in _reachable(issue)
    ]


def _properties(issue: Issue, call: Call) -> dict[str, object]:
    asked = call.request.parameters.get("properties")
    return {"properties": _only(issue, asked.split(","))} if asked else {}


def _only(issue: Issue, names: Sequence[object]) -> dict[str, object]:
    return {name: value for name, value in issue.properties.items() if name in names}


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
