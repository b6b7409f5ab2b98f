"""What the journal is compared with: tickets that carry our signs, and tickets by their ids."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Marked, SearchDenied, Shown, Swath, Swept
from gateway.platforms.servicenow import ServiceNow

SNOW, JIRA = ServiceNow(), Jira()
BASE = "https://acme.service-now.com"
CLOUD = "https://acme.atlassian.net"
ONE, TWO = "itsmgw-1", "itsmgw-2"
AT = 1_772_366_400.0  # 2026-03-01 12:00:00 UTC
INSTANT = "2026-03-01 12:00:00"
ME = Answer(200, (), b'{"accountId":"5b10"}')


def rows(*found):
    return Answer(200, (), json.dumps({"result": found}).encode())


def row(sys_id="abc", **fields):
    return {"sys_id": sys_id, "number": f"INC-{sys_id}", "sys_created_on": INSTANT, **fields}


def issues(*found, **more):
    return Answer(200, (), json.dumps({"issues": found, **more}).encode())


def issue(number, *labels):
    fields = {"created": "2026-03-01T12:00:00.000+0000", "labels": labels}
    return {"id": str(number), "key": f"ABC-{number}", "fields": fields}


def query(question):
    return {name: values[0] for name, values in parse_qs(urlsplit(question.target).query).items()}


def test_servicenow_is_swept_for_the_values_that_the_journal_knows(converse):
    page = f"{BASE}/nav_to.do?uri=incident.do?sys_id="

    talk = converse(
        SNOW.sweep(Swath("incident", AT, values=(ONE, TWO), base_url=BASE)),
        rows(row(correlation_id=ONE), row("def", correlation_id=ONE)),
    )

    assert talk.finding == Swept(
        (
            Marked(Ticket("abc", "INC-abc", f"{page}abc"), ONE, AT),
            Marked(Ticket("def", "INC-def", f"{page}def"), ONE, AT),
        )
    )
    asked = query(talk.asked[0])["sysparm_query"]
    assert asked == f"correlation_idIN{ONE},{TWO}^sys_created_on>={INSTANT}^ORDERBYsys_created_on"


def test_a_value_beside_a_clients_own_is_asked_for_with_the_signature_before_it(converse):
    signed = row(correlation_display=f"itsm-gateway {ONE}")

    talk = converse(SNOW.sweep(Swath("incident", AT, "correlation_display", (ONE,))), rows(signed))

    assert [marked.value for marked in talk.finding.marked] == [ONE]
    assert query(talk.asked[0])["sysparm_query"].startswith(f"correlation_displayINitsm-gateway {ONE}^")


def test_a_policys_own_field_is_swept_by_itself(converse):
    talk = converse(SNOW.sweep(Swath("u_request", AT, "u_key", (ONE,))), rows(row(u_key=ONE)))

    assert [marked.value for marked in talk.finding.marked] == [ONE]
    assert query(talk.asked[0])["sysparm_query"].startswith(f"u_keyIN{ONE}^")


@pytest.mark.parametrize("odd", [row(correlation_id="x"), row(correlation_id=TWO), {}])
def test_records_without_a_value_of_ours_show_that_the_query_was_ignored(converse, odd):
    assert isinstance(converse(SNOW.sweep(Swath("incident", AT, values=(ONE,))), rows(odd)).finding, SearchDenied)


def test_servicenow_is_asked_for_so_many_values_at_once_as_fit_into_a_query(converse):
    values = tuple(f"itsmgw-{number}" for number in range(50))

    talk = converse(SNOW.sweep(Swath("incident", AT, values=values)), rows(), rows(row(correlation_id="itsmgw-49")))

    assert [marked.value for marked in talk.finding.marked] == ["itsmgw-49"]
    assert query(talk.asked[1])["sysparm_query"].startswith("correlation_idINitsmgw-40,itsmgw-41,")


@pytest.mark.parametrize("swath", [Swath("incident^x", AT), Swath("incident", AT, "a,b")])
def test_what_means_something_in_a_query_is_never_sent_to_servicenow(converse, swath):
    talk = converse(SNOW.sweep(swath))

    assert isinstance(talk.finding, SearchDenied)
    assert talk.asked == []


def test_servicenow_tells_which_records_are_still_there(converse):
    ids = [f"id{number}" for number in range(150)]

    talk = converse(SNOW.roll_call("incident", ids, BASE), rows(row("id7")), rows(row("id120"), row("another")))

    assert talk.finding == Shown(frozenset({"id7", "id120"}))
    assert query(talk.asked[0])["sysparm_query"] == f"sys_idIN{','.join(ids[:100])}"


def test_where_no_record_is_shown_the_login_must_see_another(converse):
    gone = converse(SNOW.roll_call("incident", ["id1"], BASE), rows(), rows(row("other")))
    blind = converse(SNOW.roll_call("incident", ["id1"], BASE), rows(), rows())

    assert gone.finding == Shown(frozenset())
    assert isinstance(blind.finding, SearchDenied)


def test_jira_is_swept_for_the_values_that_the_journal_knows(converse):
    values = tuple(f"itsmgw-{number}" for number in range(60))

    talk = converse(
        JIRA.sweep(Swath("issue", AT, values=values, base_url=CLOUD)),
        ME,
        issues(issue(1, "disk", "itsmgw-3"), issue(2, "itsmgw-3"), nextPageToken="t", isLast=False),
        issues(issue(3, "itsmgw-4"), isLast=True),
        issues(isLast=True),
    )

    assert [(marked.ticket.key, marked.value, marked.created_at) for marked in talk.finding.marked] == [
        ("ABC-1", "itsmgw-3", AT),
        ("ABC-2", "itsmgw-3", AT),
        ("ABC-3", "itsmgw-4", AT),
    ]
    assert query(talk.asked[1])["jql"].startswith('labels in ("itsmgw-0", "itsmgw-1"')
    assert query(talk.asked[2])["nextPageToken"] == "t"
    assert '"itsmgw-59"' in query(talk.asked[3])["jql"]


def test_a_text_fields_values_are_asked_for_one_by_one(converse):
    held = {**issue(1), "fields": {"customfield_7": ONE}}

    talk = converse(
        JIRA.sweep(Swath("issue", AT, "customfield_7", (ONE, TWO), CLOUD)), ME, issues(held, isLast=True), issues()
    )

    assert [marked.value for marked in talk.finding.marked] == [ONE]
    assert rf'cf[7] ~ "\"{TWO}\""' in query(talk.asked[2])["jql"]


@pytest.mark.parametrize("swath", [Swath("issue", AT, "property"), Swath("issue", AT, "summary")])
def test_what_cannot_be_searched_for_is_never_sent_to_jira(converse, swath):
    talk = converse(JIRA.sweep(swath))

    assert isinstance(talk.finding, SearchDenied)
    assert talk.asked == []


@pytest.mark.parametrize("answer", [Answer(401, (), b"{}"), Answer(200, (), b"{}")])
def test_jira_is_not_swept_by_a_login_that_names_nobody(converse, answer):
    assert isinstance(converse(JIRA.sweep(Swath("issue", AT, values=(ONE,))), answer).finding, SearchDenied)
    assert isinstance(converse(JIRA.roll_call("issue", ["1"], CLOUD), answer).finding, SearchDenied)


def test_cloud_tells_of_many_issues_at_once_which_are_still_there(converse):
    talk = converse(JIRA.roll_call("issue", ["1", "2", "x"], CLOUD), ME, issues(issue(2), issue(9)))

    assert talk.finding == Shown(frozenset({"2"}))
    assert json.loads(talk.asked[1].body)["issueIdsOrKeys"] == ["1", "2"]


def test_data_center_tells_it_of_one_after_the_other(converse):
    shown = Answer(200, (), json.dumps(issue(2)).encode())

    talk = converse(JIRA.roll_call("issue", ["1", "2"], "https://jira.acme.test"), ME, Answer(404, (), b""), shown)

    assert talk.finding == Shown(frozenset({"2"}))


@pytest.mark.parametrize("status", [403, 429, 503])
def test_an_issue_that_may_not_be_read_is_no_ghost(converse, status):
    talk = converse(JIRA.roll_call("issue", ["1"], "https://jira.acme.test"), ME, Answer(status, (), b""))

    assert isinstance(talk.finding, SearchDenied)
