"""Where a Jira create carries its correlation value."""

import copy

import pytest

from gateway.platforms.jira import Jira
from gateway.platforms.platform import Carried, Carrier

JIRA = Jira()
CREATE = JIRA.route("POST", "/rest/api/2/issue")
EDIT = JIRA.route("PUT", "/rest/api/2/issue/ABC-1")
HEX = "0123456789abcdef0123456789abcdef"
LABEL = f"itsmgw-{HEX}"


@pytest.mark.parametrize("value", [HEX, LABEL])
def test_the_label_bears_the_gateways_prefix_once(value):
    carried = JIRA.carry(CREATE, {"fields": {"summary": "x"}}, Carrier(value))

    assert carried == Carried({"fields": {"summary": "x", "labels": [LABEL]}}, "labels")


@pytest.mark.parametrize(
    ("own", "labels"),
    [(["disk"], ["disk", LABEL]), ([], [LABEL]), (None, [LABEL])],
)
def test_labels_of_the_clients_own_stay_and_the_place_tells_that_they_are_there(own, labels):
    carried = JIRA.carry(CREATE, {"fields": {"labels": own}, "update": {"comment": []}}, Carrier(LABEL))

    assert carried == Carried({"fields": {"labels": labels}, "update": {"comment": []}}, "labels+")


def test_a_policy_may_name_a_text_field():
    body = {"fields": {"labels": "odd"}}

    carried = JIRA.carry(CREATE, body, Carrier(LABEL, "customfield_10050"))

    assert carried == Carried({"fields": {"labels": "odd", "customfield_10050": LABEL}}, "customfield_10050")


@pytest.mark.parametrize(
    ("route", "body", "place"),
    [
        (CREATE, {"fields": {}}, "none"),
        (CREATE, {"fields": {"labels": "disk"}}, "default"),
        (CREATE, {"fields": {}, "update": {"labels": [{"add": "disk"}]}}, "labels"),
        (CREATE, {"fields": {"customfield_1": "taken"}}, "customfield_1"),
        (CREATE, {"fields": {}, "update": {"customfield_1": []}}, "customfield_1"),
        (CREATE, {"fields": {}}, "summary"),
        (CREATE, {"fields": []}, "default"),
        (CREATE, {}, "default"),
        (CREATE, [], "default"),
        (EDIT, {"fields": {}}, "default"),
    ],
)
def test_without_a_place_nothing_is_carried(route, body, place):
    assert JIRA.carry(route, body, Carrier(LABEL, place)) is None


@pytest.mark.parametrize("place", ["default", "customfield_10050"])
def test_carrying_leaves_the_given_body_alone(place):
    body = {"fields": {"summary": "x", "labels": ["disk"]}}
    before = copy.deepcopy(body)

    JIRA.carry(CREATE, body, Carrier(LABEL, place))

    assert body == before


@pytest.mark.parametrize(
    ("fields", "scope"),
    [
        ({"project": {"key": "ABC"}, "issuetype": {"name": "Bug"}}, "ABC/Bug"),
        ({"project": {"id": "10000"}, "issuetype": {"id": 3}}, "10000/3"),
        ({"project": "ABC"}, "/"),
    ],
)
def test_a_refused_value_speaks_for_project_and_issue_type(fields, scope):
    assert JIRA.carrier_scope(CREATE, fields) == scope
