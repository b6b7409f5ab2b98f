"""What Jira's search does not show yet is looked for by key."""

import json
from urllib.parse import urlsplit

import pytest

from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Absent, Carrier, Found, Sought

JIRA = Jira()
LABEL = "itsmgw-0123456789abcdef0123456789abcdef"


def sought(witness):
    path = "/rest/api/2/issue"
    fields = {"project": {"key": "ABC"}}
    route = JIRA.route("POST", path)
    return Sought(route, path, fields, Carrier(LABEL), "labels", witness=witness, proven=True)


def answered(body):
    return Answer(200, (("Content-Type", "application/json"),), json.dumps(body).encode())


def issue(number, labels=(LABEL,)):
    return {"id": f"1000{number}", "key": f"ABC-{number}", "fields": {"labels": list(labels)}}


def paths(talk):
    return [urlsplit(question.target).path for question in talk.asked]


NONE_YET = answered({"issues": [], "isLast": True})


def test_what_the_index_does_not_show_yet_is_found_by_the_next_keys(converse):
    witness = Ticket("10001", "ABC-1")

    talk = converse(JIRA.search(sought(witness)), NONE_YET, answered(issue(2, labels=[])), answered(issue(3)))

    assert paths(talk)[1:] == ["/rest/api/2/issue/ABC-2", "/rest/api/2/issue/ABC-3"]
    assert isinstance(talk.finding, Found)
    assert talk.finding.ticket.key == "ABC-3"


def test_the_next_keys_end_where_no_issue_is(converse):
    talk = converse(JIRA.search(sought(Ticket(key="ABC-1"))), NONE_YET, Answer(404, (), b"{}"))

    assert talk.finding == Absent()


def test_only_a_few_of_the_next_keys_are_asked_for(converse):
    others = [answered(issue(number, labels=[])) for number in range(2, 7)]

    talk = converse(JIRA.search(sought(Ticket(key="ABC-1"))), NONE_YET, *others)

    assert talk.finding == Absent()


@pytest.mark.parametrize("key", ["XYZ-1", "", "ABC", "ABC-1?x=y"])
def test_a_witness_of_another_project_leads_to_no_keys(converse, key):
    talk = converse(JIRA.search(sought(Ticket(key=key))), NONE_YET)

    assert talk.finding == Absent()
