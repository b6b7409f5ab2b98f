"""Finding the record of a lost create in ServiceNow: the conversation, answer by answer."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.platform import Absent, Carrier, Found, SearchDenied, Sought
from gateway.platforms.servicenow import ServiceNow

SNOW = ServiceNow()
VALUE = "itsmgw-0123456789abcdef0123456789abcdef"
BASE = "https://acme.service-now.com"
ROW = {"sys_id": "abc", "number": "INC1", "priority": "3", "correlation_id": VALUE}
OTHER_ROW = {"sys_id": "zzz", "number": "INC0", "priority": "3", "correlation_id": ""}


def sought(target="/api/now/table/incident", **parts):
    route = SNOW.route("POST", target.partition("?")[0])
    given = {"place": "correlation_id", "base_url": BASE, "carrier": Carrier(VALUE), **parts}
    return Sought(route=route, target=target, fields={}, **given)


def rows(*records):
    return Answer(200, (("Content-Type", "application/json"),), json.dumps({"result": records}).encode())


def shown(record):
    return Answer(200, (("Content-Type", "application/json"),), json.dumps({"result": record}).encode())


def query(question):
    return parse_qs(urlsplit(question.target).query)


def test_a_record_with_our_value_is_found_and_shown_as_the_create_would_have_been(converse):
    record = {**ROW, "priority": "2", "caller_id": {"link": f"{BASE}/api/now/table/sys_user/u", "value": "u"}}

    talk = converse(SNOW.search(sought()), rows(ROW), shown(record))

    assert isinstance(talk.finding, Found)
    url = f"{BASE}/nav_to.do?uri=incident.do?sys_id=abc"
    assert talk.finding.ticket == Ticket("abc", "INC1", url, "2")
    assert talk.finding.answer.status == 201
    assert talk.finding.answer.header("location") == f"{BASE}/api/now/table/incident/abc"
    assert talk.finding.answer.header("content-type") == "application/json;charset=UTF-8"
    assert json.loads(talk.finding.answer.body) == {"result": record}
    assert talk.finding.duplicates == ()


def test_the_search_asks_for_the_value_oldest_first(converse):
    talk = converse(SNOW.search(sought()), rows(ROW), shown(ROW))

    first = query(talk.asked[0])
    assert urlsplit(talk.asked[0].target).path == "/api/now/table/incident"
    assert first["sysparm_query"] == [f"correlation_id={VALUE}^ORDERBYsys_created_on"]
    assert "correlation_id" in first["sysparm_fields"][0].split(",")
    assert first["sysparm_limit"] == ["2"]


def test_a_value_in_the_display_is_asked_for_with_its_signature(converse):
    held = f"itsm-gateway {VALUE}"
    row = {"sys_id": "abc", "number": "INC1", "correlation_display": held}

    talk = converse(SNOW.search(sought(place="correlation_display")), rows(row), shown(row))

    assert query(talk.asked[0])["sysparm_query"] == [f"correlation_display={held}^ORDERBYsys_created_on"]
    assert isinstance(talk.finding, Found)


def test_the_record_is_read_with_the_creates_own_presentation(converse):
    target = (
        "/api/now/v2/table/incident?sysparm_fields=number%2Csys_id&sysparm_input_display_value=true"
        "&sysparm_display_value=all&sysparm_exclude_reference_link=true&sysparm_view=ess&x=y"
    )

    talk = converse(SNOW.search(sought(target)), rows(ROW), shown(ROW))

    assert talk.asked[1].target == (
        "/api/now/table/incident/abc?sysparm_fields=number%2Csys_id&sysparm_display_value=all"
        "&sysparm_exclude_reference_link=true&sysparm_view=ess"
    )
    assert isinstance(talk.finding, Found)
    assert talk.finding.answer.header("location") == f"{BASE}/api/now/v2/table/incident/abc"


def test_a_value_shown_as_an_object_counts_as_ours(converse):
    row = {**ROW, "correlation_id": {"value": VALUE, "display_value": VALUE}, "sys_id": {"value": "abc"}}

    talk = converse(SNOW.search(sought()), rows(row), shown(row))

    assert isinstance(talk.finding, Found)
    assert talk.finding.ticket.id == "abc"


@pytest.mark.parametrize(
    "answer", [Answer(403, (), b""), Answer(200, (), b"<html>"), Answer(200, (), b'{"result":[]}')]
)
def test_a_record_that_cannot_be_read_again_is_found_nevertheless(converse, answer):
    talk = converse(SNOW.search(sought()), rows(ROW), answer)

    assert isinstance(talk.finding, Found)
    assert json.loads(talk.finding.answer.body)["result"]["sys_id"] == "abc"


def test_of_two_records_with_our_value_the_first_is_adopted_and_the_other_told(converse):
    talk = converse(SNOW.search(sought()), rows(ROW, {**ROW, "sys_id": "def", "number": "INC2"}), shown(ROW))

    assert isinstance(talk.finding, Found)
    assert talk.finding.ticket.key == "INC1"
    assert [ticket.key for ticket in talk.finding.duplicates] == ["INC2"]


@pytest.mark.parametrize(
    "found",
    [
        [OTHER_ROW],
        [ROW, OTHER_ROW],
        [{"sys_id": "zzz", "number": "INC0"}],
        [{**ROW, "correlation_id": VALUE.upper()}],
        [{**ROW, "correlation_id": f"{VALUE}0"}],
    ],
)
def test_records_without_our_value_show_that_the_query_was_ignored(converse, found):
    talk = converse(SNOW.search(sought(proven=True)), rows(*found))

    assert isinstance(talk.finding, SearchDenied)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(401, (), b'{"error":{"message":"User Not Authenticated"},"status":"failure"}'),
        Answer(403, (), b"{}"),
        Answer(429, (), b"{}"),
        Answer(503, (), b""),
        Answer(202, (), b""),
        Answer(302, (("Location", "/login.do"),), b""),
        Answer(200, (("Content-Type", "text/html"),), b"<html>Your instance is hibernating</html>"),
        Answer(200, (), b'{"result":[],"error":{"message":"Transaction cancelled"},"status":"failure"}'),
        Answer(200, (), b'{"result":{}}'),
        Answer(200, (), b'{"result":["text"]}'),
        Answer(200, (), b"[]"),
    ],
)
def test_a_search_that_was_not_answered_proves_nothing(converse, answer):
    talk = converse(SNOW.search(sought(proven=True)), answer)

    assert isinstance(talk.finding, SearchDenied)


def test_an_empty_search_that_was_proven_able_to_see_proves_absence(converse):
    talk = converse(SNOW.search(sought(proven=True)), rows())

    assert talk.finding == Absent()


def test_an_unproven_empty_search_must_first_see_the_field_in_some_record(converse):
    talk = converse(SNOW.search(sought()), rows(), rows(OTHER_ROW))

    assert talk.finding == Absent()
    assert query(talk.asked[1])["sysparm_limit"] == ["1"]


@pytest.mark.parametrize(
    "answer",
    [
        rows(),
        rows({"sys_id": "zzz", "number": "INC0"}),
        Answer(403, (), b"{}"),
    ],
)
def test_a_table_that_shows_no_such_field_proves_nothing(converse, answer):
    talk = converse(SNOW.search(sought()), rows(), answer)

    assert isinstance(talk.finding, SearchDenied)


@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize(
    ("witness", "asked"),
    [(Ticket(id="known1"), "sys_id=known1"), (Ticket(key="INC0010001"), "number=INC0010001")],
)
def test_a_known_ticket_must_be_shown_too(converse, proven, witness, asked):
    seen = converse(SNOW.search(sought(witness=witness, proven=proven)), rows(), rows(OTHER_ROW))
    search = SNOW.search(sought(witness=witness, proven=proven))
    gone = converse(search, rows(), rows(), *([Answer(404, (), b"{}")] if witness.id else []))

    assert query(seen.asked[1])["sysparm_query"] == [asked]
    assert seen.finding == Absent()
    assert isinstance(gone.finding, SearchDenied)
    assert gone.finding.witness_gone


def test_a_nameless_witness_is_no_witness(converse):
    talk = converse(SNOW.search(sought(witness=Ticket(), proven=True)), rows())

    assert talk.finding == Absent()


@pytest.mark.parametrize("value", ["a^ORsys_idISNOTEMPTY", "javascript:gs.x()", "", "x" * 101, "a,b"])
def test_a_value_that_means_something_in_a_query_is_never_sent(converse, value):
    talk = converse(SNOW.search(sought(carrier=Carrier(value))))

    assert isinstance(talk.finding, SearchDenied)
    assert talk.asked == []
