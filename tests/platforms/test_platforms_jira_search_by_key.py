"""What Jira's search does not show yet is looked for by key, which does not lag behind."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Absent, Carrier, Found, SearchDenied, Sought

JIRA = Jira()
LABEL = "itsmgw-0123456789abcdef0123456789abcdef"
PATH = "/rest/api/2/issue"
BEGAN = 1_772_366_400.0
ENDED = BEGAN + 60
LONG_BEFORE, MEANWHILE, LONG_AFTER = BEGAN - 3600, BEGAN + 1, ENDED + 3600


class Site:
    """A Data Center site: `shown` are the issues that its index shows, `made` those that exist; number and labels."""

    def __init__(self, shown, made, created=None):
        self.shown, self.made, self.created, self.asked = shown, made, created or {}, []

    def answer(self, question):
        parts = urlsplit(question.target)
        self.asked.append(parts.path)
        if parts.path == "/rest/api/2/project/10000":
            return answered({"id": "10000", "key": "ABC"})
        if parts.path == "/rest/api/2/search":
            return answered(self.page(parse_qs(parts.query)))
        number = int(parts.path.rpartition("-")[2]) if PATH in parts.path else 0
        return answered(self.issue(number)) if number in self.made else Answer(404, (), b"{}")

    def page(self, query):
        (jql,), start, limit = query["jql"], int(query.get("startAt", "0")[0]), int(query["maxResults"][0])
        found = [number for number, labels in self.shown.items() if matches(jql, number, labels)]
        ordered = sorted(found, reverse=jql.endswith("DESC"))[start : start + limit]
        return {"issues": [self.issue(number) for number in ordered], "startAt": start, "total": len(found)}

    def issue(self, number):
        created = datetime.fromtimestamp(self.created.get(number, LONG_BEFORE), UTC).isoformat()
        fields = {"labels": list(self.made[number]), "created": created}
        return {"id": f"1000{number}", "key": f"ABC-{number}", "fields": fields}

    def was_read(self, number):
        return f"{PATH}/ABC-{number}" in self.asked


def matches(jql, number, labels):
    return (
        LABEL in labels if "labels" in jql else "key >" not in jql or number > int(jql.split("ABC-")[1].split('"')[0])
    )


def answered(body):
    return Answer(200, (("Content-Type", "application/json"),), json.dumps(body).encode())


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


def test_the_keys_end_at_the_first_issue_that_was_made_too_late_to_be_ours():
    site = Site({1: (), 4: ()}, {1: (), 2: (), 4: ()}, created={4: LONG_AFTER})

    finding = look(site, before=Ticket("10001", "ABC-1"), since=BEGAN, until=ENDED)

    assert finding == Absent()
    assert site.was_read(2)
    assert site.was_read(3)
    assert not site.was_read(5)


def test_an_issue_that_was_made_late_within_the_window_does_not_end_the_keys():
    site = Site({1: (), 2: ()}, {1: (), 2: (), 3: (LABEL,)}, created={2: MEANWHILE})

    finding = look(site, before=Ticket("10001", "ABC-1"), since=BEGAN, until=ENDED)

    assert isinstance(finding, Found)


def test_where_nothing_was_known_before_the_newest_issues_lead_back_to_the_attempt():
    site = Site({1: (), 3: ()}, {1: (), 2: (LABEL,), 3: ()}, created={3: MEANWHILE})

    finding = look(site, since=BEGAN, until=ENDED)

    assert isinstance(finding, Found)
    assert finding.ticket.key == "ABC-2"


def test_a_witness_that_may_be_younger_than_the_attempt_is_no_place_to_begin():
    site = Site({1: (), 3: ()}, {1: (), 2: (LABEL,), 3: ()}, created={3: MEANWHILE})

    finding = look(site, witness=Ticket("10003", "ABC-3"), since=BEGAN, until=ENDED)

    assert isinstance(finding, Found)


@pytest.mark.parametrize(
    ("shown", "moved"),
    [((1, 3), 3), ((3,), 3), (range(3, 80), 3), ((1, *range(3, 80)), 60), ((1, *range(3, 220)), 150)],
)
def test_an_old_issue_that_was_moved_into_the_project_since_then_hides_no_key(shown, moved):
    made = {**dict.fromkeys(range(1, 220), ()), 2: (LABEL,)}
    created = {**dict.fromkeys(range(3, 220), MEANWHILE), moved: LONG_BEFORE}
    site = Site(dict.fromkeys(shown, ()), made, created)

    finding = look(site, since=BEGAN, until=ENDED)

    assert isinstance(finding, Found)
    assert finding.ticket.key == "ABC-2"


def test_the_newest_issues_are_followed_back_no_further_than_needed():
    site = Site(shown=dict.fromkeys(range(5000, 5010), ()), made=dict.fromkeys(range(5000, 5010), ()))

    finding = look(site, since=BEGAN, until=ENDED)

    assert finding == Absent()
    assert len(site.asked) < 30
