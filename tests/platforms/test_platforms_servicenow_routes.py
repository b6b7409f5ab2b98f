"""What a method and path mean to ServiceNow."""

import pytest

from gateway.domain.call import Operation, Route
from gateway.platforms.servicenow import ServiceNow
from gateway.platforms.servicenow.routes import JSON_ROUTES, ROUTE_NAMES

SYS_ID = "46d44a5dc0a8010e0040c6d4f7f7d1a1"
TABLE = "/api/now/table/incident"
RECORD = f"{TABLE}/{SYS_ID}"


@pytest.mark.parametrize(
    ("method", "path", "name", "operation", "ticket"),
    [
        ("POST", TABLE, "table.create", Operation.CREATE_TICKET, None),
        ("GET", TABLE, "table.list", Operation.READ, None),
        ("HEAD", TABLE, "table.list", Operation.READ, None),
        ("GET", RECORD, "table.read", Operation.READ, SYS_ID),
        ("PUT", RECORD, "table.update", Operation.UPDATE_TICKET, SYS_ID),
        ("PATCH", RECORD, "table.update", Operation.UPDATE_TICKET, SYS_ID),
        ("DELETE", RECORD, "table.delete", Operation.OTHER, SYS_ID),
    ],
)
def test_a_table_call_is_named_with_its_table_and_record(method, path, name, operation, ticket):
    route = ServiceNow().route(method, path)

    assert route == Route(name, operation, path, "incident", ticket)


@pytest.mark.parametrize("table", ["problem", "change_request", "u_own_table", "sys_user"])
def test_an_insert_into_any_table_is_a_create(table):
    route = ServiceNow().route("POST", f"/api/now/table/{table}")

    assert (route.operation, route.resource) == (Operation.CREATE_TICKET, table)


@pytest.mark.parametrize("version", ["/v1", "/v2"])
@pytest.mark.parametrize(("method", "rest"), [("POST", "table/incident"), ("GET", f"table/incident/{SYS_ID}")])
def test_a_version_in_the_path_makes_no_other_route(version, method, rest):
    versioned = ServiceNow().route(method, f"/api/now{version}/{rest}")

    assert versioned == ServiceNow().route(method, f"/api/now/{rest}")


@pytest.mark.parametrize(
    ("method", "path", "name", "canonical"),
    [
        ("POST", f"{TABLE}/", "unknown.write", f"{TABLE}/"),
        ("POST", RECORD, "unknown.write", RECORD),
        ("PUT", TABLE, "unknown.write", TABLE),
        ("DELETE", TABLE, "unknown.write", TABLE),
        ("OPTIONS", TABLE, "unknown.read", TABLE),
        ("PROPFIND", TABLE, "unknown.write", TABLE),
        ("POST", "/api/now/table/", "unknown.write", "/api/now/table/"),
        ("POST", "/api/now/table", "unknown.write", "/api/now/table"),
        ("POST", f"{RECORD}/more", "unknown.write", f"{RECORD}/more"),
        ("POST", "/API/now/table/incident", "unknown.write", "/API/now/table/incident"),
        ("POST", "/api/now//table/incident", "unknown.write", "/api/now//table/incident"),
        ("POST", "/api/now/v1/batch", "batch.execute", "/api/now/batch"),
        ("GET", "/api/now/stats/incident", "stats.read", "/api/now/stats/incident"),
        ("GET", "/api/now/attachment/1/file", "attachment.read", "/api/now/attachment/1/file"),
        ("POST", "/api/now/attachment/file", "attachment.create", "/api/now/attachment/file"),
        ("GET", "/incident.do", "unknown.read", "/incident.do"),
        ("POST", "/oauth_token.do", "unknown.write", "/oauth_token.do"),
        ("GET", "", "unknown.read", ""),
    ],
)
def test_everything_else_is_no_ticket_call_and_is_taken_literally(method, path, name, canonical):
    route = ServiceNow().route(method, path)

    operation = Operation.READ if name.endswith(".read") else Operation.OTHER
    assert route == Route(name, operation, canonical)


@pytest.mark.parametrize(
    ("method", "path", "name", "operation", "resource"),
    [
        ("POST", "/api/now/import/u_stage", "import.create", Operation.CREATE_TICKET, "u_stage"),
        ("POST", "/api/now/v1/import/u_stage/insertMultiple", "import.create_many", Operation.OTHER, "u_stage"),
        ("POST", "/api/sn_chg_rest/v1/change", "change.create", Operation.CREATE_TICKET, "change_request"),
        ("POST", "/api/sn_chg_rest/change/normal", "change.create", Operation.CREATE_TICKET, "change_request"),
        ("PATCH", "/api/sn_chg_rest/change/normal/1", "change.update", Operation.UPDATE_TICKET, "change_request"),
        ("POST", "/api/sn_chg_rest/change/1/task", "change_task.create", Operation.CREATE_TICKET, "change_task"),
        ("POST", "/api/sn_sc/servicecatalog/items/1/order_now", "catalog.order", Operation.CREATE_TICKET, "sc_request"),
        (
            "POST",
            "/api/sn_sc/v1/servicecatalog/items/1/submit_producer",
            "producer.submit",
            Operation.CREATE_TICKET,
            "",
        ),
        ("POST", "/api/now/identifyreconcile", "ire.write", Operation.OTHER, ""),
        ("POST", "/api/now/identifyreconcile/query", "ire.read", Operation.READ, ""),
        ("POST", "/api/global/em/jsonv2", "event.create", Operation.OTHER, ""),
    ],
)
def test_what_makes_tickets_beside_the_table_api_is_known(method, path, name, operation, resource):
    route = ServiceNow().route(method, path)

    assert (route.name, route.operation, route.resource) == (name, operation, resource)


def test_the_names_of_routes_are_a_closed_set():
    paths = [TABLE, RECORD, "/api/now/batch", "/api/now/stats/x", "/elsewhere", "/api/now/\N{SNOWMAN}"]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "MKCOL"]

    names = {ServiceNow().route(method, path).name for method in methods for path in paths}

    assert names <= ROUTE_NAMES
    assert JSON_ROUTES < ROUTE_NAMES
