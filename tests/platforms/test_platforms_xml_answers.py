"""ServiceNow's XML says what its JSON says, and nothing else is taken for it."""

import pytest

from gateway.domain.verdict import Answer, Deceptive, Done, Ticket
from gateway.platforms.answers import document
from gateway.platforms.servicenow import ServiceNow
from gateway.platforms.xml_answers import as_xml, is_wanted, parse_xml

SNOW = ServiceNow()
CHANGE = SNOW.route("POST", "/api/sn_chg_rest/change")
IMPORT = SNOW.route("POST", "/api/now/import/u_staging")
XML = (("Content-Type", "application/xml;charset=UTF-8"),)


def judged(route, body: bytes):
    return SNOW.judge(route, Answer(201, XML, body), carried=None, clock=0.0)


def test_what_is_written_is_read_again():
    told = {"result": {"sys_id": "1", "short_description": "a < b & c", "caller": {"value": "2", "link": "x"}}}

    assert parse_xml(as_xml(told)) == told


def test_elements_of_one_name_are_a_list():
    assert parse_xml(as_xml({"result": ["a", "b", "c"]})) == {"result": ["a", "b", "c"]}


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Log in</body></html>",
        b"<response><result>",
        b'<!DOCTYPE r [<!ENTITY a "aaaa">]><response><result>&a;</result></response>',
        b"<",
    ],
    ids=["a page", "broken off", "entities", "nothing"],
)
def test_everything_else_is_no_document(body):
    assert document(Answer(200, XML, body)) is None


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("application/xml", True),
        ("text/xml", True),
        ("application/json", False),
        ("application/json, application/xml", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_xml_is_wanted_where_no_json_is_accepted(accept, wanted):
    assert is_wanted(accept) is wanted


def test_a_create_that_is_answered_in_xml_names_its_ticket():
    body = as_xml({"result": {"sys_id": {"display_value": "7", "value": "7"}, "number": {"value": "CHG7"}}})

    assert judged(CHANGE, body) == Done(Ticket("7", "CHG7"))


def test_an_import_that_is_answered_in_xml_is_read_row_by_row():
    made = {"status": "inserted", "sys_id": "7", "display_name": "number", "display_value": "INC7"}
    failed = {"status": "error", "error_message": "no such user", "transform_map": "Incidents"}

    assert judged(IMPORT, as_xml({"result": made})).ticket == Ticket("7", "INC7")
    assert judged(IMPORT, as_xml({"result": [made, failed]})).flaws == ("transform Incidents: error, no such user",)
    assert isinstance(judged(IMPORT, as_xml({"result": failed})), Deceptive)


def test_an_error_inside_an_xml_success_is_no_success():
    body = as_xml({"error": {"message": "Transaction cancelled"}, "status": "failure"})

    assert isinstance(judged(CHANGE, body), Deceptive)


def test_what_no_xml_can_hold_is_left_out():
    assert parse_xml(as_xml({"result": {"text": "a\x00b\x1b\ud800c"}})) == {"result": {"text": "abc"}}
