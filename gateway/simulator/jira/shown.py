"""How issues and what belongs to them look in answers."""

from collections.abc import Collection
from datetime import datetime

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.issues import Attachment, Comment, Issue, Worklog
from gateway.simulator.jira.rich_text import in_version
from gateway.simulator.jira.screens import FIELDS, RICH_TEXT_FIELDS
from gateway.simulator.jira.site import CATEGORIES, ISSUE_TYPES, PRIORITIES, STATUSES, JiraProject, Status, entry_of

EVERYTHING = frozenset({"*all", "*navigable"})
_EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"

Document = dict[str, object]


def issue_document(issue: Issue, call: Call, wanted: Collection[str]) -> Document:
    """An issue with the fields that are wanted."""
    return {
        "expand": _EXPAND,
        "id": issue.id,
        "self": f"{call.base}/issue/{issue.id}",
        "key": issue.key,
        "fields": {name: value for name, value in _fields(issue, call).items() if _is_wanted(name, wanted)},
    }


def comment_document(issue: Issue, comment: Comment, call: Call) -> Document:
    """A comment in full."""
    return {
        "self": f"{call.base}/issue/{issue.id}/comment/{comment.id}",
        "id": comment.id,
        "author": user_document(comment.author, call),
        "body": in_version(comment.body, call.version),
        "updateAuthor": user_document(comment.author, call),
        "created": moment(comment.created),
        "updated": moment(comment.updated),
    }


def worklog_document(issue: Issue, worklog: Worklog, call: Call) -> Document:
    """A worklog in full; its time also in words."""
    return {
        "self": f"{call.base}/issue/{issue.id}/worklog/{worklog.id}",
        "id": worklog.id,
        "issueId": issue.id,
        "author": user_document(worklog.author, call),
        "comment": in_version(worklog.comment, call.version),
        "created": moment(worklog.created),
        "started": moment(worklog.started),
        "timeSpent": in_words(worklog.seconds),
        "timeSpentSeconds": worklog.seconds,
    }


def attachment_document(attachment: Attachment, call: Call) -> Document:
    """A file; Data Center hands it out beside the API."""
    cloud = f"{call.base}/attachment/content/{attachment.id}"
    data_center = f"{call.site_url}/secure/attachment/{attachment.id}/{attachment.filename}"
    return {
        "self": f"{call.base}/attachment/{attachment.id}",
        "id": attachment.id,
        "filename": attachment.filename,
        "author": user_document(attachment.author, call),
        "created": moment(attachment.created),
        "size": len(attachment.content),
        "mimeType": attachment.media_type,
        "content": cloud if call.site.is_cloud else data_center,
    }


def changelog_document(issue: Issue, call: Call) -> Document:
    """The issue's way through the workflow: newest first on Cloud, oldest first on Data Center."""
    moves = reversed(issue.moves) if call.site.is_cloud else issue.moves
    histories = [
        {
            "id": move.id,
            "author": user_document(move.author, call),
            "created": moment(move.at),
            "items": [{"field": "status", "fieldtype": "jira", "from": move.origin, "to": move.target}],
        }
        for move in moves
    ]
    return {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}


def in_words(seconds: int) -> str:
    """A span of work as people write it: `1h 30m`."""
    hours, minutes = divmod(seconds // 60, 60)
    return " ".join(part for part in (f"{hours}h" if hours else "", f"{minutes}m" if minutes else "") if part)


def project_document(project: JiraProject, call: Call) -> Document:
    """A project in short."""
    return {
        "self": f"{call.base}/project/{project.id}",
        "id": project.id,
        "key": project.key,
        "name": project.name,
        "projectTypeKey": "software",
        "avatarUrls": {"48x48": f"{call.site_url}/rest/api/2/universal_avatar/view/type/project/avatar/10400"},
    }


def issue_type_document(identity: str, call: Call) -> Document:
    """An issue type."""
    issue_type = entry_of(ISSUE_TYPES, identity)
    return {
        "self": f"{call.base}/issuetype/{identity}",
        "id": identity,
        "name": issue_type.name,
        "subtask": issue_type.name == "Sub-task",
    }


def priority_document(identity: str, call: Call) -> Document:
    """A priority."""
    name = entry_of(PRIORITIES, identity).name
    return {"self": f"{call.base}/priority/{identity}", "id": identity, "name": name}


def status_document(status: Status, call: Call) -> Document:
    """A status with its category."""
    number, name = CATEGORIES[status.category]
    return {
        "self": f"{call.base}/status/{status.id}",
        "id": status.id,
        "name": status.name,
        "statusCategory": {
            "self": f"{call.base}/statuscategory/{number}",
            "id": number,
            "key": status.category,
            "name": name,
        },
    }


def user_document(name: str, call: Call) -> Document:
    """A user: Cloud knows an account id, Data Center a name."""
    identity: Document = {"accountId": name, "accountType": "atlassian"} if call.site.is_cloud else {"name": name}
    key = "accountId" if call.site.is_cloud else "username"
    return {
        "self": f"{call.base}/user?{key}={name}",
        **identity,
        **({} if call.site.is_cloud else {"key": name}),
        "displayName": name,
        "active": True,
        "timeZone": "Etc/UTC",
        "avatarUrls": {"48x48": f"{call.site_url}/secure/useravatar?ownerId={name}"},
    }


def status_of(issue: Issue) -> Status:
    """The issue's place in the workflow."""
    return next(status for status in STATUSES if status.id == issue.status)


def moment(at: datetime) -> str:
    """A time in Jira's form."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}{at:%z}"


def _fields(issue: Issue, call: Call) -> Document:
    comments = [comment_document(issue, comment, call) for comment in issue.comments]
    return {
        **{name: _field(name, issue.fields.get(name), call) for name in FIELDS},
        "project": project_document(issue.project, call),
        "issuetype": issue_type_document(issue.issue_type, call),
        "status": status_document(status_of(issue), call),
        "labels": issue.labels,
        "reporter": user_document(issue.reporter, call),
        "creator": user_document(issue.reporter, call),
        "created": moment(issue.created),
        "updated": moment(issue.updated),
        "resolution": {"id": "10000", "name": "Done"} if issue.resolved else None,
        "resolutiondate": moment(issue.resolved) if issue.resolved else None,
        "attachment": [attachment_document(attachment, call) for attachment in issue.attachments],
        "comment": {"comments": comments, "maxResults": len(comments), "total": len(comments), "startAt": 0},
    }


def _field(name: str, value: object, call: Call) -> object:
    if name in RICH_TEXT_FIELDS and (isinstance(value, (str, dict))):
        return in_version(value, call.version)
    if name == "priority" and isinstance(value, str):
        return priority_document(value, call)
    if name == "assignee" and isinstance(value, str):
        return user_document(value, call)
    return value


def _is_wanted(name: str, wanted: Collection[str]) -> bool:
    if f"-{name}" in wanted:
        return False
    only_removals = all(entry.startswith("-") for entry in wanted)
    return only_removals or name in wanted or not EVERYTHING.isdisjoint(wanted)
