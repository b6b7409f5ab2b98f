"""What a method and path mean to Jira."""

import pytest

from gateway.domain.call import Operation, Route
from gateway.platforms.jira import Jira
from gateway.platforms.jira.route_table import JSON_ROUTES, ROUTE_NAMES

JIRA = Jira()


@pytest.mark.parametrize("version", ["2", "3"])
@pytest.mark.parametrize(
    ("method", "rest", "name", "operation", "ticket"),
    [
        ("POST", "issue", "issue.create", Operation.CREATE_TICKET, None),
        ("PUT", "issue/ABC-1", "issue.edit", Operation.UPDATE_TICKET, "ABC-1"),
        ("GET", "issue/ABC-1", "issue.read", Operation.READ, "ABC-1"),
        ("HEAD", "issue/10000", "issue.read", Operation.READ, "10000"),
        ("DELETE", "issue/ABC-1", "issue.delete", Operation.OTHER, "ABC-1"),
        ("POST", "issue/bulk", "issue.bulk_create", Operation.CREATE_TICKET, None),
        ("POST", "issue/bulkfetch", "issue.search", Operation.READ, None),
        ("GET", "search", "issue.search", Operation.READ, None),
        ("POST", "search", "issue.search", Operation.READ, None),
        ("GET", "search/jql", "issue.search", Operation.READ, None),
        ("POST", "search/jql", "issue.search", Operation.READ, None),
        ("POST", "search/approximate-count", "issue.search", Operation.READ, None),
        ("GET", "issue/ABC-1/transitions", "issue.transitions", Operation.READ, "ABC-1"),
        ("POST", "issue/ABC-1/transitions", "issue.transition", Operation.APPEND, "ABC-1"),
        ("PUT", "issue/ABC-1/assignee", "issue.assign", Operation.UPDATE_TICKET, "ABC-1"),
        ("GET", "issue/ABC-1/comment", "comment.list", Operation.READ, "ABC-1"),
        ("POST", "issue/ABC-1/comment", "comment.create", Operation.APPEND, "ABC-1"),
        ("PUT", "issue/ABC-1/comment/7", "comment.edit", Operation.UPDATE_TICKET, "ABC-1"),
        ("POST", "issue/ABC-1/attachments", "attachment.create", Operation.OTHER, "ABC-1"),
        ("POST", "issue/ABC-1/worklog", "worklog.create", Operation.APPEND, "ABC-1"),
        ("GET", "myself", "myself.read", Operation.READ, None),
    ],
)
def test_a_known_resource_is_named_in_both_versions(version, method, rest, name, operation, ticket):
    path = f"/rest/api/{version}/{rest}"

    route = JIRA.route(method, path)

    assert route == Route(name, operation, path, name.partition(".")[0], ticket, version)


@pytest.mark.parametrize(("method", "rest"), [("POST", "issue"), ("GET", "issue/ABC-1"), ("GET", "field")])
def test_latest_is_version_two(method, rest):
    latest = JIRA.route(method, f"/rest/api/latest/{rest}")

    assert latest == JIRA.route(method, f"/rest/api/2/{rest}")


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/rest/api/2/issue/", "unknown.write"),
        ("PUT", "/rest/api/2/issue", "unknown.write"),
        ("PUT", "/rest/api/2/issue/", "unknown.write"),
        ("PUT", "/rest/api/3/issue/archive", "unknown.write"),
        ("GET", "/rest/api/2/issue/createmeta", "unknown.read"),
        ("GET", "/rest/api/2/issue/createmeta/ABC/issuetypes/1", "unknown.read"),
        ("GET", "/rest/api/2/issue/picker", "unknown.read"),
        ("POST", "/rest/api/2/issue/ABC-1/properties/x", "unknown.write"),
        ("POST", "/rest/api/2/issue/ABC-1/comment/7/extra", "unknown.write"),
        ("POST", "/rest/api/4/issue", "unknown.write"),
        ("POST", "/REST/api/2/issue", "unknown.write"),
        ("POST", "/rest/api/2//issue", "unknown.write"),
        ("OPTIONS", "/rest/api/2/issue", "unknown.read"),
        ("MKCOL", "/rest/api/2/issue", "unknown.write"),
        ("GET", "/secure/attachment/1/file.html", "unknown.read"),
        ("GET", "/browse/ABC-1", "unknown.read"),
        ("PUT", "/rest/servicedeskapi/request/ABC-1/comment", "unknown.write"),
        ("POST", "/rest/agile/1.0/issue", "unknown.write"),
        ("POST", "/rest/agile/2.0/sprint", "unknown.write"),
        ("POST", "/ex/jira/11-22/other/rest/api/2/issue", "unknown.write"),
        ("POST", "/rest/servicedeskapi/servicedesk/request", "unknown.write"),
        ("POST", "/rest/servicedeskapi/", "unknown.write"),
        ("GET", "", "unknown.read"),
    ],
)
def test_everything_else_is_unknown_and_taken_literally(method, path, name):
    route = JIRA.route(method, path)

    assert (route.name, route.path) == (name, path)
    assert route.operation is (Operation.READ if name == "unknown.read" else Operation.OTHER)


def test_service_desk_requests_are_named():
    made = JIRA.route("POST", "/rest/servicedeskapi/request")
    read = JIRA.route("GET", "/rest/servicedeskapi/request/ABC-1")

    assert (made.name, made.operation, made.ticket) == ("request.create", Operation.CREATE_TICKET, None)
    assert (read.name, read.operation, read.ticket) == ("request.read", Operation.READ, "ABC-1")


def test_the_names_of_routes_are_a_closed_set():
    rests = ["issue", "issue/A-1", "issue/A-1/comment/2", "search", "field/\N{SNOWMAN}"]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "MKCOL"]

    names = {JIRA.route(method, f"/rest/api/2/{rest}").name for method in methods for rest in rests}

    assert names <= ROUTE_NAMES
    assert JSON_ROUTES < ROUTE_NAMES
