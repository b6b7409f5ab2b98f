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
    ],
)
def test_what_was_stored_otherwise_is_named(sent, stored):
    assert changed({"same": "x", "field": sent}, {"same": "x", "field": stored}) == ("field",)


def test_a_field_that_is_not_shown_was_ignored():
    assert changed({"summary": "x", "customfield_1": "y"}, {"summary": "x"}) == ("customfield_1",)


@pytest.mark.parametrize("body", [b'{"id":"1","key":"ABC-1"}', b"", b"[]"])
def test_an_answer_without_fields_tells_nothing(body):
    assert JIRA.changed_fields(READ, TARGET, {"summary": "x"}, Answer(201, (), body)) is None
