"""What a carried value is good for in Jira, and how it is taken out and recognised again."""

import json

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Carried, Carrier, Guard

JIRA = Jira()
LABEL = "itsmgw-0123456789abcdef0123456789abcdef"
CREATE = JIRA.route("POST", "/rest/api/2/issue")
BULK = JIRA.route("POST", "/rest/api/2/issue/bulk")
REQUEST = JIRA.route("POST", "/rest/servicedeskapi/request")
PROPERTY = {"key": "itsm-gateway", "value": {"correlation": LABEL}}
A_REQUEST = {"serviceDeskId": "1", "requestTypeId": "11", "requestFieldValues": {"summary": "x"}}


@pytest.mark.parametrize("own", [[], [{"key": "mine", "value": 1}]])
def test_a_property_stands_beside_the_clients_own(own):
    body = {"fields": {"summary": "x"}, **({"properties": own} if own else {})}

    carried = JIRA.carry(CREATE, body, Carrier(LABEL, "property"))

    assert carried == Carried({"fields": {"summary": "x"}, "properties": [*own, PROPERTY]}, "property")


@pytest.mark.parametrize("own", ["text", [{"key": "itsm-gateway", "value": "taken"}]])
def test_a_property_that_has_no_place_is_not_carried(own):
    assert JIRA.carry(CREATE, {"fields": {}, "properties": own}, Carrier(LABEL, "property")) is None


def test_a_property_confirms_what_was_found_and_everything_else_can_be_searched_for():
    assert JIRA.guard(CREATE, "property") is Guard.CONFIRM
    assert JIRA.guard(CREATE, "labels+") is Guard.SEARCH
    assert JIRA.guard(REQUEST, "customfield_1") is Guard.SEARCH


@pytest.mark.parametrize(("place", "held"), [("labels", [LABEL]), ("customfield_10050", LABEL)])
def test_a_request_carries_the_value_only_where_the_policy_says_so(place, held):
    unnamed = JIRA.carry(REQUEST, A_REQUEST, Carrier(LABEL))
    carried = JIRA.carry(REQUEST, A_REQUEST, Carrier(LABEL, place))

    assert unnamed is None
    assert carried == Carried({**A_REQUEST, "requestFieldValues": {"summary": "x", place: held}}, place)


@pytest.mark.parametrize("route", [BULK, REQUEST])
def test_a_bulk_carries_nothing_and_a_request_no_property(route):
    assert JIRA.carry(route, {"issueUpdates": [], "requestFieldValues": {}}, Carrier(LABEL, "property")) is None


@pytest.mark.parametrize(
    ("route", "body", "place"),
    [
        (CREATE, {"fields": {"summary": "x"}}, "default"),
        (CREATE, {"fields": {"labels": ["disk"]}, "update": {}}, "labels"),
        (CREATE, {"fields": {"labels": []}}, "default"),
        (CREATE, {"fields": {}}, "customfield_10050"),
        (CREATE, {"fields": {}}, "property"),
        (CREATE, {"fields": {}, "properties": [{"key": "mine", "value": 1}]}, "property"),
        (REQUEST, A_REQUEST, "labels"),
        (REQUEST, A_REQUEST, "customfield_10050"),
    ],
)
def test_without_its_value_a_body_is_what_it_was(route, body, place):
    carried = JIRA.carry(route, body, Carrier(LABEL, place))

    plain = JIRA.without_carrier(route, carried.body, Carrier(LABEL, place), carried.place)

    assert plain == body


@pytest.mark.parametrize("body", [{}, {"fields": []}, [], None])
def test_a_body_without_fields_stays(body):
    assert JIRA.without_carrier(CREATE, body, Carrier(LABEL), "labels") == body


@pytest.mark.parametrize(
    ("shown", "carried"),
    [
        ([{"fieldId": "labels", "value": ["disk", LABEL]}], True),
        ([{"fieldId": "labels", "value": ["disk"]}], False),
        ([{"fieldId": "summary", "value": "x"}], None),
        ("text", None),
    ],
)
def test_a_requests_answer_shows_whether_the_value_was_kept(shown, carried):
    answer = Answer(201, (), json.dumps({"requestFieldValues": shown}).encode())

    assert JIRA.is_carried(REQUEST, answer, Carrier(LABEL), "labels") is carried


def test_an_issues_answer_shows_nothing_of_it():
    answer = Answer(201, (), b'{"id":"1","key":"ABC-1"}')

    assert JIRA.is_carried(CREATE, answer, Carrier(LABEL), "labels") is None
