"""Jira's routes beside issues themselves: service desks, Agile, and what hangs on an issue; which may be done twice."""

import json

import pytest

from gateway.domain.call import Operation
from gateway.domain.verdict import Answer, Done
from gateway.platforms.jira import Jira

JIRA = Jira()
OTHER, UPDATE, APPEND, READ = Operation.OTHER, Operation.UPDATE_TICKET, Operation.APPEND, Operation.READ


@pytest.mark.parametrize("version", ["2", "3", "latest"])
@pytest.mark.parametrize(
    ("method", "rest", "name", "operation", "repeatable"),
    [
        ("PUT", "issue/ABC-1/properties/com.x.y", "property.set", UPDATE, True),
        ("GET", "issue/ABC-1/properties/com.x.y", "property.read", READ, False),
        ("DELETE", "issue/ABC-1/properties/com.x.y", "property.delete", OTHER, False),
        ("POST", "issue/ABC-1/watchers", "watcher.add", UPDATE, True),
        ("DELETE", "issue/ABC-1/watchers", "watcher.remove", OTHER, False),
        ("POST", "issue/ABC-1/votes", "vote.add", UPDATE, True),
        ("POST", "issue/ABC-1/remotelink", "remotelink.create", UPDATE, False),
        ("DELETE", "issue/ABC-1/remotelink/10000", "remotelink.delete", OTHER, False),
        ("PUT", "issue/ABC-1/worklog/7", "worklog.edit", UPDATE, True),
        ("POST", "issue/ABC-1/attachments", "attachment.create", OTHER, False),
    ],
)
def test_what_hangs_on_an_issue_names_it_in_every_version(version, method, rest, name, operation, repeatable):
    route = JIRA.route(method, f"/rest/api/{version}/{rest}")

    assert (route.name, route.operation, route.ticket, route.repeatable) == (name, operation, "ABC-1", repeatable)
    assert route.path == f"/rest/api/{version.replace('latest', '2')}/{rest}"


@pytest.mark.parametrize(
    ("method", "rest", "name", "operation"),
    [
        ("POST", "issueLink", "link.create", APPEND),
        ("POST", "issuelink", "link.create", APPEND),
        ("DELETE", "issueLink/10000", "link.delete", OTHER),
        ("DELETE", "attachment/10000", "attachment.delete", OTHER),
    ],
)
def test_links_and_files_have_ids_of_their_own(method, rest, name, operation):
    route = JIRA.route(method, f"/rest/api/2/{rest}")

    assert (route.name, route.operation, route.ticket, route.repeatable) == (name, operation, None, False)


@pytest.mark.parametrize(
    ("method", "rest", "name", "operation", "ticket", "repeatable"),
    [
        ("POST", "request/SUP-1/comment", "request_comment.create", APPEND, "SUP-1", False),
        ("GET", "request/SUP-1/comment", "request_comment.list", READ, "SUP-1", False),
        ("POST", "request/SUP-1/transition", "request.transition", APPEND, "SUP-1", False),
        ("POST", "request/SUP-1/attachment", "request.attach", APPEND, "SUP-1", False),
        ("POST", "request/SUP-1/approval/4", "request.approve", APPEND, "SUP-1", False),
        ("POST", "request/SUP-1/participant", "request.participate", UPDATE, "SUP-1", True),
        ("GET", "request/SUP-1/sla", "request.sla", READ, "SUP-1", False),
        ("POST", "servicedesk/1/attachTemporaryFile", "attachment.prepare", OTHER, None, False),
    ],
)
def test_what_is_done_to_a_request_is_known(method, rest, name, operation, ticket, repeatable):
    route = JIRA.route(method, f"/rest/servicedeskapi/{rest}")

    assert (route.name, route.operation, route.ticket, route.repeatable) == (name, operation, ticket, repeatable)


@pytest.mark.parametrize("version", ["1.0", "latest"])
@pytest.mark.parametrize(
    ("method", "rest", "name", "operation", "repeatable"),
    [
        ("POST", "sprint", "sprint.create", OTHER, False),
        ("POST", "sprint/37/issue", "sprint.fill", UPDATE, True),
        ("POST", "epic/EPIC-1/issue", "epic.fill", UPDATE, True),
        ("POST", "backlog/issue", "backlog.fill", UPDATE, True),
        ("PUT", "issue/rank", "issue.rank", UPDATE, True),
        ("GET", "issue/ABC-1", "issue.read", READ, False),
    ],
)
def test_agile_moves_issues_and_may_do_so_twice(version, method, rest, name, operation, repeatable):
    route = JIRA.route(method, f"/rest/agile/{version}/{rest}")

    assert (route.name, route.operation, route.repeatable) == (name, operation, repeatable)
    assert route.path == f"/rest/agile/1.0/{rest}"


@pytest.mark.parametrize("rest", ["rest/api/3/issue", "rest/servicedeskapi/request", "rest/agile/1.0/backlog/issue"])
def test_the_cloud_id_before_a_path_makes_no_other_route(rest):
    behind = JIRA.route("POST", f"/ex/jira/1324a887-45db-1bf4-1e99-ef0ff456d421/{rest}")

    assert behind == JIRA.route("POST", f"/{rest}")


@pytest.mark.parametrize(("body", "full"), [({"globalId": "system=x", "object": {}}, True), ({"object": {}}, False)])
def test_a_remote_link_with_a_global_id_takes_the_place_of_the_one_that_has_it(body, full):
    route = JIRA.route("POST", "/rest/api/3/issue/ABC-1/remotelink")

    assert JIRA.is_full_value(route, body) is full


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/rest/api/3/issue/ABC-1", 204),
        ("PUT", "/rest/api/3/issue/ABC-1", 200),
        ("POST", "/rest/api/3/issue/ABC-1/transitions", 204),
        ("PUT", "/rest/api/3/issue/ABC-1/properties/x", 201),
        ("PUT", "/rest/api/3/issue/ABC-1/properties/x", 200),
        ("POST", "/rest/api/3/issueLink", 201),
        ("POST", "/rest/api/3/issue/ABC-1/attachments", 200),
        ("POST", "/rest/servicedeskapi/request/SUP-1/transition", 204),
        ("POST", "/rest/agile/1.0/sprint/37/issue", 204),
        ("PUT", "/rest/agile/1.0/issue/rank", 207),
    ],
)
def test_every_route_succeeds_in_its_own_form(method, path, status):
    verdict = JIRA.judge(JIRA.route(method, path), Answer(status, (), b""), carried=None, clock=0.0)

    assert verdict == Done()


@pytest.mark.parametrize(
    ("method", "path", "finds"),
    [
        ("POST", "/rest/api/3/issue/ABC-1/comment", True),
        ("POST", "/rest/servicedeskapi/request/SUP-1/comment", True),
        ("POST", "/rest/servicedeskapi/request/SUP-1/transition", True),
        ("POST", "/rest/servicedeskapi/request/SUP-1/approval/4", False),
        ("POST", "/rest/api/3/issueLink", False),
    ],
)
def test_only_what_leaves_an_entry_of_its_own_is_looked_for(method, path, finds):
    assert JIRA.finds_update(JIRA.route(method, path)) is finds


def test_issues_that_a_board_left_where_they_were_are_told_beside_the_success():
    entries = [
        {"issueId": 10000, "issueKey": "ABC-1", "status": 200},
        {"issueId": 10001, "issueKey": "ABC-2", "status": 503, "errors": ["busy"]},
        {"issueId": 10002, "status": 404},
        "odd",
    ]
    answer = Answer(207, (("Content-Type", "application/json"),), json.dumps({"entries": entries}).encode())

    verdict = JIRA.judge(JIRA.route("PUT", "/rest/agile/1.0/issue/rank"), answer, carried=None, clock=0.0)

    assert verdict == Done(flaws=("issue ABC-2 was answered 503", "issue 10002 was answered 404"))
