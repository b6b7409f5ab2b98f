"""Getting a ServiceNow ticket's fields out of a body, and putting them back."""

import pytest

from gateway.domain.verdict import Ticket
from gateway.platforms.platform import Target
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
CREATE = SNOW.route("POST", "/api/now/table/incident")
UPDATE = SNOW.route("PATCH", "/api/now/table/incident/1")


def test_the_body_is_the_fields():
    body = {"short_description": "Disk full"}

    assert SNOW.fields_of(CREATE, body) == body
    assert SNOW.with_fields(CREATE, body, {"urgency": "1"}) == {"urgency": "1"}


@pytest.mark.parametrize("body", [[{"short_description": "first"}], "text", 1, None])
def test_a_body_that_is_no_object_has_no_fields(body):
    assert SNOW.fields_of(CREATE, body) is None


@pytest.mark.parametrize(
    ("body", "full"),
    [
        ({"state": "2"}, True),
        ({}, True),
        ({"state": "2", "comments": "looked at it"}, False),
        ({"work_notes": "looked at it"}, False),
        ([{"state": "2"}], False),
        (None, False),
    ],
)
def test_an_update_may_be_repeated_unless_it_writes_a_journal(body, full):
    assert SNOW.is_full_value(UPDATE, body) is full


def test_a_create_is_never_a_full_value_update():
    assert SNOW.is_full_value(CREATE, {"state": "1"}) is False


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("sysparm_input_display_value=true", True),
        ("a=b&sysparm_input_display_value=TRUE", True),
        ("sysparm%5Finput_display_value=true", True),
        ("sysparm_input_display_value=false", False),
        ("sysparm_display_value=true", False),
        ("", False),
    ],
)
def test_the_query_says_whether_display_values_are_sent(query, shown):
    assert SNOW.shows_display_values(CREATE, query) is shown


def test_plain_text_stays_plain():
    fields = {"description": "one\n\ntwo"}

    assert SNOW.rich_text(CREATE, fields) == fields


@pytest.mark.parametrize(
    ("target", "path"),
    [(Target(), "/api/now/table/incident"), (Target(table="problem"), "/api/now/table/problem")],
)
def test_a_template_makes_a_record_of_its_table(target, path):
    assert SNOW.create_target(target) == path


@pytest.mark.parametrize(
    ("fields", "stored", "priority"),
    [
        ({"impact": "1", "urgency": "1"}, "", "1"),
        ({"impact": "1", "urgency": "3"}, "", "3"),
        ({"impact": "3", "urgency": "2"}, "", "4"),
        ({"impact": "2 - Medium", "urgency": "1 - High"}, "", "2"),
        ({"impact": 1, "urgency": 2}, "", "2"),
        ({"urgency": "1"}, "", "3"),
        ({"impact": "1", "urgency": "1", "priority": "5"}, "", "1"),
        ({"priority": "4"}, "", "4"),
        ({"impact": "1", "urgency": "1"}, "2", "2"),
        ({"impact": "9", "urgency": "1"}, "", ""),
        ({}, "", ""),
    ],
)
def test_priority_is_what_was_stored_else_what_will_be_derived(fields, stored, priority):
    assert SNOW.priority(fields, Ticket(priority=stored)) == priority
