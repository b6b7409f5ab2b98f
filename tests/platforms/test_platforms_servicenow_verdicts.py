"""What a ServiceNow answer means for the ticket."""

import json

import pytest

from gateway.domain.verdict import Ambiguous, Answer, Deceptive, Done, Evidence, NotExecuted, Refused, Ticket
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
CREATE = SNOW.route("POST", "/api/now/table/incident")
UPDATE = SNOW.route("PATCH", "/api/now/table/incident/1")
LIST = SNOW.route("GET", "/api/now/table/incident")
FILE = SNOW.route("GET", "/api/now/attachment/1/file")
UNKNOWN = SNOW.route("POST", "/api/x_mine/own")
CLOCK = 1_790_000_000.0
LOCATION = ("Location", "https://acme.service-now.com/api/now/table/incident/abc123")
JSON = ("Content-Type", "application/json;charset=UTF-8")
HTML = ("Content-Type", "text/html;charset=UTF-8")
HIBERNATING = b"<html><head><title>Instance Hibernating page</title></head></html>"


def answered(status, body=b"", *headers):
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode())


def judged(route, answer, carried=None):
    return SNOW.judge(route, answer, carried=carried, clock=CLOCK)


@pytest.mark.parametrize(
    ("record", "ticket"),
    [
        ({"sys_id": "abc", "number": "INC1", "priority": "2"}, Ticket("abc", "INC1", "", "2")),
        ({"sys_id": "abc", "priority": "1 - Critical"}, Ticket("abc", "", "", "1")),
        (
            {
                "sys_id": {"value": "abc", "display_value": "abc"},
                "number": {"display_value": "INC1", "value": "INC1", "link": "https://x/api/now/table/a/b"},
                "priority": {"display_value": "1 - Critical", "value": "1"},
            },
            Ticket("abc", "INC1", "", "1"),
        ),
        ({"number": {"display_value": "INC1"}}, Ticket("", "INC1")),
        ({"short_description": "its names are hidden"}, Ticket()),
        ({}, Ticket()),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
def test_a_record_in_the_result_is_a_ticket(status, record, ticket):
    verdict = judged(CREATE, answered(status, {"result": record}, JSON))

    assert verdict == Done(ticket)


def test_location_names_the_ticket_where_the_body_is_empty():
    verdict = judged(CREATE, answered(201, b"", LOCATION))

    url = "https://acme.service-now.com/nav_to.do?uri=incident.do?sys_id=abc123"
    assert verdict == Done(Ticket("abc123", "", url))


def test_location_and_result_name_the_ticket_together():
    verdict = judged(CREATE, answered(201, {"result": {"number": "INC1"}}, LOCATION, JSON))

    assert isinstance(verdict, Done)
    assert verdict.ticket is not None
    assert (verdict.ticket.id, verdict.ticket.key) == ("abc123", "INC1")


def test_an_xml_answer_names_its_ticket_by_location():
    verdict = judged(CREATE, answered(201, b"<response/>", LOCATION, ("Content-Type", "application/xml")))

    assert isinstance(verdict, Done)
    assert verdict.ticket is not None
    assert verdict.ticket.id == "abc123"


@pytest.mark.parametrize(
    "answer",
    [
        answered(200, HIBERNATING, HTML),
        answered(200, HIBERNATING),
        answered(201, b"\n<!DOCTYPE html><form action='login.do'>", JSON),
        answered(201, HIBERNATING, HTML, LOCATION),
        answered(201),
        answered(200),
        answered(200, b"", ("Location", "https://acme.service-now.com/login.do")),
        answered(201, b'{"result": {"sys_id": "ab', JSON, LOCATION),
        answered(201, b"[" * 100_000, JSON),
        answered(201, b"\xff\xfe", JSON),
        answered(201, {"result": []}),
        answered(201, {"result": "text"}),
        answered(201, {}),
        answered(201, []),
        answered(201, b"null", LOCATION),
        answered(200, {"error": {"message": "Transaction cancelled", "detail": None}, "status": "failure"}),
        answered(201, {"result": {"sys_id": "abc"}, "error": {"message": "x"}}, LOCATION),
        answered(201, {"result": {"sys_id": "abc"}, "status": "failure"}),
        answered(202, {"queued": True}),
        answered(201, b"\x1f\x8b", JSON, ("Content-Encoding", "gzip")),
    ],
)
def test_a_success_that_names_no_ticket_is_deceptive(answer):
    verdict = judged(CREATE, answer)

    assert isinstance(verdict, Deceptive)


@pytest.mark.parametrize("route", [CREATE, LIST, UPDATE])
def test_an_empty_202_was_dropped_by_a_full_session(route):
    verdict = judged(route, answered(202, b"", ("Retry-After", "4")))

    assert isinstance(verdict, NotExecuted)
    assert verdict.retry_after == 4.0


@pytest.mark.parametrize("route", [CREATE, UPDATE, LIST, UNKNOWN])
def test_a_429_was_not_executed(route):
    verdict = judged(route, answered(429, {"error": {}}, ("X-RateLimit-Reset", "1790000090")))

    assert isinstance(verdict, NotExecuted)
    assert verdict.retry_after == 90.0


@pytest.mark.parametrize("route", [CREATE, UPDATE, LIST])
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 507, 520])
def test_an_answered_failure_may_have_worked_and_is_over(route, status):
    verdict = judged(route, answered(status, b"", ("Retry-After", "9")))

    assert isinstance(verdict, Ambiguous)
    assert (verdict.evidence, verdict.retry_after) == (Evidence.OVER, 9.0)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 501])
def test_a_refusal_is_for_good(status):
    verdict = judged(CREATE, answered(status, {"error": {"message": "no"}, "status": "failure"}), "correlation_id")

    assert isinstance(verdict, Refused)


def test_a_key_that_exists_already_may_be_our_own():
    body = {"error": {"message": "Operation Failed", "detail": "Unique Key violation detected by database"}}

    fenced = judged(CREATE, answered(403, body), "u_key")
    unfenced = judged(CREATE, answered(403, body))

    assert isinstance(fenced, Ambiguous)
    assert fenced.evidence is Evidence.OVER
    assert isinstance(unfenced, Refused)


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_redirect_is_no_create(status):
    verdict = judged(CREATE, answered(status, b"", ("Location", "https://developer.servicenow.com/dev.do")))

    assert isinstance(verdict, Ambiguous)
    assert verdict.evidence is Evidence.SILENT


def test_a_redirect_of_a_read_is_handed_on_and_of_an_update_is_no_success():
    redirect = answered(302, b"", ("Location", "/login.do"))

    assert judged(LIST, redirect) == Done()
    assert isinstance(judged(UPDATE, redirect), Refused)


@pytest.mark.parametrize(
    "body",
    [
        b'{"result":[{"a":"1"}],"error":{"message":"Transaction cancelled"},"status":"failure"}',
        b'{"result":[{"a":"}""],"error":{"message":"Transaction cancelled"}}',
    ],
)
def test_a_list_that_broke_off_is_deceptive(body):
    verdict = judged(LIST, answered(200, body, JSON))

    assert isinstance(verdict, Deceptive)


@pytest.mark.parametrize(
    "answer",
    [
        answered(200, {"result": []}, JSON),
        answered(200, {"result": [{"error": "a field of that name", "state": "failure"}]}, JSON),
        answered(200, {"result": [{"short_description": 'it says "error"'}]}, JSON),
        answered(200, b"", JSON),
        answered(200, b'<response><status>"error"</status></response>', ("Content-Type", "text/xml")),
        answered(204),
        answered(304),
    ],
)
def test_an_honest_read_worked(answer):
    assert judged(LIST, answer) == Done()


@pytest.mark.parametrize("route", [LIST, UPDATE])
def test_a_web_page_is_no_answer_where_json_is_due(route):
    assert isinstance(judged(route, answered(200, b"", HTML)), Deceptive)


@pytest.mark.parametrize("route", [FILE, UNKNOWN])
def test_a_web_page_is_an_answer_where_anything_may_come(route):
    assert judged(route, answered(200, HIBERNATING, HTML)) == Done()


def test_an_update_names_no_new_ticket():
    assert judged(UPDATE, answered(200, {"result": {"sys_id": "1"}}, JSON)) == Done()
