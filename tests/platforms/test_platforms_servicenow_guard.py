"""What a carried value is good for in ServiceNow, and how it is taken out and recognised again."""

import json

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.platform import Carried, Carrier, Guard
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
VALUE = "itsmgw-0123456789abcdef0123456789abcdef"
TABLE = SNOW.route("POST", "/api/now/table/incident")
CHANGE = SNOW.route("POST", "/api/sn_chg_rest/change/normal")
TASK = SNOW.route("POST", "/api/sn_chg_rest/change/1/task")
IMPORT = SNOW.route("POST", "/api/now/import/u_stage")
ORDER = SNOW.route("POST", "/api/sn_sc/servicecatalog/items/1/order_now")
PRODUCER = SNOW.route("POST", "/api/sn_sc/servicecatalog/items/1/submit_producer")
MANY = SNOW.route("POST", "/api/now/import/u_stage/insertMultiple")


@pytest.mark.parametrize("route", [TABLE, CHANGE, TASK])
def test_whatever_is_a_task_takes_the_value_as_its_correlation_id(route):
    carried = SNOW.carry(route, {"short_description": "x"}, Carrier(VALUE))

    assert carried is not None
    assert (carried.place, carried.body["correlation_id"]) == ("correlation_id", VALUE)
    assert SNOW.guard(route, carried.place) is Guard.SEARCH


def test_an_import_carries_a_value_only_in_the_field_on_which_it_coalesces():
    unnamed = SNOW.carry(IMPORT, {"u_x": "1"}, Carrier(VALUE))
    carried = SNOW.carry(IMPORT, {"u_x": "1"}, Carrier(VALUE, "u_correlation_id"))

    assert unnamed is None
    assert carried == Carried({"u_x": "1", "u_correlation_id": VALUE}, "u_correlation_id")
    assert SNOW.guard(IMPORT, "u_correlation_id") is Guard.COALESCE


@pytest.mark.parametrize("route", [ORDER, PRODUCER, MANY])
@pytest.mark.parametrize("place", ["default", "u_correlation_id"])
def test_orders_and_queued_rows_carry_nothing(route, place):
    assert SNOW.carry(route, {"variables": {}}, Carrier(VALUE, place)) is None


@pytest.mark.parametrize(
    ("route", "body", "place"),
    [
        (TABLE, {"urgency": "1"}, "default"),
        (TABLE, {"correlation_display": "monitoring"}, "default"),
        (TABLE, {"correlation_id": "alert-7"}, "default"),
        (TABLE, {"urgency": "1"}, "u_key"),
        (CHANGE, {}, "default"),
        (IMPORT, {"u_x": "1"}, "u_key"),
    ],
)
def test_without_its_value_a_body_is_what_it_was(route, body, place):
    carried = SNOW.carry(route, body, Carrier(VALUE, place))

    plain = SNOW.without_carrier(route, carried.body, Carrier(VALUE, place), carried.place)

    assert plain == body


@pytest.mark.parametrize("body", [{"correlation_id": "another's"}, {}, [], None])
def test_a_body_that_does_not_hold_the_value_stays(body):
    assert SNOW.without_carrier(TABLE, body, Carrier(VALUE), "correlation_id") == body


@pytest.mark.parametrize(
    ("place", "shown", "carried"),
    [
        ("correlation_id", {"correlation_id": VALUE}, True),
        ("correlation_id", {"correlation_id": {"value": VALUE, "display_value": VALUE}}, True),
        ("correlation_display", {"correlation_display": f"itsm-gateway {VALUE}"}, True),
        ("correlation_id", {"correlation_id": ""}, False),
        ("correlation_id", {"correlation_id": "rule-7"}, False),
        ("correlation_id", {"sys_id": "abc"}, None),
    ],
)
@pytest.mark.parametrize("route", [TABLE, CHANGE])
def test_the_answer_shows_whether_the_value_was_kept(route, place, shown, carried):
    answer = Answer(201, (), json.dumps({"result": shown}).encode())

    assert SNOW.is_carried(route, answer, Carrier(VALUE), place) is carried


@pytest.mark.parametrize(
    ("route", "body"), [(TABLE, b""), (TABLE, b'{"result":[]}'), (IMPORT, b'{"result":[{"u_key":"x"}]}')]
)
def test_an_answer_that_does_not_show_the_field_tells_nothing(route, body):
    assert SNOW.is_carried(route, Answer(201, (), body), Carrier(VALUE), "u_key") is None
