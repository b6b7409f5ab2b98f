"""`/api/v1/findings` shows where records and platform disagree; people adopt and close, each once."""

import logging

import pytest

from gateway.records.findings import Finding, FindingKind

FOUND_AT = 1_800_000_000.0
ORPHAN = Finding(FindingKind.ORPHAN, "servicenow", "servicenow", ("sys-1",), "call-1", FOUND_AT)
DUPLICATE = Finding(FindingKind.DUPLICATE, "jira", "jira", ("10", "11"), None, FOUND_AT + 1)


async def test_findings_are_listed_the_latest_first_and_by_kind(api, desk):
    await desk.records.desk.found(ORPHAN)
    await desk.records.desk.found(DUPLICATE)

    every = await (await api.get("/api/v1/findings")).json()
    orphans = await (await api.get("/api/v1/findings?kind=orphan&state=open")).json()

    assert [finding["kind"] for finding in every["items"]] == ["duplicate", "orphan"]
    assert orphans["items"] == [
        {
            "id": ORPHAN.id,
            "kind": "orphan",
            "state": "open",
            "platform": "servicenow",
            "upstream": "servicenow",
            "tickets": ["sys-1"],
            "call_id": "call-1",
            "found_at": "2027-01-15T08:00:00.000Z",
            "note": None,
        }
    ]


@pytest.mark.parametrize(("verb", "state"), [("adopt", "adopted"), ("close", "closed")])
async def test_a_finding_is_dealt_with_once_and_audit_and_log_tell_of_it(api, desk, verb, state, caplog):
    caplog.set_level(logging.INFO, "gateway")
    await desk.records.desk.found(ORPHAN)

    first = await api.post(f"/api/v1/findings/{ORPHAN.id}/{verb}", json={"note": "it is ours"})
    second = await api.post(f"/api/v1/findings/{ORPHAN.id}/{verb}")

    (act,) = (await (await api.get(f"/api/v1/audit?subject={ORPHAN.id}")).json())["items"]
    assert (first.status, (await first.json())["state"], (await first.json())["note"]) == (200, state, "it is ours")
    assert (second.status, second.headers["ITSM-Error"]) == (409, "wrong-state")
    assert (act["actor"], act["action"], act["detail"]) == ("alice", verb, "it is ours")
    (said,) = [record for record in caplog.records if hasattr(record, "finding_id")]
    assert (said.getMessage(), said.finding_id, said.by) == (f"finding {state}", ORPHAN.id, "alice")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"not": ""}, "not", "unknown_field"),
        ({"note": 1}, "note", "wrong_type"),
        ({"note": "x" * 2001}, "note", "too_long"),
    ],
)
async def test_a_body_at_fault_changes_nothing(api, desk, body, field, code):
    await desk.records.desk.found(ORPHAN)

    answer = await api.post(f"/api/v1/findings/{ORPHAN.id}/close", json=body)

    shown = await (await api.get(f"/api/v1/findings/{ORPHAN.id}")).json()
    assert (answer.status, [(each["field"], each["code"]) for each in (await answer.json())["errors"]]) == (
        422, [(field, code)],
    )  # fmt: skip
    assert shown["state"] == "open"


async def test_a_finding_nobody_knows_is_a_problem_that_says_where_to_look(api):
    answers = [await api.get("/api/v1/findings/x"), await api.post("/api/v1/findings/x/adopt")]

    assert [answer.status for answer in answers] == [404, 404]
    assert "GET /api/v1/findings" in (await answers[1].json())["detail"]
