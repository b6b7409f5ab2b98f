"""Whether a lost comment, worklog or transition took place in Jira: the conversation, answer by answer."""

import json
from urllib.parse import urlsplit

import pytest

from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Absent, Found, SearchDenied, SoughtUpdate

JIRA = Jira()
ISSUE = "/rest/api/2/issue/ABC-1"
BEGAN = 1_772_366_400.0  # 2026-03-01 12:00:00 UTC
BEFORE, SINCE = "2026-03-01T11:59:00.000+0000", "2026-03-01T12:00:01.000+0000"
ME, ANOTHER = {"accountId": "5b10"}, {"accountId": "6c20"}
DOCUMENT = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Disk replaced"}]}],
}


def answered(body, status=200):
    return Answer(status, (("Content-Type", "application/json"),), json.dumps(body).encode())


def sought(what, body, method="POST", version="2"):
    path = f"/rest/api/{version}/issue/ABC-1{what}"
    return JIRA.search_update(SoughtUpdate(JIRA.route(method, path), path, body, BEGAN))


def comment(body="Disk replaced", author=ME, created=SINCE):
    return {"id": "7", "author": author, "body": body, "created": created}


def comments(*found, total=None):
    return answered({"comments": found, "total": len(found) if total is None else total})


def worklogs(**parts):
    entry = {"id": "8", "author": ME, "created": SINCE, "timeSpent": "1h", "timeSpentSeconds": 3600, **parts}
    return answered({"worklogs": [entry], "total": 1})


def test_an_equal_comment_of_this_login_since_the_attempt_began_is_the_one_that_was_sent(converse):
    other = comment(body="other")

    talk = converse(sought("/comment", {"body": "Disk replaced\n"}), answered(ME), comments(other, comment()))

    assert [urlsplit(question.target).path for question in talk.asked] == ["/rest/api/2/myself", f"{ISSUE}/comment"]
    assert isinstance(talk.finding, Found)
    assert talk.finding.ticket == Ticket(key="ABC-1")
    assert (talk.finding.answer.status, json.loads(talk.finding.answer.body)) == (201, comment())


@pytest.mark.parametrize(
    "other", [comment(body="Disk"), comment(author=ANOTHER), comment(created=BEFORE), comment(author=None), {}]
)
def test_a_comment_that_is_other_anothers_or_older_is_not_the_one(converse, other):
    talk = converse(sought("/comment", {"body": "Disk replaced"}), answered(ME), comments(other))

    assert talk.finding == Absent()


def test_a_document_is_compared_by_what_it_says(converse):
    stored = {**DOCUMENT, "content": [{**DOCUMENT["content"][0], "attrs": {"localId": "x"}}]}

    talk = converse(sought("/comment", {"body": DOCUMENT}, version="3"), answered(ME), comments(comment(body=stored)))

    assert isinstance(talk.finding, Found)


def test_pages_are_turned_until_everything_was_seen(converse):
    old = [comment(created=BEFORE)] * 2

    talk = converse(
        sought("/comment", {"body": "Disk replaced"}),
        answered(ME),
        comments(*old, total=3),
        comments(comment(), total=3),
    )

    assert "startAt=2" in talk.asked[2].target
    assert isinstance(talk.finding, Found)


def test_newest_first_no_page_is_turned_that_only_holds_older_ones(converse):
    newest_first = [comment(body="other"), comment(created=BEFORE)]

    talk = converse(sought("/comment", {"body": "x"}), answered(ME), comments(*newest_first, total=5000))

    assert talk.finding == Absent()


def test_more_comments_than_are_looked_at_prove_nothing(converse):
    pages = [comments(comment(body="other"), total=5000)] * 10

    assert isinstance(converse(sought("/comment", {"body": "x"}), answered(ME), *pages).finding, SearchDenied)


@pytest.mark.parametrize("answer", [answered({}, 404), answered({}, 429), answered([]), Answer(200, (), b"<html>")])
def test_comments_that_are_not_shown_prove_nothing(converse, answer):
    talk = converse(sought("/comment", {"body": "x"}), answered(ME), answer)

    assert isinstance(talk.finding, SearchDenied)


def test_a_login_that_names_nobody_proves_nothing(converse):
    assert isinstance(converse(sought("/comment", {"body": "x"}), answered({}, 401)).finding, SearchDenied)


@pytest.mark.parametrize(
    ("sent", "stored", "finding"),
    [
        ({"timeSpentSeconds": 3600}, {}, Found),
        ({"timeSpent": "1h", "comment": "x"}, {"comment": "x"}, Found),
        ({"timeSpent": "1h", "started": SINCE}, {"started": "2026-03-01T13:00:01.000+0100"}, Found),
        ({"timeSpentSeconds": 60}, {}, Absent),
        ({"timeSpent": "1h", "comment": "x"}, {"comment": "y"}, Absent),
        ({"timeSpent": "1h", "started": SINCE}, {"started": BEFORE}, Absent),
        ({"timeSpent": "1h"}, {"author": ANOTHER}, Absent),
        ({"comment": "x"}, {"comment": "x"}, Absent),
    ],
)
def test_a_worklog_is_known_by_its_time_its_beginning_and_its_text(converse, sent, stored, finding):
    talk = converse(sought("/worklog", sent), answered(ME), worklogs(**stored))

    assert isinstance(talk.finding, finding)


def moved(status="3", histories=(), transitions=(), changelog=True):
    shown = {"changelog": {"histories": histories}} if changelog else {}
    return answered(
        {"id": "10", "key": "ABC-1", "fields": {"status": {"id": status}}, "transitions": transitions, **shown}
    )


def history(author=ME, created=SINCE, to="3", field="status"):
    return {"author": author, "created": created, "items": [{"field": field, "to": to}]}


STEP = {"id": "31", "to": {"id": "3"}}


@pytest.mark.parametrize(
    ("issue", "finding"),
    [
        (moved(histories=[history()]), Found),
        (moved(status="3", transitions=[STEP]), Found),
        (moved(status="4", histories=[history(), history(ANOTHER, to="4")]), Found),
        (moved(status="4", histories=[history(to="4")], transitions=[STEP]), Absent),
        (moved(status="1", transitions=[STEP]), Absent),
        (moved(status="1", transitions=[STEP], changelog=False), Absent),
        (moved(status="4", histories=[history(author=ANOTHER)]), Absent),
        (moved(status="4", histories=[history(created=BEFORE)]), Absent),
        (moved(status="4", histories=[history(field="summary")]), Absent),
        (moved(status="4", changelog=False), SearchDenied),
        (answered({"fields": {}}), SearchDenied),
        (answered({}, 404), SearchDenied),
    ],
)
def test_a_transition_is_known_by_the_history_or_by_the_status_it_leads_to(converse, issue, finding):
    talk = converse(sought("/transitions", {"transition": {"id": "31"}}), answered(ME), issue)

    assert isinstance(talk.finding, finding)


def test_a_transition_that_was_done_is_answered_as_jira_does(converse):
    talk = converse(sought("/transitions", {"transition": {"id": 31}}), answered(ME), moved(histories=[history()]))

    assert (talk.finding.answer.status, talk.finding.answer.body) == (204, b"")
    assert talk.finding.ticket == Ticket("10", "ABC-1")


def test_an_edit_that_adds_a_comment_is_known_by_it(converse):
    edit = {"fields": {"summary": "x"}, "update": {"comment": [{"add": {"body": "Disk replaced"}}]}}

    done = converse(sought("", edit, "PUT"), answered(ME), comments(comment()))
    lost = converse(sought("", edit, "PUT"), answered(ME), comments())

    assert isinstance(done.finding, Found)
    assert done.finding.answer.status == 204
    assert lost.finding == Absent()


@pytest.mark.parametrize(
    "update",
    [
        {"worklog": [{"add": {"timeSpent": "1h"}}]},
        {"comment": [], "components": [{"add": {"name": "db"}}]},
        {"comment": "odd"},
        {"comment": []},
        [],
    ],
)
def test_an_edit_that_adds_anything_else_cannot_be_looked_for(converse, update):
    talk = converse(sought("", {"update": update}, "PUT"), answered(ME))

    assert isinstance(talk.finding, SearchDenied)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/rest/api/2/issue/ABC-1/attachments", {}),
        ("POST", "/rest/api/2/issueLink", {}),
        ("POST", "/rest/api/2/issue/ABC-1/comment", []),
        ("POST", "/rest/api/2/issue/ABC-1%2F../comment", {"body": "x"}),
    ],
)
def test_what_cannot_be_looked_for_is_not_asked_about(converse, method, path, body):
    talk = converse(JIRA.search_update(SoughtUpdate(JIRA.route(method, path), path, body, BEGAN)))

    assert isinstance(talk.finding, SearchDenied)
    assert talk.asked == []
