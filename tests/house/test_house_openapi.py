"""The API's description is a true one: it is what the code says, and what OpenAPI says that it may be."""

import json

from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.web import docs, probes
from gateway.web.api.resources import RESOURCES
from gateway.web.describe import description
from gateway.web.docs import DESCRIPTION

SHIPPED = json.loads(DESCRIPTION.read_text())
HINT = "write what `itsm-gateway schema openapi` prints to gateway/web/openapi.json"


def test_the_shipped_description_is_what_the_code_says():
    assert description() == SHIPPED, HINT


def test_the_description_is_openapi():
    faults = [error.message for error in OpenAPIV31SpecValidator(SHIPPED).iter_errors()]

    assert faults == []


def test_every_address_of_the_api_is_described():
    app = web.Application()
    for resource in (*RESOURCES, probes, docs):
        app.add_routes(resource.routes())

    served = {(route.method, route.resource.canonical) for route in app.router.routes() if route.method != "HEAD"}

    described = {(method.upper(), path) for path, methods in SHIPPED["paths"].items() for method in methods}
    assert served - described == {("GET", "/docs/style.css")}


def test_every_described_address_says_what_it_is_for():
    silent = [path for path, methods in SHIPPED["paths"].items() for told in methods.values() if not told["summary"]]

    assert silent == []


def test_the_tickets_door_names_the_headers_that_it_takes_and_gives():
    told = SHIPPED["paths"]["/api/v1/tickets/from-template"]["post"]

    taken = {each["name"] for each in told["parameters"] if each["in"] == "header"}
    assert taken == {"Idempotency-Key", "ITSM-Call-Id", "Prefer", "ITSM-Upstream-Authorization"}
    assert {"ITSM-Call-Id", "ITSM-Outcome", "ITSM-Retry-Attempts"} <= told["responses"]["201"]["headers"].keys()
    assert {"ITSM-Error", "Retry-After"} <= told["responses"]["422"]["headers"].keys()
