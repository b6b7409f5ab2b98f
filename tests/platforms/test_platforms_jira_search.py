"""Finding the issue of a lost create in Jira: the conversation, answer by answer."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Absent, Carrier, Found, SearchDenied, Sought

JIRA = Jira()
LABEL = "itsmgw-0123456789abcdef0123456789abcdef"
CLOUD = "https://acme.atlassian.net"
OWN = "https://jira.acme.test/jira"
GONE = Answer(410, (), b"")


def sought(path="/rest/api/3/issue", **parts):
    given = {
        "place": "labels",
        "base_url": CLOUD,
        "carrier": Carrier(LABEL),
        "fields": {"project": {"key": "ABC"}},
        "proven": True,
        **parts,
    }
    return Sought(route=JIRA.route("POST", path), target=path, **given)


def answered(body):
    return Answer(200, (("Content-Type", "application/json"),), json.dumps(body).encode())


def issue(number=1, base=CLOUD, **fields):
    held = {"labels": ["disk", LABEL], "created": "2026-09-21T14:13:20.000+0000", "priority": {"name": "High"}}
    return {
        "id": f"1000{number}",
        "key": f"ABC-{number}",
        "self": f"{base}/rest/api/3/issue/1000{number}",
        "fields": {**held, **fields},
    }


def issues(*found):
    return answered({"issues": list(found), "isLast": True})


def paths(talk):
    return [urlsplit(question.target).path for question in talk.asked]


def jql(question):
    return parse_qs(urlsplit(question.target).query)["jql"][0]


def test_an_issue_with_our_label_is_found_and_shown_as_the_create_would_have_been(converse):
    talk = converse(JIRA.search(sought("/rest/api/2/issue")), issues(issue()))

    assert isinstance(talk.finding, Found)
    assert talk.finding.ticket == Ticket("10001", "ABC-1", f"{CLOUD}/browse/ABC-1", "High")
    assert talk.finding.answer.status == 201
    assert json.loads(talk.finding.answer.body) == {
        "id": "10001",
        "key": "ABC-1",
        "self": f"{CLOUD}/rest/api/2/issue/10001",
    }


def test_the_link_keeps_the_base_that_the_platform_builds_from(converse):
    cloud_behind_its_gateway = "https://api.atlassian.com/ex/jira/1"

    shown = converse(JIRA.search(sought()), issues(issue(base=cloud_behind_its_gateway)))
    unsaid = converse(JIRA.search(sought()), issues({**issue(), "self": ""}))

    assert json.loads(shown.finding.answer.body)["self"] == f"{cloud_behind_its_gateway}/rest/api/3/issue/10001"
    assert json.loads(unsaid.finding.answer.body)["self"] == f"{CLOUD}/rest/api/3/issue/10001"


@pytest.mark.parametrize(
    ("project", "clause"),
    [
        ({"key": "ABC"}, 'project = "ABC"'),
        ({"id": "10000"}, "project = 10000"),
        ({"id": 10000}, "project = 10000"),
    ],
)
def test_the_search_names_the_project_and_the_label(converse, project, clause):
    talk = converse(JIRA.search(sought(fields={"project": project})), issues())

    assert jql(talk.asked[0]) == f'{clause} AND labels = "{LABEL}" ORDER BY created ASC'


def test_a_text_field_is_asked_for_by_its_number_and_compared_to_the_letter(converse):
    ours = issue(customfield_10050=LABEL)
    others = issue(customfield_10050=f"{LABEL} and more")

    found = converse(JIRA.search(sought(place="customfield_10050")), issues(ours))
    ignored = converse(JIRA.search(sought(place="customfield_10050")), issues(others))

    assert rf'cf[10050] ~ "\"{LABEL}\""' in jql(found.asked[0])
    assert isinstance(found.finding, Found)
    assert isinstance(ignored.finding, SearchDenied)


def test_a_label_beside_the_clients_own_is_looked_for_among_the_labels(converse):
    talk = converse(JIRA.search(sought(place="labels+")), issues(issue()))

    assert isinstance(talk.finding, Found)
    assert "labels" in parse_qs(urlsplit(talk.asked[0].target).query)["fields"][0].split(",")


@pytest.mark.parametrize(
    ("path", "base", "first", "second"),
    [
        ("/rest/api/3/issue", CLOUD, "/rest/api/3/search/jql", "/rest/api/2/search"),
        ("/rest/api/2/issue", CLOUD, "/rest/api/3/search/jql", "/rest/api/2/search"),
        ("/rest/api/3/issue", OWN, "/rest/api/3/search/jql", "/rest/api/2/search"),
        ("/rest/api/2/issue", OWN, "/rest/api/2/search", "/rest/api/3/search/jql"),
        ("/rest/api/2/issue", "", "/rest/api/2/search", "/rest/api/3/search/jql"),
    ],
)
@pytest.mark.parametrize("status", [404, 405, 410])
def test_the_search_that_is_not_there_is_followed_by_the_other(converse, path, base, first, second, status):
    talk = converse(JIRA.search(sought(path, base_url=base)), Answer(status, (), b"gone"), issues(issue()))

    assert paths(talk) == [first, second]
    assert isinstance(talk.finding, Found)


def test_where_no_search_is_there_nothing_is_proven(converse):
    talk = converse(JIRA.search(sought()), GONE, GONE)

    assert isinstance(talk.finding, SearchDenied)


def test_of_two_issues_with_our_label_the_first_is_adopted_and_the_other_told(converse):
    talk = converse(JIRA.search(sought()), issues(issue(1), issue(2)))

    assert talk.finding.ticket.key == "ABC-1"
    assert [ticket.key for ticket in talk.finding.duplicates] == ["ABC-2"]


@pytest.mark.parametrize(
    "found",
    [
        [issue(labels=["disk"])],
        [issue(labels=None)],
        [issue(labels=[LABEL.upper()])],
        [issue(), issue(2, labels=[])],
        [{"id": "1", "key": "ABC-1"}],
        ["ABC-1"],
    ],
)
def test_issues_without_our_label_prove_nothing(converse, found):
    talk = converse(JIRA.search(sought()), issues(*found))

    assert isinstance(talk.finding, SearchDenied)


def test_an_issue_without_a_name_cannot_be_adopted(converse):
    talk = converse(JIRA.search(sought()), issues({**issue(), "id": None}))

    assert isinstance(talk.finding, SearchDenied)


@pytest.mark.parametrize("user", [{"accountId": "5b10"}, {"name": "gateway", "key": "JIRAUSER1"}])
def test_an_empty_search_of_a_named_user_proves_absence(converse, user):
    talk = converse(JIRA.search(sought(proven=False)), answered(user), issues(), issues(), issues())

    assert paths(talk)[:2] == ["/rest/api/3/myself", "/rest/api/3/search/jql"]
    assert talk.finding == Absent()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(401, (), b"{}"),
        Answer(403, (("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE"),), b""),
        Answer(200, (("X-Seraph-LoginReason", "AUTHENTICATED_FAILED"),), b""),
        Answer(200, (("Content-Type", "text/html"),), b"<html>Log in</html>"),
        answered({"displayName": "Anonymous"}),
        answered([]),
        Answer(302, (("Location", "/login.jsp"),), b""),
    ],
)
def test_a_login_that_names_nobody_is_asked_nothing_further(converse, answer):
    talk = converse(JIRA.search(sought(proven=False)), answer)

    assert isinstance(talk.finding, SearchDenied)
    assert len(talk.asked) == 1


def test_a_proven_login_is_not_asked_for_again(converse):
    talk = converse(JIRA.search(sought(proven=True)), issues(), issues(), issues())

    assert paths(talk)[0] == "/rest/api/3/search/jql"
    assert talk.finding == Absent()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, (), b"{\"errorMessages\":[\"The value 'ABC' does not exist for the field 'project'.\"]}"),
        Answer(401, (), b""),
        Answer(403, (), b""),
        Answer(429, (), b""),
        Answer(500, (), b""),
        Answer(302, (("Location", "/login.jsp"),), b""),
        Answer(200, (), b""),
        Answer(200, (), b"<html>Log in</html>"),
        answered({"total": 0}),
        answered({"issues": {}}),
        answered({"issues": [], "isLast": False, "nextPageToken": "more"}),
    ],
)
def test_a_search_that_was_not_answered_proves_nothing(converse, answer):
    talk = converse(JIRA.search(sought()), answer)

    assert isinstance(talk.finding, SearchDenied)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"project": "ABC"},
        {"project": {"key": 'ABC" OR project != "'}},
        {"project": {"name": "Acme"}},
        {"project": {"id": "1 OR 1=1"}},
        {"project": {"id": "²"}},
        {"project": {"id": True}},
    ],
)
def test_without_a_project_that_is_safe_to_name_nothing_is_asked(converse, fields):
    talk = converse(JIRA.search(sought(fields=fields)))

    assert isinstance(talk.finding, SearchDenied)
    assert talk.asked == []


@pytest.mark.parametrize("value", ['x" OR labels != "', "x y", "x" * 101])
def test_a_value_that_means_something_in_a_query_is_never_sent(converse, value):
    talk = converse(JIRA.search(sought(carrier=Carrier(value))))

    assert isinstance(talk.finding, SearchDenied)
    assert talk.asked == []
