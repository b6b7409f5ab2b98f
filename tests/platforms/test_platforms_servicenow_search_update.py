"""Whether a lost update with journal entries took place in ServiceNow: the conversation, answer by answer."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.platform import Absent, Found, SearchDenied, SoughtUpdate
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
TARGET = "/api/now/table/incident/abc?sysparm_fields=number"
BEGAN = 1_772_366_400.0  # 2026-03-01 12:00:00 UTC
BEFORE, SINCE = "2026-03-01 11:59:00", "2026-03-01 12:00:01"
NOTE = {"work_notes": "Disk replaced", "state": "2"}
UNREADABLE = Answer(403, (), b"{}")


def sought(body=None, target=TARGET, method="PATCH"):
    route = SNOW.route(method, target.partition("?")[0])
    return SNOW.search_update(SoughtUpdate(route, target, NOTE if body is None else body, BEGAN))


def answered(result):
    return Answer(200, (("Content-Type", "application/json"),), json.dumps({"result": result}).encode())


def record(updated=SINCE, **fields):
    shown = {"sys_id": "abc", "number": "INC1", "priority": "3", "sys_updated_on": updated, **fields}
    return answered({name: {"display_value": value, "value": value} for name, value in shown.items()})


def entries(*rows):
    return answered(
        [{"element_id": "abc", "element": name, "value": text, "sys_created_on": at} for name, text, at in rows]
    )


def test_a_record_that_nobody_wrote_since_was_not_updated(converse):
    talk = converse(sought(), record(updated=BEFORE))

    assert talk.finding == Absent()
    query = parse_qs(urlsplit(talk.asked[0].target).query)
    assert "work_notes" in query["sysparm_fields"][0].split(",")


def test_an_equal_entry_since_the_attempt_began_is_the_one_that_was_sent(converse):
    shown = answered({"number": "INC1"})

    talk = converse(sought(), record(), entries(("work_notes", "Disk replaced\r\n", SINCE)), shown)

    assert isinstance(talk.finding, Found)
    assert (talk.finding.ticket.id, talk.finding.ticket.key) == ("abc", "INC1")
    assert talk.asked[2].target == TARGET
    assert (talk.finding.answer.status, talk.finding.answer.body) == (200, shown.body)


@pytest.mark.parametrize(
    "written",
    [
        ("work_notes", "Disk replaced", BEFORE),
        ("work_notes", "Disk replaced twice", SINCE),
        ("comments", "Disk replaced", SINCE),
    ],
)
def test_an_entry_that_is_older_other_or_elsewhere_is_not_the_one(converse, written):
    talk = converse(sought(), record(), entries(written))

    assert talk.finding == Absent()


def test_a_journal_that_only_partly_shows_the_update_proves_nothing(converse):
    both = {"work_notes": "inside", "comments": "outside"}

    talk = converse(sought(both), record(), entries(("work_notes", "inside", SINCE)))

    assert isinstance(talk.finding, SearchDenied)


def test_more_entries_since_than_were_listed_prove_nothing(converse):
    many = [("work_notes", f"note {number}", SINCE) for number in range(100)]

    assert isinstance(converse(sought(), record(), entries(*many)).finding, SearchDenied)


@pytest.mark.parametrize("journal", [UNREADABLE, entries(), answered([{"element_id": "another", "element": "x"}])])
@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (f"{SINCE} - Abel Tuter (Work notes)\nDisk replaced\n\n{BEFORE} - Beth (Work notes)\nolder\n\n", Found),
        (f"{SINCE} - Abel Tuter (Work notes)\nsomething else\n\n", Absent),
        ("", Absent),
        (f"{BEFORE} - Abel Tuter (Work notes)\nDisk replaced\n\n", SearchDenied),
        ("01.03.2026 13:00 - Abel Tuter (Work notes)\nDisk replaced\n\n", SearchDenied),
    ],
)
def test_where_the_journal_may_not_be_read_the_records_own_text_tells(converse, journal, text, finding):
    last = (answered({"number": "INC1"}),) if finding is Found else ()

    talk = converse(sought(), record(work_notes=text), journal, *last)

    assert isinstance(talk.finding, finding)


def test_a_journal_that_is_shown_nowhere_proves_nothing(converse):
    assert isinstance(converse(sought(), record(), UNREADABLE).finding, SearchDenied)


@pytest.mark.parametrize(
    "answer",
    [Answer(404, (), b"{}"), Answer(500, (), b""), Answer(200, (), b"<html>"), answered({"sys_id": "another"})],
)
def test_a_record_that_is_not_shown_proves_nothing(converse, answer):
    assert isinstance(converse(sought(), answer).finding, SearchDenied)


def test_a_record_that_hides_when_it_was_written_proves_nothing(converse):
    assert isinstance(converse(sought(), answered({"sys_id": "abc"})).finding, SearchDenied)


@pytest.mark.parametrize("body", [{"state": "2"}, {"work_notes": "  ", "state": "2"}])
def test_an_update_that_appends_nothing_may_be_sent_again_unasked(converse, body):
    talk = converse(sought(body))

    assert (talk.finding, talk.asked) == (Absent(), [])


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("PATCH", "/api/now/table/incident/abc", {"comments_and_work_notes": "x"}),
        ("PATCH", "/api/now/table/incident/a^ORb", NOTE),
        ("PATCH", "/api/now/table/incident/abc", []),
        ("DELETE", "/api/now/table/incident/abc", NOTE),
        ("POST", "/api/now/attachment/file", NOTE),
    ],
)
def test_what_cannot_be_looked_for_is_not_asked_about(converse, method, target, body):
    talk = converse(sought(body, target, method))

    assert isinstance(talk.finding, SearchDenied)
    assert talk.asked == []
