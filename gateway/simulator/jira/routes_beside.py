"""The route tables of what lies beside the versions: service desks and boards."""

import re

from gateway.simulator.jira.agile_api import AgileApi
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.issues import Issues
from gateway.simulator.jira.request_api import RequestApi
from gateway.simulator.jira.routes import CompiledRoutes, Routes
from gateway.simulator.jira.service_desk import ServiceDeskApi
from gateway.simulator.jira.service_levels import ServiceLevelApi

_REQUEST = "/request/([^/]+)"


def routes_beside(issues: Issues) -> dict[str, CompiledRoutes]:
    """By the part of the path that names the API."""
    issue_api = IssueApi(issues)
    desks = _compiled((*_desk_routes(issue_api), *_request_routes(RequestApi(issues, issue_api))))
    boards = _compiled(_agile_routes(AgileApi(issue_api)))
    return {"servicedeskapi": desks, "agile/1.0": boards, "agile/latest": boards}


def _desk_routes(issue_api: IssueApi) -> Routes:
    desks, levels = ServiceDeskApi(issue_api), ServiceLevelApi(issue_api)
    return (
        ("POST", "/request", desks.create),
        ("GET", _REQUEST, desks.read),
        ("GET", f"{_REQUEST}/sla", levels.list),
        ("GET", "/servicedesk/([^/]+)", desks.desk),
    )


def _request_routes(requests: RequestApi) -> Routes:
    return (
        ("GET", f"{_REQUEST}/comment", requests.comments),
        ("POST", f"{_REQUEST}/comment", requests.say),
        ("GET", f"{_REQUEST}/comment/([^/]+)", requests.comment),
        ("POST", f"{_REQUEST}/transition", requests.step),
        ("POST", f"{_REQUEST}/attachment", requests.attach),
        ("POST", f"{_REQUEST}/approval/([^/]+)", requests.decide),
        ("POST", "/servicedesk/([^/]+)/attachTemporaryFile", requests.prepare),
    )


def _agile_routes(agile: AgileApi) -> Routes:
    return (
        ("POST", "/sprint", agile.plan),
        ("GET", "/sprint/([^/]+)", agile.sprint),
        ("GET", "/sprint/([^/]+)/issue", agile.issues),
        ("POST", "/sprint/([^/]+)/issue", agile.fill),
        ("POST", "/backlog/issue", agile.shelve),
        ("PUT", "/issue/rank", agile.rank),
    )


def _compiled(routes: Routes) -> CompiledRoutes:
    return tuple((method, re.compile(pattern), handler) for method, pattern, handler in routes)
