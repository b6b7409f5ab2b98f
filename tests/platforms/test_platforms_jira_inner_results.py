"""Bulk creates, service desk requests and locked accounts: what Jira says beside the status."""

import json

import pytest

from gateway.domain.verdict import Answer, Deceptive, Done, Refused, Ticket
from gateway.platforms.jira import Jira

JIRA = Jira()
BULK = "/rest/api/2/issue/bulk"
REQUEST = "/rest/servicedeskapi/request"
ISSUE = "/rest/api/2/issue"
REFUSED_ELEMENT = {
    "status": 400,
    "failedElementNumber": 1,
    "elementErrors": {"errorMessages": ["no"], "errors": {"summary": "You must specify a summary of the issue."}},
}


def judged(path, body, status=201, *headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return JIRA.judge(JIRA.route("POST", path), Answer(status, headers, content), carried=None, clock=0.0)


def test_a_bulk_names_every_issue_it_made_and_every_element_it_refused():
    body = {"issues": [{"id": "1", "key": "ABC-1"}, {"id": "3", "key": "ABC-3"}], "errors": [REFUSED_ELEMENT]}

    verdict = judged(BULK, body)

    assert isinstance(verdict, Done)
    assert (verdict.ticket, verdict.further) == (Ticket("1", "ABC-1"), (Ticket("3", "ABC-3"),))
    assert verdict.flaws == ("element 1 was answered 400: no; summary: You must specify a summary of the issue.",)


@pytest.mark.parametrize(
    ("body", "nothing_made"),
    [({"issues": [], "errors": [REFUSED_ELEMENT]}, True), ({"issues": []}, False), ([], False), (b"", False)],
)
def test_a_bulk_without_an_issue_is_no_success(body, nothing_made):
    verdict = judged(BULK, body)

    assert isinstance(verdict, Deceptive)
    assert verdict.nothing_made is nothing_made


@pytest.mark.parametrize("messages", [["The transition is not valid"], "The transition is not valid"])
def test_an_issue_whose_first_transition_failed_is_there_with_a_flaw(messages):
    body = {"id": "1", "key": "ABC-1", "transition": {"status": 400, "errorCollection": {"errorMessages": messages}}}

    assert judged(ISSUE, body) == Done(Ticket("1", "ABC-1"), flaws=("transition: The transition is not valid",))


@pytest.mark.parametrize("transition", [{"status": 200, "errorCollection": {"errorMessages": [], "errors": {}}}, None])
def test_a_transition_without_complaints_is_no_flaw(transition):
    assert judged(ISSUE, {"id": "1", "key": "ABC-1", "transition": transition}) == Done(Ticket("1", "ABC-1"))


def test_a_request_names_its_issue_and_its_page_in_words_of_its_own():
    page = "https://acme.atlassian.net/servicedesk/customer/portal/1/SUP-1"

    verdict = judged(REQUEST, {"issueId": "107001", "issueKey": "SUP-1", "_links": {"web": page}})

    assert verdict == Done(Ticket("107001", "SUP-1", page))


@pytest.mark.parametrize("body", [{"id": "1", "key": "SUP-1"}, {}, b""])
def test_a_request_that_names_no_issue_is_no_success(body):
    assert isinstance(judged(REQUEST, body), Deceptive)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (
            {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://jira/login.jsp"},
            "CAPTCHA_CHALLENGE",
        ),
        ({"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}, "AUTHENTICATION_DENIED"),
    ],
)
@pytest.mark.parametrize("status", [401, 403])
def test_a_locked_account_is_told_apart_from_a_missing_right(headers, told, status):
    locked = judged(ISSUE, {}, status, *headers.items())
    forbidden = judged(ISSUE, {}, 403)

    assert locked == Refused(f"the account is locked ({told})", login=True)
    assert forbidden == Refused("answered 403")


@pytest.mark.parametrize(("status", "reason"), [(401, ""), (403, "AUTHENTICATED_FAILED")])
def test_a_failed_login_is_told_from_a_refused_ticket(status, reason):
    verdict = judged(ISSUE, {}, status, ("X-Seraph-LoginReason", reason))

    assert verdict == Refused(f"answered {status}", login=True)
