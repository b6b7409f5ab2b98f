"""What Jira stored, compared with what was sent."""

import json

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.jira import Jira

JIRA = Jira()
TARGET = "/rest/api/3/issue/ABC-1"
READ = JIRA.route("GET", TARGET)


def document(*lines):
    paragraphs = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]
    return {"type": "doc", "version": 1, "content": paragraphs}


def changed(sent, stored):
    answer = Answer(200, (), json.dumps({"fields": stored}).encode())
    return JIRA.changed_fields(READ, TARGET, sent, answer)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Disk full", "Disk full"),
        ("two\r\nlines", "two\nlines\n"),
        ({"name": "high"}, {"id": "2", "name": "High"}),
        ({"id": 2}, {"id": "2", "name": "High"}),
        ({"key": "ABC"}, {"id": "1", "key": "ABC"}),
        ({"id": "5b10"}, {"accountId": "5b10"}),
        ({"name": "bob"}, {"accountId": "5b10"}),
        (["b", "a"], ["a", "b"]),
        ([{"name": "db"}], [{"id": "7", "name": "db"}]),
        (document("one", "two"), {**document("one", "two"), "attrs": {"localId": "x"}}),
        (None, None),
        ([], []),
        (3, 3),
        (3, 3.0),
        (12, [{"id": 12, "name": "Sprint 12"}]),
        (["a", "a"], ["a"]),
        ("*bold* words", document("bold words")),
        ("2026-11-25T10:00:00.000+0000", "2026-11-25T11:00:00.000+0100"),
        ({"value": "Gold"}, {"id": "10020", "value": "Gold"}),
        ({"id": "10020"}, {"id": "10020", "value": "Gold"}),
        ({"accountId": "5b10"}, {"accountId": "5b10", "displayName": "Bob"}),
        ("bob", {"name": "bob", "key": "bob"}),
        ({"originalEstimate": "2h"}, {"originalEstimate": "2h", "originalEstimateSeconds": 7200}),
    ],
)
def test_the_same_in_another_form_is_no_change(sent, stored):
    assert changed({"field": sent}, {"field": stored}) == ()


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Disk full", "Disk"),
        ({"name": "High"}, {"id": "3", "name": "Medium"}),
        ({"name": "High"}, None),
        ({"id": "5b10"}, {"accountId": "6c20"}),
        (["a"], ["a", "b"]),
        (["a", "b"], []),
        (document("one"), document("two")),
        (3, 4),
        (None, "default"),
        (12, None),
        ("some words", document()),
        ({"value": "Gold"}, {"id": "10021", "value": "Silver"}),
        ("2026-11-25", "2026-11-26"),
    ],
)
def test_what_was_stored_otherwise_is_named(sent, stored):
    assert changed({"same": "x", "field": sent}, {"same": "x", "field": stored}) == ("field",)


def test_a_field_that_is_not_shown_was_ignored():
    assert changed({"summary": "x", "customfield_1": "y"}, {"summary": "x"}) == ("customfield_1",)


@pytest.mark.parametrize("body", [b'{"id":"1","key":"ABC-1"}', b"", b"[]"])
def test_an_answer_without_fields_tells_nothing(body):
    assert JIRA.changed_fields(READ, TARGET, {"summary": "x"}, Answer(201, (), body)) is None


def test_our_own_label_beside_the_client_s_is_no_change():
    assert changed({"labels": ["mine"]}, {"labels": ["itsmgw-0123", "mine"]}) == ()
    assert changed({"labels": ["mine"]}, {"labels": ["itsmgw-0123", "other"]}) == ("labels",)


def test_the_answer_to_a_request_tells_of_the_fields_that_its_type_shows():
    route = JIRA.route("POST", "/rest/servicedeskapi/request")
    values = [{"fieldId": "summary", "value": "Lapt"}, {"fieldId": "priority", "value": {"id": "2"}}]
    answer = Answer(201, (), json.dumps({"issueId": "1", "requestFieldValues": values}).encode())

    sent = {"summary": "Laptop", "priority": {"id": "2"}, "customfield_1": "hidden"}

    assert JIRA.changed_fields(route, "", sent, answer) == ("summary",)
