"""Successes whose status speaks only for the whole: what their parts say."""

import json

import pytest

from gateway.domain.verdict import Answer, Deceptive, Done, NotExecuted, Ticket
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
JSON = (("Content-Type", "application/json"),)
LINK = "https://acme.service-now.com/api/now/table/incident/abc"
PAGE = "https://acme.service-now.com/nav_to.do?uri=incident.do?sys_id=abc"
MADE = {
    "transform_map": "Incident",
    "table": "incident",
    "display_name": "number",
    "display_value": "INC1",
    "record_link": LINK,
    "status": "inserted",
    "sys_id": "abc",
}
FAILED = {"transform_map": "Asset", "table": "alm_asset", "status": "error", "error_message": "No model"}
IMPORT = "/api/now/import/u_stage"
BATCH = "/api/now/v1/batch"
IRE = "/api/now/identifyreconcile"
ORDER = "/api/sn_sc/servicecatalog/items/1/order_now"
PRODUCER = "/api/sn_sc/servicecatalog/items/1/submit_producer"
CHANGE = "/api/sn_chg_rest/change"


def judged(path, body, status=200):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return SNOW.judge(SNOW.route("POST", path), Answer(status, JSON, content), carried=None, clock=0.0)


@pytest.mark.parametrize("status", ["inserted", "updated", "ignored"])
def test_an_import_that_names_its_target_made_or_found_it(status):
    verdict = judged(IMPORT, {"import_set": "ISET1", "result": [{**MADE, "status": status}]}, 201)

    assert verdict == Done(Ticket("abc", "INC1", PAGE))


@pytest.mark.parametrize("status", ["error", "ignored", "skipped", "", "Pending"])
def test_an_import_without_a_target_made_nothing_and_says_why(status):
    row = {"transform_map": "Incident", "status": status, "error_message": "Mandatory field"}

    verdict = judged(IMPORT, {"result": [row]}, 201)

    assert isinstance(verdict, Deceptive)
    assert verdict.nothing_made
    assert "Mandatory field" in verdict.reason


def test_a_transform_that_failed_beside_one_that_worked_is_a_flaw():
    verdict = judged(IMPORT, {"result": [FAILED, MADE, {**MADE, "sys_id": "def", "record_link": ""}]}, 201)

    assert verdict == Done(Ticket("abc", "INC1", PAGE), (Ticket("def", "INC1"),), ("transform Asset: error, No model",))


def test_a_target_that_is_shown_by_another_name_than_its_number_has_no_key():
    row = {**MADE, "display_name": "name", "display_value": "John Public", "record_link": ""}

    assert judged(IMPORT, {"result": [row]}, 201) == Done(Ticket("abc"))


@pytest.mark.parametrize("body", [{"result": []}, {"import_set": "ISET1"}, {"result": "text"}, {"result": [1]}, b""])
def test_an_import_that_tells_nothing_may_have_made_something(body):
    verdict = judged(IMPORT, body, 201)

    assert isinstance(verdict, Deceptive)
    assert not verdict.nothing_made


@pytest.mark.parametrize(
    "body", [{"import_set_id": "1", "multi_import_set_id": "2"}, {"result": {"multi_import_set_id": "2"}}]
)
def test_many_rows_are_only_queued_and_name_no_ticket(body):
    assert judged(f"{IMPORT}/insertMultiple", body, 201) == Done()


def test_many_rows_without_an_import_set_were_not_taken():
    assert isinstance(judged(f"{IMPORT}/insertMultiple", {"result": {}}, 201), Deceptive)


@pytest.mark.parametrize(
    ("path", "result", "ticket"),
    [
        (ORDER, {"sys_id": "abc", "number": "REQ1", "table": "sc_request"}, Ticket("abc", "REQ1")),
        (ORDER, {"request_id": "abc", "request_number": "REQ1"}, Ticket("abc", "REQ1")),
        (PRODUCER, {"sys_id": "abc", "number": "INC1", "table": "incident"}, Ticket("abc", "INC1")),
        (PRODUCER, {"sys_id": "abc"}, Ticket("abc")),
    ],
)
def test_an_order_names_its_request_and_a_producer_its_record(path, result, ticket):
    assert judged(path, {"result": result}) == Done(ticket)


@pytest.mark.parametrize("path", [ORDER, PRODUCER])
@pytest.mark.parametrize("body", [{"result": {}}, {"result": []}, {}, b"", b"<html>"])
def test_an_order_that_names_nothing_is_no_success(path, body):
    assert isinstance(judged(path, body), Deceptive)


def test_a_change_is_created_with_a_200_and_both_forms_of_every_field():
    result = {
        "sys_id": {"display_value": "abc", "value": "abc"},
        "number": {"display_value": "CHG1", "value": "CHG1"},
        "priority": {"display_value": "4 - Low", "value": 4},
        "state": {"display_value": "New", "value": -5},
    }

    assert judged(CHANGE, {"result": result}) == Done(Ticket("abc", "CHG1", "", "4"))


def test_a_batch_tells_of_the_requests_that_failed_or_were_not_tried():
    parts = [{"id": "1", "status_code": 201}, {"id": "2", "status_code": 403}, {"id": "3"}]

    verdict = judged(BATCH, {"serviced_requests": parts, "unserviced_requests": ["4"]})

    assert verdict == Done(
        flaws=("request 2 was answered 403", "request 3 was answered ", "request 4 was not executed")
    )


def test_a_batch_of_which_nothing_was_tried_may_be_sent_again():
    verdict = judged(BATCH, {"serviced_requests": [], "unserviced_requests": ["1", "2"]})

    assert isinstance(verdict, NotExecuted)


def test_a_batch_that_tells_nothing_is_no_success():
    assert isinstance(judged(BATCH, {"batch_request_id": "1"}), Deceptive)


@pytest.mark.parametrize("path", [IRE, f"{IRE}/enhanced", "/api/now/cmdb/instance/cmdb_ci_server"])
@pytest.mark.parametrize(
    "failed", [{"errors": [{"error": "ABANDONED", "message": "Too many"}]}, {"errorCount": 2}, {"errors": [{}]}]
)
def test_items_that_could_not_be_placed_are_told(path, failed):
    placed = {"operation": "INSERT", "errorCount": 0}

    some = judged(path, {"result": {"items": [placed, failed]}})
    none = judged(path, {"result": {"items": [failed]}})

    assert isinstance(some, Done)
    assert len(some.flaws) == 1
    assert some.flaws[0].startswith("item 1: ")
    assert isinstance(none, Deceptive)
    assert none.nothing_made


def test_an_event_is_taken_in_whatever_becomes_of_it():
    assert judged("/api/global/em/jsonv2", {"result": {"Default Bulk Endpoint": "1 events were inserted"}}) == Done()


@pytest.mark.parametrize("path", [IMPORT, ORDER, CHANGE, BATCH, IRE, "/api/global/em/jsonv2"])
def test_an_error_beside_the_result_is_no_success_anywhere(path):
    body = {"result": {}, "error": {"message": "Transaction cancelled"}, "status": "failure"}

    assert isinstance(judged(path, body), Deceptive)


@pytest.mark.parametrize("path", [BATCH, IRE, f"{IMPORT}/insertMultiple", "/api/global/em/jsonv2"])
def test_an_answer_that_passes_by_unread_is_not_judged_by_its_body(path):
    assert judged(path, b"") == Done()


def test_a_hibernating_instance_is_no_success_on_any_of_them():
    page = Answer(200, (("Content-Type", "text/html"),), b"<html><title>Instance Hibernating page</title></html>")

    verdicts = [
        SNOW.judge(SNOW.route("POST", path), page, carried=None, clock=0.0)
        for path in (IMPORT, ORDER, PRODUCER, CHANGE, BATCH, IRE)
    ]

    assert all(isinstance(verdict, Deceptive) for verdict in verdicts)
