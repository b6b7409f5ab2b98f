"""What a site says about itself: who, which projects, which fields; all of it read-only."""

from collections.abc import Sequence

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.screens import FIELDS, Field, create_screen, is_required
from gateway.simulator.jira.shown import (
    issue_type_document,
    moment,
    priority_document,
    project_document,
    status_document,
    user_document,
)
from gateway.simulator.jira.site import ISSUE_TYPES, PRIORITIES, STATUSES, JiraProject
from gateway.simulator.messages import Answer, json_answer

_DEFAULT_PAGE = 50


def server_info(call: Call) -> Answer:
    """Version and kind of deployment; clients decide by it which search to use."""
    cloud = call.site.is_cloud
    document = {
        "baseUrl": call.site_url,
        "version": "1001.0.0-SNAPSHOT" if cloud else "10.3.0",
        "versionNumbers": [1001, 0, 0] if cloud else [10, 3, 0],
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": 100295 if cloud else 10030000,
        "serverTime": moment(call.at),
        "serverTitle": "Simulated Jira",
    }
    return json_answer(200, document)


def myself(call: Call) -> Answer:
    """The caller; nobody is a 401."""
    return json_answer(200, user_document(call.caller, call))


def projects(call: Call) -> Answer:
    """Every project the caller may see."""
    visible = call.site.projects if call.user is not None else ()
    return json_answer(200, [project_document(project, call) for project in visible])


def project(call: Call, id_or_key: str) -> Answer:
    """One project with its issue types."""
    found = _project(call, id_or_key)
    return json_answer(200, project_document(found, call) | {"issueTypes": _issue_types(call)})


def fields(call: Call) -> Answer:
    """Every field of the site."""
    documents = [
        {"id": name, "key": name, "name": field.name, "custom": bool(field.custom), "schema": field.schema}
        for name, field in FIELDS.items()
    ]
    return json_answer(200, documents if call.user is not None else [])


def priorities(call: Call) -> Answer:
    """The list of priorities."""
    return json_answer(200, [priority_document(priority.id, call) for priority in PRIORITIES])


def statuses(call: Call) -> Answer:
    """The list of statuses."""
    return json_answer(200, [status_document(status, call) for status in STATUSES])


def issue_types(call: Call) -> Answer:
    """The list of issue types."""
    return json_answer(200, _issue_types(call))


def users(call: Call) -> Answer:
    """A user search that finds whoever is asked for."""
    asked = call.request.parameters
    name = asked.get("query") or asked.get("username") or asked.get("accountId") or call.caller
    return json_answer(200, [user_document(name, call)])


def create_issue_types(call: Call, id_or_key: str) -> Answer:
    """The issue types that can be created in a project, by page."""
    _project(call, id_or_key)
    return _page(call, _issue_types(call), "issueTypes")


def create_fields(call: Call, id_or_key: str, issue_type: str) -> Answer:
    """The fields of a project's create screen, by page."""
    found = _project(call, id_or_key)
    if issue_type not in {known.id for known in ISSUE_TYPES}:
        raise Refusal(404, "The issue type selected is invalid.")
    return _page(call, _create_fields(found, call), "fields")


def create_meta(call: Call) -> Answer:
    """The old form, everything at once; Data Center 9 has removed it."""
    if not call.site.is_cloud:
        raise Refusal(404, "Issue Does Not Exist")
    asked = call.request.parameters
    keys = asked["projectKeys"].split(",") if "projectKeys" in asked else [known.key for known in call.site.projects]
    expanded = "projects.issuetypes.fields" in asked.get("expand", "")
    found = [known for known in call.site.projects if known.key in keys] if call.user is not None else []
    documents = [
        project_document(known, call) | {"issuetypes": _types_with_fields(known, call, expanded=expanded)}
        for known in found
    ]
    return json_answer(200, {"expand": "projects", "projects": documents})


def _project(call: Call, id_or_key: str) -> JiraProject:
    found = call.site.project(id_or_key)
    if found is None or call.user is None:
        raise Refusal(404, f"No project could be found with key '{id_or_key}'.")
    return found


def _issue_types(call: Call) -> list[dict[str, object]]:
    return [issue_type_document(issue_type.id, call) for issue_type in ISSUE_TYPES]


def _types_with_fields(known: JiraProject, call: Call, *, expanded: bool) -> list[dict[str, object]]:
    fields_by_id = {str(field["fieldId"]): field for field in _create_fields(known, call)}
    return [document | ({"fields": fields_by_id} if expanded else {}) for document in _issue_types(call)]


def _create_fields(known: JiraProject, call: Call) -> list[dict[str, object]]:
    return [_create_field(name, field, known, call) for name, field in create_screen(known).items()]


def _create_field(name: str, field: Field, known: JiraProject, call: Call) -> dict[str, object]:
    allowed = {
        "priority": [priority_document(priority.id, call) for priority in PRIORITIES],
        "project": [project_document(known, call)],
    }
    system = {} if field.custom else {"system": name}
    return {
        "required": is_required(name, field, known),
        "schema": {**field.schema, **system},
        "name": field.name,
        "key": name,
        "fieldId": name,
        "hasDefaultValue": name in {"priority", "reporter"},
        "operations": ["add", "set", "remove"] if field.type == "array" else ["set"],
        **({"allowedValues": allowed[name]} if name in allowed else {}),
    }


def _page(call: Call, entries: Sequence[dict[str, object]], cloud_name: str) -> Answer:
    start, size = call.number("startAt", 0), call.number("maxResults", _DEFAULT_PAGE)
    page = list(entries[start : start + size])
    paging = {"startAt": start, "maxResults": size, "total": len(entries)}
    if call.site.is_cloud:
        return json_answer(200, {**paging, cloud_name: page})
    return json_answer(200, {**paging, "isLast": start + len(page) >= len(entries), "values": page})
