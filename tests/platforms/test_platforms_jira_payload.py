"""Getting a Jira ticket's fields out of a body, and putting them back."""

import pytest

from gateway.domain.verdict import Ticket
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Target

JIRA = Jira()
CREATE = JIRA.route("POST", "/rest/api/2/issue")
EDIT = JIRA.route("PUT", "/rest/api/2/issue/ABC-1")
COMMENT = JIRA.route("POST", "/rest/api/2/issue/ABC-1/comment")
REQUEST = JIRA.route("POST", "/rest/servicedeskapi/request")


@pytest.mark.parametrize(
    ("route", "body", "fields"),
    [
        (CREATE, {"fields": {"summary": "Disk full"}, "update": {}}, {"summary": "Disk full"}),
        (EDIT, {"fields": {"summary": "Disk full"}}, {"summary": "Disk full"}),
        (EDIT, {"update": {"labels": [{"add": "x"}]}}, {}),
        (REQUEST, {"requestFieldValues": {"summary": "Disk full"}}, {"summary": "Disk full"}),
        (COMMENT, {"body": "seen"}, {"body": "seen"}),
        (CREATE, {"update": {}}, None),
        (CREATE, {"fields": []}, None),
        (CREATE, {"fields": None}, None),
        (CREATE, [{"fields": {}}], None),
        (CREATE, None, None),
        (EDIT, {"fields": "text"}, None),
        (COMMENT, ["seen"], None),
    ],
)
def test_the_fields_lie_in_the_envelope(route, body, fields):
    assert JIRA.fields_of(route, body) == fields


def test_other_fields_keep_the_rest_of_the_envelope():
    body = {"fields": {"summary": "old"}, "update": {"comment": []}, "properties": []}

    changed = JIRA.with_fields(CREATE, body, {"summary": "new"})

    assert changed == {"fields": {"summary": "new"}, "update": {"comment": []}, "properties": []}
    assert body["fields"] == {"summary": "old"}


def test_an_empty_body_makes_a_fresh_envelope():
    assert JIRA.with_fields(CREATE, {}, {"summary": "new"}) == {"fields": {"summary": "new"}}
    assert JIRA.with_fields(COMMENT, {}, {"body": "new"}) == {"body": "new"}


@pytest.mark.parametrize(
    ("body", "full"),
    [
        ({"fields": {"summary": "new"}}, True),
        ({"fields": {"summary": "new"}, "update": {}}, True),
        ({"update": {"labels": [{"set": ["a"]}]}}, True),
        ({"fields": {}, "properties": [{"key": "k", "value": 1}]}, True),
        ({"update": {"labels": [{"add": "a"}]}}, True),
        ({"update": {"labels": [{"set": ["a"]}, {"remove": "b"}]}}, True),
        ({"update": {"labels": [{"set": ["a"], "add": "b"}]}}, False),
        ({"update": {"comment": [{"set": {"body": "again"}}]}}, False),
        ({"update": {"labels": {"set": []}}}, False),
        ({"update": {"labels": ["set"]}}, False),
        ({"update": []}, False),
        ({"fields": []}, False),
        ({"fields": {"comment": {}}}, False),
        ({"fields": {"worklog": {}}}, False),
        ({"fields": {}, "transition": {"id": "5"}}, False),
        ({"fields": {}, "somethingNew": 1}, False),
        ([], False),
        (None, False),
    ],
)
def test_an_edit_may_be_repeated_only_where_it_sets(body, full):
    assert JIRA.is_full_value(EDIT, body) is full


def test_a_create_is_never_a_full_value_update():
    assert JIRA.is_full_value(CREATE, {"fields": {}}) is False


def test_jira_knows_no_display_values():
    assert JIRA.shows_display_values(CREATE, "sysparm_input_display_value=true") is False


def test_a_template_makes_an_issue_in_the_version_that_all_share():
    assert JIRA.create_target(Target()) == "/rest/api/2/issue"


@pytest.mark.parametrize(
    ("fields", "stored", "priority"),
    [
        ({"priority": {"name": "High"}}, "", "High"),
        ({"priority": {"name": "High"}}, "Low", "Low"),
        ({"priority": {"id": "2"}}, "", ""),
        ({"priority": "High"}, "", ""),
        ({}, "", ""),
    ],
)
def test_priority_is_what_was_stored_else_what_was_sent(fields, stored, priority):
    assert JIRA.priority(fields, Ticket(priority=stored)) == priority
