"""What ServiceNow stored, compared with what was sent."""

import json

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
TARGET = "/api/now/table/incident"
SYS_ID = "46d44a5dc0a8010e0040c6d4f7f7d1a1"
LINK = f"https://acme.service-now.com/api/now/table/sys_user/{SYS_ID}"


def changed(sent, stored, query="", method="POST", path=TARGET):
    answer = Answer(201, (), json.dumps({"result": stored}).encode())
    target = f"{path}?{query}" if query else path
    return SNOW.changed_fields(SNOW.route(method, path), target, sent, answer)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Disk full", "Disk full"),
        (" two\r\nlines ", "two\nlines"),
        (2, "2"),
        (True, "true"),
        (None, ""),
        ("2", {"value": 2, "display_value": "2 - Medium"}),
        (SYS_ID, {"link": LINK, "value": SYS_ID}),
        (SYS_ID, {"link": LINK, "display_value": "Abel Tuter"}),
        ({"value": SYS_ID}, {"link": LINK, "value": SYS_ID}),
        ("2 - Medium", "2"),
        (["unfit to compare"], "x"),
    ],
)
def test_the_same_in_another_form_is_no_change(sent, stored):
    assert changed({"field": sent}, {"field": stored}) == ()


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("1", "5"),
        ("x" * 200, "x" * 160),
        ("", "inquiry"),
        ("network", ""),
        (False, "true"),
        (SYS_ID, {"link": LINK.replace("46d4", "ffff"), "value": SYS_ID.replace("46d4", "ffff")}),
        ("1", {"value": "3", "display_value": "3 - Low"}),
    ],
)
def test_what_was_recomputed_cut_defaulted_or_dropped_is_named(sent, stored):
    assert changed({"same": "x", "field": sent}, {"same": "x", "field": stored}) == ("field",)


def test_a_field_that_the_whole_record_lacks_was_ignored_and_one_that_a_part_lacks_is_unknown():
    sent, stored = {"no_such_field": "x"}, {"sys_id": "abc"}

    assert changed(sent, stored) == ("no_such_field",)
    assert changed(sent, stored, "sysparm_fields=sys_id") == ()
    assert changed(sent, stored, "sysparm_view=ess") == ()


@pytest.mark.parametrize("journal", ["work_notes", "comments", "comments_and_work_notes"])
def test_a_journal_never_shows_what_was_sent(journal):
    assert changed({journal: "a note"}, {"sys_id": "abc", journal: ""}) == ()


@pytest.mark.parametrize(
    ("sent", "stored", "named"),
    [
        ("6", "Resolved", ()),
        (SYS_ID, "Abel Tuter", ()),
        ("2026-03-01 12:00:00", "01-03-2026 13:00:00", ()),
        ("Disk full", "Disk empty", ("field",)),
        ("1", "", ("field",)),
        ("network", "network", ()),
    ],
)
def test_a_value_and_its_word_cannot_be_compared(sent, stored, named):
    assert changed({"field": sent}, {"field": stored}, "sysparm_display_value=true") == named


@pytest.mark.parametrize(
    ("stored", "query", "named"),
    [
        (SYS_ID, "sysparm_input_display_value=true", ()),
        ({"value": SYS_ID, "display_value": "Beth Anglin"}, "sysparm_input_display_value=true", ("field",)),
        ({"value": SYS_ID, "display_value": "Abel Tuter"}, "sysparm_input_display_value=true", ()),
        ("", "sysparm_input_display_value=true", ("field",)),
        ("Abel", "sysparm_input_display_value=true", ("field",)),
        (SYS_ID, "", ("field",)),
    ],
)
def test_what_was_given_in_words_is_compared_with_words(stored, query, named):
    assert changed({"field": "Abel Tuter"}, {"field": stored}, query) == named


def test_updates_and_changes_show_their_record_too():
    change = "/api/sn_chg_rest/change/abc"

    assert changed({"state": "-5"}, {"state": {"display_value": "New", "value": -5}}, method="PATCH", path=change) == ()
    assert changed({"risk": "1"}, {"risk": {"value": 3}}, method="PATCH", path=change) == ("risk",)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (TARGET, b""),
        (TARGET, b'{"result":[]}'),
        ("/api/now/import/u_stage", b'{"result":{"u_x":"1"}}'),
        ("/api/sn_sc/servicecatalog/items/1/order_now", b'{"result":{"sys_id":"abc"}}'),
    ],
)
def test_an_answer_without_the_record_tells_nothing(path, body):
    assert SNOW.changed_fields(SNOW.route("POST", path), path, {"u_x": "2"}, Answer(200, (), body)) is None
