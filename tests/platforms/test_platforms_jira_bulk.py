"""Jira's bulk create taken apart and put together."""

import json

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.bundles import Part, Served
from gateway.platforms.jira import Jira

JIRA = Jira()
ROUTE = JIRA.route("POST", "/rest/api/3/issue/bulk")
MADE = Answer(201, (), b'{"id": "1", "key": "OPS-1", "self": "https://x/rest/api/3/issue/1"}')


def errors_of(answer):
    return {error["failedElementNumber"]: error for error in json.loads(answer.body)["errors"]}


def test_a_bulk_create_alone_holds_issues():
    assert ROUTE.name in JIRA.bundle_routes
    assert JIRA.route("POST", "/rest/api/3/issue").name not in JIRA.bundle_routes


@pytest.mark.parametrize(
    ("target", "single"),
    [
        ("/rest/api/3/issue/bulk", "/rest/api/3/issue"),
        ("/rest/api/latest/issue/bulk/?updateHistory=true", "/rest/api/latest/issue?updateHistory=true"),
    ],
)
def test_every_element_becomes_a_create_of_its_own(target, single):
    first, second = JIRA.parts(ROUTE, target, {"issueUpdates": [{"fields": {"summary": "x"}}, "no issue"]})

    assert (first.name, first.method, first.target, first.document) == (
        "0",
        "POST",
        single,
        {"fields": {"summary": "x"}},
    )
    assert (second.name, second.document) == ("1", {})


@pytest.mark.parametrize(
    "document", [None, {}, {"issueUpdates": {}}, {"issueUpdates": []}, {"issueUpdates": [{}] * 51}]
)
def test_what_jira_refuses_as_a_whole_is_left_to_it(document):
    assert JIRA.parts(ROUTE, "/rest/api/3/issue/bulk", document) is None


def test_what_was_made_and_what_was_not_stand_apart():
    refused = Answer(400, (), b'{"errorMessages": [], "errors": {"summary": "too long"}}')

    answer = JIRA.gathered(ROUTE, {}, [Served(Part("0"), refused), Served(Part("1"), MADE), Served(Part("2"))])

    errors = errors_of(answer)
    assert (answer.status, json.loads(answer.body)["issues"]) == (201, [json.loads(MADE.body)])
    assert errors[0] == {
        "status": 400,
        "elementErrors": {"errorMessages": [], "errors": {"summary": "too long"}},
        "failedElementNumber": 0,
    }
    assert errors[2]["status"] == 503


@pytest.mark.parametrize(
    ("statuses", "status"), [((400, 403), 400), ((400, 503), 503), ((429, 400), 429), ((502, 504), 504), ((202,), 400)]
)
def test_where_nothing_was_made_the_status_tells_whether_trying_again_may_help(statuses, status):
    served = [Served(Part(str(number)), Answer(each, (), b"")) for number, each in enumerate(statuses)]

    assert JIRA.gathered(ROUTE, {}, served).status == status


def test_the_longest_wait_that_any_issue_was_told_counts():
    served = [
        Served(Part(str(number)), Answer(429, (("Retry-After", wait),), b"")) for number, wait in enumerate(("5", "70"))
    ]

    assert JIRA.gathered(ROUTE, {}, served).header("retry-after") == "70"


def test_an_issue_that_waits_in_the_outbox_is_told_as_that():
    queued = Answer(202, (), b'{"status": "queued", "call_id": "7"}')

    error = errors_of(JIRA.gathered(ROUTE, {}, [Served(Part("0"), queued), Served(Part("1"), MADE)]))[0]

    assert (error["status"], error["elementErrors"]["errorMessages"]) == (202, ["queued"])
