"""What Jira's search does not show yet is looked for by key, which does not lag behind."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Absent, Carrier, Found, SearchDenied, Sought

JIRA = Jira()
LABEL = "itsmgw-0123456789abcdef0123456789abcdef"
PATH = "/rest/api/2/issue"


class Site:
    """A Data Center site: `shown` are the issues that its index shows, `made` those that exist; number and labels."""

    def __init__(self, shown, made):
        self.shown, self.made, self.asked = shown, made, []

    def answer(self, question):
        parts = urlsplit(question.target)
        self.asked.append(parts.path)
        if parts.path == "/rest/api/2/project/10000":
            return answered({"id": "10000", "key": "ABC"})
        if parts.path == "/rest/api/2/search":
            (jql,) = parse_qs(parts.query)["jql"]
            return answered(
                {"issues": [issue(n, labels) for n, labels in self.shown.items() if matches(jql, n, labels)]}
            )
        number = int(parts.path.rpartition("-")[2]) if PATH in parts.path else 0
        return answered(issue(number, self.made[number])) if number in self.made else Answer(404, (), b"{}")


def matches(jql, number, labels):
    return (
        LABEL in labels if "labels" in jql else "key >" not in jql or number > int(jql.split("ABC-")[1].split('"')[0])
    )


def answered(body):
    return Answer(200, (("Content-Type", "application/json"),), json.dumps(body).encode())


def issue(number, labels):
    fields = {"labels": list(labels), "created": "2026-09-21T10:00:00.000+0000"}
    return {"id": f"1000{number}", "key": f"ABC-{number}", "fields": fields}


def look(site, project=None, **known):
    fields = {"project": project or {"key": "ABC"}}
    sought = Sought(JIRA.route("POST", PATH), PATH, fields, Carrier(LABEL), "labels", proven=True, **known)
    search = JIRA.search(sought)
    try:
        question = next(search)
        while True:
            question = search.send(site.answer(question))
    except StopIteration as stop:
        return stop.value


@pytest.mark.parametrize("known", [{"witness": Ticket("10001", "ABC-1")}, {"before": Ticket("10001", "ABC-1")}, {}])
def test_what_the_index_does_not_show_yet_is_found_by_the_next_keys(known):
    site = Site(shown={1: ()}, made={1: (), 2: (), 3: (LABEL,)})

    finding = look(site, **known)

    assert isinstance(finding, Found)
    assert finding.ticket.key == "ABC-3"


def test_an_issue_between_two_that_the_index_shows_is_found():
    site = Site(shown={1: (), 3: ()}, made={1: (), 2: (LABEL,), 3: ()})

    finding = look(site, witness=Ticket("10001", "ABC-1"))

    assert isinstance(finding, Found)
    assert finding.ticket.key == "ABC-2"


def test_the_next_keys_end_where_no_issue_is():
    site = Site(shown={1: ()}, made={1: (), 2: ()})

    assert look(site, witness=Ticket("10001", "ABC-1")) == Absent()
    assert len(site.asked) < 30


def test_a_project_that_is_given_by_its_id_is_asked_for_its_key():
    site = Site(shown={}, made={1: (LABEL,)})

    finding = look(site, {"id": "10000"})

    assert isinstance(finding, Found)
    assert "/rest/api/2/project/10000" in site.asked


@pytest.mark.parametrize("key", ["XYZ-1", "", "ABC", "ABC-1?x=y"])
def test_a_witness_of_another_project_is_no_place_to_begin(key):
    site = Site(shown={1: ()}, made={1: (), 2: (LABEL,)})

    finding = look(site, witness=Ticket(key=key))

    assert isinstance(finding, Found)


def test_more_unshown_keys_than_can_be_looked_at_prove_nothing():
    site = Site(shown={1: ()}, made=dict.fromkeys(range(1, 400), ()))

    assert isinstance(look(site, witness=Ticket("10001", "ABC-1")), SearchDenied)
