"""The route table of Jira's REST API: method and resource, and who answers."""

import re
from collections.abc import Callable

from gateway.simulator.jira import metadata
from gateway.simulator.jira.attachment_api import AttachmentApi
from gateway.simulator.jira.comment_api import CommentApi
from gateway.simulator.jira.interest_api import InterestApi
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.issues import Issues
from gateway.simulator.jira.link_api import LinkApi
from gateway.simulator.jira.search import Search
from gateway.simulator.jira.worklog_api import WorklogApi
from gateway.simulator.messages import Answer

Handler = Callable[..., Answer]
Routes = tuple[tuple[str, str, Handler], ...]
CompiledRoutes = tuple[tuple[str, re.Pattern[str], Handler], ...]

_ISSUE = "/issue/([^/]+)"
_COMMENT = f"{_ISSUE}/comment/([^/]+)"
_PROPERTY = f"{_ISSUE}/properties/([^/]+)"
_META = "/issue/createmeta"


def routes_over(issues: Issues) -> CompiledRoutes:
    """Every route over these issues; groups in the pattern are the handler's arguments, the first match counts."""
    issue_api = IssueApi(issues)
    on_issues = (*_issue_routes(issue_api), *_worklog_routes(WorklogApi(issues, issue_api)))
    on_issues = (*_attachment_routes(AttachmentApi(issues, issue_api)), *on_issues)
    on_issues = (*_link_routes(LinkApi(issue_api)), *_interest_routes(InterestApi(issue_api)), *on_issues)
    routes = (*_SITE, *on_issues, *_comment_routes(CommentApi(issues, issue_api)))
    searches = _search_routes(Search(issues))
    return tuple((method, re.compile(pattern), handler) for method, pattern, handler in (*routes, *searches))


def _issue_routes(api: IssueApi) -> Routes:
    return (
        ("POST", "/issue", api.create),
        ("POST", "/issue/bulk", api.create_many),
        ("POST", "/issue/bulkfetch", api.fetch_many),
        ("GET", _ISSUE, api.read),
        ("PUT", _ISSUE, api.edit),
        ("DELETE", _ISSUE, api.delete),
        ("GET", f"{_ISSUE}/transitions", api.transitions),
        ("POST", f"{_ISSUE}/transitions", api.transit),
        ("PUT", f"{_ISSUE}/assignee", api.assign),
        ("GET", _PROPERTY, api.property_of),
        ("PUT", _PROPERTY, api.set_property),
    )


def _comment_routes(comments: CommentApi) -> Routes:
    return (
        ("GET", f"{_ISSUE}/comment", comments.list),
        ("POST", f"{_ISSUE}/comment", comments.add),
        ("GET", _COMMENT, comments.read),
        ("PUT", _COMMENT, comments.edit),
        ("DELETE", _COMMENT, comments.delete),
    )


def _attachment_routes(attachments: AttachmentApi) -> Routes:
    return (
        ("POST", f"{_ISSUE}/attachments", attachments.add),
        ("GET", "/attachment/content/([^/]+)", attachments.content),
        ("GET", "/attachment/([^/]+)", attachments.read),
        ("DELETE", "/attachment/([^/]+)", attachments.delete),
    )


def _worklog_routes(worklogs: WorklogApi) -> Routes:
    return (
        ("GET", f"{_ISSUE}/worklog", worklogs.list),
        ("POST", f"{_ISSUE}/worklog", worklogs.add),
    )


def _link_routes(links: LinkApi) -> Routes:
    return (
        ("POST", "/issueLink", links.connect),
        ("GET", "/issueLink/([^/]+)", links.read),
        ("DELETE", "/issueLink/([^/]+)", links.disconnect),
        ("POST", f"{_ISSUE}/remotelink", links.refer),
        ("GET", f"{_ISSUE}/remotelink", links.references),
    )


def _interest_routes(interest: InterestApi) -> Routes:
    return (
        ("GET", f"{_ISSUE}/watchers", interest.watchers),
        ("POST", f"{_ISSUE}/watchers", interest.watch),
        ("DELETE", f"{_ISSUE}/watchers", interest.unwatch),
        ("GET", f"{_ISSUE}/votes", interest.votes),
        ("POST", f"{_ISSUE}/votes", interest.vote),
    )


def _search_routes(search: Search) -> Routes:
    return (
        ("GET", "/search/jql", search.by_token),
        ("POST", "/search/jql", search.by_token),
        ("GET", "/search", search.by_offset),
        ("POST", "/search", search.by_offset),
    )


_SITE: Routes = (
    ("GET", _META, metadata.create_meta),
    ("GET", f"{_META}/([^/]+)/issuetypes", metadata.create_issue_types),
    ("GET", f"{_META}/([^/]+)/issuetypes/([^/]+)", metadata.create_fields),
    ("GET", "/serverInfo", metadata.server_info),
    ("GET", "/myself", metadata.myself),
    ("GET", "/project", metadata.projects),
    ("GET", "/project/([^/]+)", metadata.project),
    ("GET", "/field", metadata.fields),
    ("GET", "/priority", metadata.priorities),
    ("GET", "/status", metadata.statuses),
    ("GET", "/issuetype", metadata.issue_types),
    ("GET", "/user/search", metadata.users),
)
