"""ServiceNow's batch taken apart and put together."""

import json
from base64 import b64decode, b64encode

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.bundles import Part, Served
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
ROUTE = SNOW.route("POST", "/api/now/v1/batch")
JSON = ("Content-Type", "application/json")


def entry(**more):
    return {"id": 7, "method": "GET", "url": "/api/now/table/incident"} | more


def test_a_batch_alone_holds_requests():
    assert ROUTE.name in SNOW.bundle_routes
    assert SNOW.route("POST", "/api/now/table/incident").name not in SNOW.bundle_routes


def test_each_request_is_taken_out_as_it_stands():
    headers = [{"name": "Accept", "value": "application/json"}]
    body = b64encode(b'{"a": 1}').decode()

    (part,) = SNOW.parts(ROUTE, "", {"rest_requests": [entry(method="POST", headers=headers, body=body)]})

    assert part == Part("7", "POST", "/api/now/table/incident", (("Accept", "application/json"),), b'{"a": 1}')


@pytest.mark.parametrize("document", [None, [], {}, {"rest_requests": {}}, {"rest_requests": []}])
def test_what_lists_no_request_is_left_to_the_platform(document):
    assert SNOW.parts(ROUTE, "", document) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "get"},
        {"method": "CONNECT"},
        {"body": "x"},
        {"body": "YQ==\n"},
        {"body": 7},
        {"headers": {"Accept": "x"}},
        {"headers": ["x"]},
        {"headers": [{"name": "A B", "value": "x"}]},
        {"headers": [{"name": "A", "value": "x\ny"}]},
        {"headers": [{"name": "A", "value": "\u00fc"}]},
        {"headers": [{"name": "x-method-override", "value": "DELETE"}]},
    ],
)
def test_a_request_that_can_be_read_two_ways_names_its_fault(wrong):
    parts = SNOW.parts(ROUTE, "", {"rest_requests": [entry(**wrong), "nothing", entry()]})

    assert [bool(part.fault) for part in parts] == [True, True, False]


def test_answers_come_back_in_the_order_of_their_requests_and_what_was_not_sent_is_named():
    document = {
        "batch_request_id": 5,
        "rest_requests": [entry(id="a"), entry(id="b", exclude_response_headers=True), {}],
    }
    served = [
        Served(Part("a"), Answer(201, (JSON, ("Set-Cookie", "x=1")), b"{}"), 0.25),
        Served(Part("b"), Answer(599, (JSON,), b"")),
        Served(Part("c")),
    ]

    answer = SNOW.gathered(ROUTE, document, served)

    told = json.loads(answer.body)
    first, second = told["serviced_requests"]
    assert (answer.status, told["batch_request_id"], told["unserviced_requests"]) == (200, "5", ["c"])
    assert first | {"body": b64decode(first["body"])} == {
        "id": "a",
        "body": b"{}",
        "status_code": 201,
        "status_text": "Created",
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "execution_time": 250,
    }
    assert (second["status_code"], second["status_text"], second["headers"]) == (599, "", [])
