"""Where a ServiceNow create carries its correlation value."""

import copy

import pytest

from gateway.platforms.platform import Carried, Carrier
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
CREATE = SNOW.route("POST", "/api/now/table/incident")
UPDATE = SNOW.route("PATCH", "/api/now/table/incident/1")
VALUE = "itsmgw-0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("given", [{}, {"correlation_id": ""}, {"correlation_id": None}])
def test_an_empty_correlation_id_takes_the_value_and_signs_it(given):
    carried = SNOW.carry(CREATE, {"urgency": "1", **given}, Carrier(VALUE))

    body = {"urgency": "1", "correlation_id": VALUE, "correlation_display": "itsm-gateway"}
    assert carried == Carried(body, "correlation_id")


def test_a_clients_own_display_stays_beside_our_id():
    carried = SNOW.carry(CREATE, {"correlation_display": "monitoring"}, Carrier(VALUE))

    assert carried == Carried({"correlation_display": "monitoring", "correlation_id": VALUE}, "correlation_id")


@pytest.mark.parametrize("own", ["alert-7", 7, ["alert-7"], {"value": "alert-7"}])
def test_a_clients_own_id_stays_and_the_value_goes_to_the_display(own):
    carried = SNOW.carry(CREATE, {"correlation_id": own}, Carrier(VALUE))

    body = {"correlation_id": own, "correlation_display": f"itsm-gateway {VALUE}"}
    assert carried == Carried(body, "correlation_display")


def test_where_both_are_taken_nothing_is_carried():
    body = {"correlation_id": "alert-7", "correlation_display": "monitoring"}

    assert SNOW.carry(CREATE, body, Carrier(VALUE)) is None


def test_a_policy_may_name_a_field_of_its_own():
    carried = SNOW.carry(CREATE, {"correlation_id": "alert-7"}, Carrier(VALUE, "u_gateway_key"))

    assert carried == Carried({"correlation_id": "alert-7", "u_gateway_key": VALUE}, "u_gateway_key")


@pytest.mark.parametrize(
    ("route", "body", "place"),
    [
        (CREATE, {}, "none"),
        (CREATE, {"u_gateway_key": "taken"}, "u_gateway_key"),
        (CREATE, {}, "u_key^ORDERBY"),
        (CREATE, [], "default"),
        (CREATE, None, "default"),
        (UPDATE, {}, "default"),
    ],
)
def test_without_a_place_nothing_is_carried(route, body, place):
    assert SNOW.carry(route, body, Carrier(VALUE, place)) is None


@pytest.mark.parametrize("place", ["default", "u_gateway_key"])
def test_carrying_leaves_the_given_body_alone(place):
    body = {"short_description": "Disk full", "correlation_id": ""}
    before = copy.deepcopy(body)

    SNOW.carry(CREATE, body, Carrier(VALUE, place))

    assert body == before


def test_a_refused_value_speaks_for_the_table():
    assert SNOW.carrier_scope(CREATE, {}) == "incident"
