"""ServiceNow's APIs beside the Table API: what they do, what names their ticket, and which may be done twice."""

import json

import pytest

from gateway.domain.call import Operation
from gateway.domain.verdict import Answer, Deceptive, Done, Ticket
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
CREATE, UPDATE, APPEND, OTHER = (
    Operation.CREATE_TICKET,
    Operation.UPDATE_TICKET,
    Operation.APPEND,
    Operation.OTHER,
)
CASE = "sn_customerservice_case"


@pytest.mark.parametrize("version", ["", "/v1", "/v2"])
@pytest.mark.parametrize(
    ("method", "path", "name", "operation", "repeatable"),
    [
        ("POST", "now{}/import/u_stage", "import.create", CREATE, False),
        ("POST", "now{}/import/u_stage/insertMultiple", "import.create_many", OTHER, False),
        ("POST", "now{}/batch", "batch.execute", OTHER, False),
        ("POST", "now{}/attachment/file", "attachment.create", OTHER, False),
        ("POST", "now{}/attachment/upload", "attachment.create", OTHER, False),
        ("DELETE", "now{}/attachment/77", "attachment.delete", OTHER, False),
        ("POST", "now{}/identifyreconcile", "ire.write", OTHER, True),
        ("POST", "now{}/identifyreconcile/enhanced", "ire.write", OTHER, True),
        ("POST", "now{}/cmdb/instance/cmdb_ci_server", "cmdb.identify", OTHER, True),
        ("PATCH", "now{}/cmdb/instance/cmdb_ci_server/77", "cmdb.update", OTHER, True),
        ("POST", "now{}/cmdb/instance/cmdb_ci_server/77/relation", "cmdb.write", OTHER, False),
        ("POST", "now{}/email", "email.create", OTHER, False),
        ("POST", "sn_chg_rest{}/change/77/ci", "change.relate", APPEND, False),
        ("POST", "sn_chg_rest{}/change/77/conflict", "change.check", UPDATE, True),
        ("PATCH", "sn_chg_rest{}/change/77/approvals", "change.approve", APPEND, False),
        ("PATCH", "sn_chg_rest{}/change/77/schedule/first_available", "change.schedule", UPDATE, True),
        ("PATCH", "sn_chg_rest{}/change/77/risk", "change.assess", UPDATE, True),
        ("DELETE", "sn_chg_rest{}/change/77", "change.delete", OTHER, False),
        ("POST", "sn_sc{}/servicecatalog/items/77/order_now", "catalog.order", CREATE, False),
        ("POST", "sn_sc{}/servicecatalog/items/77/submit_producer", "producer.submit", CREATE, False),
        ("POST", "sn_sc{}/servicecatalog/items/77/add_to_cart", "cart.add", OTHER, False),
        ("PUT", "sn_sc{}/servicecatalog/items/77/submit_guide", "cart.guide", OTHER, False),
        ("POST", "sn_sc{}/servicecatalog/cart/submit_order", "cart.submit", CREATE, False),
        ("POST", "sn_sc{}/servicecatalog/cart/checkout", "cart.checkout", APPEND, False),
        ("POST", "sn_customerservice{}/case", "case.create", CREATE, False),
        ("PUT", "sn_customerservice{}/case/77", "case.update", UPDATE, False),
        ("POST", "sn_ind_tsm_sdwan{}/ticket/troubleTicket", "trouble_ticket.create", CREATE, False),
        ("PATCH", "sn_ind_tsm_sdwan{}/ticket/troubleTicket/77", "trouble_ticket.update", UPDATE, False),
        ("POST", "global{}/em/jsonv2", "event.create", OTHER, False),
    ],
)
def test_every_api_is_known_with_and_without_a_version(version, method, path, name, operation, repeatable):
    route = SNOW.route(method, f"/api/{path.format(version)}")

    assert (route.name, route.operation, route.repeatable) == (name, operation, repeatable)
    assert route.path == f"/api/{path.format('')}"


@pytest.mark.parametrize(
    ("method", "path", "resource", "ticket"),
    [
        ("PATCH", "/api/sn_chg_rest/change/77/risk", "change_request", "77"),
        ("PATCH", "/api/sn_customerservice/case/77", CASE, "77"),
        ("POST", "/api/sn_customerservice/case", CASE, None),
        ("PUT", "/api/now/cmdb/instance/cmdb_ci_server/77", "cmdb_ci_server", "77"),
    ],
)
def test_the_record_that_a_path_names_is_known_with_its_table(method, path, resource, ticket):
    route = SNOW.route(method, path)

    assert (route.resource, route.ticket) == (resource, ticket)


@pytest.mark.parametrize(
    ("path", "status", "body", "ticket"),
    [
        ("sn_sc/servicecatalog/cart/submit_order", 200, {"result": {"request_id": "7", "request_number": "REQ1"}}, "7"),
        ("sn_sc/servicecatalog/cart/checkout", 200, {"result": {"request_id": "7", "request_number": "REQ1"}}, "7"),
        ("sn_customerservice/case", 201, {"result": {"sys_id": "7", "number": "CS1"}}, "7"),
        ("sn_ind_tsm_sdwan/ticket/troubleTicket", 201, {"id": "7", "status": "New"}, "7"),
    ],
)
def test_the_answer_of_each_create_names_its_ticket(path, status, body, ticket):
    answer = Answer(status, (("Content-Type", "application/json"),), json.dumps(body).encode())

    verdict = SNOW.judge(SNOW.route("POST", f"/api/{path}"), answer, carried=None, clock=0.0)

    assert verdict.ticket.id == ticket


def test_a_cart_that_is_only_shown_is_no_order():
    answer = Answer(200, (("Content-Type", "application/json"),), b'{"result": {"cart_id": "1", "items": []}}')
    path = "/api/sn_sc/servicecatalog/cart"

    shown = SNOW.judge(SNOW.route("POST", f"{path}/checkout"), answer, carried=None, clock=0.0)
    ordered = SNOW.judge(SNOW.route("POST", f"{path}/submit_order"), answer, carried=None, clock=0.0)

    assert shown == Done()
    assert ordered == Deceptive("an order that names no record")


def test_a_case_that_the_answer_does_not_name_is_made_all_the_same():
    answer = Answer(201, (("Content-Type", "application/json"),), b"{}")

    verdict = SNOW.judge(SNOW.route("POST", "/api/sn_customerservice/case"), answer, carried=None, clock=0.0)

    assert verdict == Done()


def test_a_trouble_ticket_is_named_by_its_id():
    answer = Answer(201, (("Content-Type", "application/json"),), b'{"id": "7", "number": "TT1"}')

    verdict = SNOW.judge(
        SNOW.route("POST", "/api/sn_ind_tsm_sdwan/ticket/troubleTicket"), answer, carried=None, clock=0.0
    )

    assert verdict == Done(Ticket("7", "TT1"))


@pytest.mark.parametrize(
    ("path", "body", "full"),
    [
        ("sn_customerservice/case/77", {"state": "3"}, True),
        ("sn_customerservice/case/77", {"comments": "x"}, False),
        ("sn_chg_rest/change/77/approvals", {"state": "approved"}, False),
        ("sn_ind_tsm_sdwan/ticket/troubleTicket/77", {"status": "x"}, False),
    ],
)
def test_only_flat_updates_without_journal_entries_may_be_done_twice(path, body, full):
    assert SNOW.is_full_value(SNOW.route("PATCH", f"/api/{path}"), body) is full


def test_journals_are_looked_for_where_the_table_api_shows_them():
    found = [
        SNOW.finds_update(SNOW.route("PATCH", f"/api/{path}")) for path in ("now/table/x/7", "sn_chg_rest/change/7")
    ]
    denied = SNOW.finds_update(SNOW.route("PATCH", "/api/sn_chg_rest/change/7/approvals"))

    assert (found, denied) == ([True, True], False)
