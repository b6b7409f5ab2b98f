"""`/api/v1/outbox` shows what waits for an upstream; people replay and discard, and the audit says who did."""

import logging
from dataclasses import replace

import pytest


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "gateway")


def told(caplog: pytest.LogCaptureFixture, subject: str) -> list[tuple[str, str, str]]:
    """What the log was told that people did: the event, whereupon, and who."""
    acts = [record for record in caplog.records if hasattr(record, "by")]
    return [(record.getMessage(), getattr(record, subject), record.by) for record in acts]


async def test_what_waits_is_listed_the_latest_first_and_what_is_done_is_not(api, desk):
    await desk.create("made")
    await desk.lose("lost")
    await desk.bury("dead", at=1)

    listed = await (await api.get("/api/v1/outbox")).json()

    assert [(call["id"], call["state"]) for call in listed["items"]] == [("dead", "dead"), ("lost", "ambiguous")]


@pytest.mark.parametrize("query", ["state=dead", "job_id=job-9", "upstream=servicenow&job_id=job-9"])
async def test_filters_narrow_what_is_listed(api, desk, query):
    await desk.lose("lost")
    await desk.bury("dead", job_id="job-9")

    listed = await (await api.get(f"/api/v1/outbox?{query}")).json()

    assert [call["id"] for call in listed["items"]] == ["dead"]


async def test_pages_follow_each_other_by_cursor(api, desk):
    for number in range(3):
        await desk.bury(f"dead-{number}", at=number)
    first = await (await api.get("/api/v1/outbox?limit=2")).json()

    second = await (await api.get("/api/v1/outbox", params={"limit": 2, "cursor": first["next"]})).json()

    assert [call["id"] for page in (first, second) for call in page["items"]] == ["dead-2", "dead-1", "dead-0"]
    assert second["next"] is None


async def test_a_replayed_dead_letter_is_queued_and_audit_and_log_say_by_whom(api, desk, caplog):
    await desk.bury("dead")

    answer = await api.post("/api/v1/outbox/dead/replay")

    shown = await (await api.get("/api/v1/outbox/dead")).json()
    (act,) = (await (await api.get("/api/v1/audit")).json())["items"]
    assert (answer.status, await answer.json()) == (200, {"id": "dead", "state": "queued", "by": "alice"})
    assert (shown["state"], shown["next_try_at"], shown["tries"]) == ("queued", "2027-01-15T08:00:00.000Z", 0)
    assert (act["actor"], act["action"], act["subject"]) == ("alice", "replay", "dead")
    assert ("call replayed", "dead", "alice") in told(caplog, "call_id")


async def test_a_discarded_call_waits_no_more_and_tells_it_in_its_events(api, desk, caplog):
    await desk.lose("lost")

    answer = await api.post("/api/v1/outbox/lost/discard")

    story = await (await api.get("/api/v1/calls/lost")).json()
    assert (answer.status, (await answer.json())["state"]) == (200, "closed")
    assert [event["by"] for event in story["events"] if event["event"] == "discarded"] == ["alice"]
    assert ("call discarded", "lost", "alice") in told(caplog, "call_id")
    assert (await (await api.get("/api/v1/outbox")).json())["items"] == []


async def test_only_a_dead_letter_is_replayed(api, desk):
    await desk.lose("lost")

    answer = await api.post("/api/v1/outbox/lost/replay")

    assert (answer.status, answer.headers["ITSM-Error"]) == (409, "wrong-state")
    assert "ambiguous" in (await answer.json())["detail"]


async def test_a_call_that_is_done_does_not_wait(api, desk):
    await desk.create("made")

    answers = [
        await api.get("/api/v1/outbox/made"),
        await api.post("/api/v1/outbox/made/discard"),
        await api.post("/api/v1/outbox/nobody/discard"),
    ]

    assert [answer.status for answer in answers] == [409, 409, 404]
    assert "GET /api/v1/calls/made" in (await answers[0].json())["detail"]


async def test_a_replay_that_could_not_log_in_is_refused_with_what_to_set(api, desk):
    await desk.bury("dead")
    desk.upstreams["servicenow"] = replace(desk.upstreams["servicenow"], has_credentials=False)

    answer = await api.post("/api/v1/outbox/dead/replay")

    shown = await (await api.get("/api/v1/outbox/dead")).json()
    assert (answer.status, answer.headers["ITSM-Error"]) == (503, "upstream-credentials")
    assert "upstreams.servicenow.credentials" in (await answer.json())["detail"]
    assert shown["state"] == "dead"


async def test_a_replay_to_an_upstream_that_is_configured_no_more_is_refused(api, desk):
    await desk.bury("dead")
    desk.upstreams.clear()

    answer = await api.post("/api/v1/outbox/dead/replay")

    assert answer.status == 409
    assert "'servicenow'" in (await answer.json())["detail"]
