"""What a Jira answer means for the ticket."""

import json

import pytest

from gateway.domain.verdict import (
    Ambiguous,
    Answer,
    CarrierRefused,
    Deceptive,
    Done,
    Evidence,
    NotExecuted,
    Refused,
    Ticket,
)
from gateway.platforms.jira import Jira

JIRA = Jira()
CREATE = JIRA.route("POST", "/rest/api/2/issue")
EDIT = JIRA.route("PUT", "/rest/api/2/issue/ABC-1")
READ = JIRA.route("GET", "/rest/api/2/issue/ABC-1")
ATTACHMENT = JIRA.route("GET", "/secure/attachment/1/page.html")
COMMENT = JIRA.route("POST", "/rest/api/2/issue/ABC-1/comment")
CLOCK = 1_790_000_000.0
HTML = ("Content-Type", "text/html; charset=utf-8")
LOGIN_FAILED = ("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")


def answered(status, body=b"", *headers):
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode())


def judged(route, answer, carried=None):
    return JIRA.judge(route, answer, carried=carried, clock=CLOCK)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://acme.atlassian.net/rest/api/2/issue/10000", "https://acme.atlassian.net/browse/ABC-1"),
        ("https://acme.test/jira/rest/api/latest/issue/10000", "https://acme.test/jira/browse/ABC-1"),
        ("https://api.atlassian.com/ex/jira/1/rest/api/3/issue/10000", ""),
        ("", ""),
    ],
)
def test_id_and_key_name_the_ticket_and_its_link_tells_the_page_for_people(link, url):
    verdict = judged(CREATE, answered(201, {"id": "10000", "key": "ABC-1", "self": link}))

    assert verdict == Done(Ticket("10000", "ABC-1", url))


@pytest.mark.parametrize(
    ("body", "ticket"),
    [({"key": "ABC-1"}, Ticket("", "ABC-1")), ({"id": "10000"}, Ticket("10000")), ({"id": 10000}, Ticket("10000"))],
)
def test_either_of_them_is_enough(body, ticket):
    assert judged(CREATE, answered(201, body)) == Done(ticket)


def test_a_failed_transition_inside_a_create_does_not_unmake_the_issue():
    body = {"id": "1", "key": "ABC-1", "transition": {"status": 400, "errorCollection": {"errorMessages": ["no"]}}}

    verdict = judged(CREATE, answered(201, body))

    assert (verdict.ticket, len(verdict.flaws)) == (Ticket("1", "ABC-1"), 1)


@pytest.mark.parametrize(
    "answer",
    [
        answered(200, b"", LOGIN_FAILED),
        answered(200),
        answered(201),
        answered(202),
        answered(204),
        answered(200, b"<html>log in</html>", HTML),
        answered(200, b"<!DOCTYPE html><title>Log in</title>"),
        answered(201, b'{"id":"10000","key":"AB'),
        answered(201, b"[" * 100_000),
        answered(201, []),
        answered(201, {"errorMessages": ["no"], "errors": {}}),
        answered(201, {"id": None, "key": True}),
    ],
)
def test_a_success_that_names_no_issue_is_deceptive(answer):
    assert isinstance(judged(CREATE, answer), Deceptive)


@pytest.mark.parametrize("route", [EDIT, COMMENT])
def test_an_empty_success_of_a_write_after_a_lost_login_is_deceptive(route):
    assert isinstance(judged(route, answered(200, b"", LOGIN_FAILED)), Deceptive)
    assert judged(route, answered(200, b"", ("X-Seraph-LoginReason", "OK"))) == Done()


@pytest.mark.parametrize("answer", [answered(204, b"", LOGIN_FAILED), answered(200, {"id": "7"}, LOGIN_FAILED)])
def test_a_write_that_was_answered_worked_whatever_its_login_says(answer):
    assert judged(COMMENT, answer) == Done()


def test_an_answer_is_empty_only_where_its_body_is_not_on_its_way():
    empty = answered(200, b"", LOGIN_FAILED)
    on_its_way = Answer(200, (LOGIN_FAILED,), b"", unread=True)

    assert isinstance(judged(READ, empty), Deceptive)
    assert judged(READ, on_its_way) == Done()


@pytest.mark.parametrize(
    ("body", "carried", "refused"),
    [
        ({"errorMessages": [], "errors": {"labels": "Field 'labels' cannot be set."}}, "labels", True),
        ({"errors": {"labels": "Field 'labels' cannot be set."}}, "labels", True),
        ({"errorMessages": [], "errors": {"customfield_10050": "no"}}, "customfield_10050", True),
        ({"errorMessages": [], "errors": {"labels": "no"}}, "labels+", False),
        ({"errorMessages": [], "errors": {"labels": "no"}}, None, False),
        ({"errorMessages": ["no"], "errors": {"labels": "no"}}, "labels", False),
        ({"errorMessages": [], "errors": {"labels": "no", "summary": "no"}}, "labels", False),
        ({"errorMessages": [], "errors": {"summary": "no"}}, "labels", False),
        ({"errorMessages": [], "errors": ["labels"]}, "labels", False),
        ({"errorMessages": [], "errors": {}}, "labels", False),
        ([], "labels", False),
    ],
)
def test_only_a_refusal_of_our_own_label_is_the_carriers(body, carried, refused):
    verdict = judged(CREATE, answered(400, body), carried)

    assert isinstance(verdict, CarrierRefused if refused else Refused)


def test_a_carrier_is_refused_only_by_a_400_to_a_create():
    body = {"errorMessages": [], "errors": {"labels": "no"}}

    assert isinstance(judged(CREATE, answered(403, body), "labels"), Refused)
    assert isinstance(judged(EDIT, answered(400, body), "labels"), Refused)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 501])
def test_a_refusal_is_for_good(status):
    assert isinstance(judged(CREATE, answered(status, {"errorMessages": ["no"], "errors": {}}), "labels"), Refused)


@pytest.mark.parametrize("route", [CREATE, EDIT, READ])
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 522])
def test_an_answered_failure_may_have_worked_and_is_over(route, status):
    verdict = judged(route, answered(status, b"", ("Retry-After", "0")))

    assert isinstance(verdict, Ambiguous)
    assert (verdict.evidence, verdict.retry_after) == (Evidence.OVER, 0.0)


@pytest.mark.parametrize("route", [CREATE, EDIT, READ, ATTACHMENT])
def test_a_429_was_not_executed(route):
    verdict = judged(route, answered(429, b"", ("X-RateLimit-Reset", "2026-09-21T14:15Z")))

    assert isinstance(verdict, NotExecuted)
    assert verdict.retry_after == 100.0


def test_a_redirect_of_a_create_is_silence_and_of_a_read_is_handed_on():
    redirect = answered(303, b"", ("Location", "https://media.atlassian.test/file"))

    created = judged(CREATE, redirect)

    assert isinstance(created, Ambiguous)
    assert created.evidence is Evidence.SILENT
    assert judged(READ, redirect) == Done()
    assert judged(ATTACHMENT, redirect) == Done()
    assert isinstance(judged(EDIT, redirect), Refused)


@pytest.mark.parametrize("answer", [answered(204), answered(200, {"id": "1", "key": "ABC-1"})])
def test_an_edit_that_worked_names_no_new_ticket(answer):
    assert judged(EDIT, answer) == Done()


def test_a_web_page_is_an_answer_only_where_anything_may_come():
    page = answered(200, b"<html></html>", HTML)

    assert isinstance(judged(READ, page), Deceptive)
    assert isinstance(judged(COMMENT, page), Deceptive)
    assert judged(ATTACHMENT, page) == Done()
