"""`GET /api/v1/activity` tells whether tickets get through, in steps that fit the window."""

import pytest

from gateway.domain.outcome import OutcomeKind


async def test_the_last_day_is_told_in_half_hours(api, desk):
    await desk.create("made", ended_at=1_800_000_001.0)
    await desk.create("refused", kind=OutcomeKind.REJECTED, ended_at=1_800_000_000.5)

    shown = await (await api.get("/api/v1/activity")).json()

    assert shown["step_seconds"] == 1800
    assert shown["window"] == {"since": "2027-01-14T08:00:00.000Z", "until": "2027-01-15T08:01:00.000Z"}
    assert shown["buckets"] == [
        {
            "at": "2027-01-15T08:00:00.000Z",
            "outcomes": {"created": 1, "rejected": 1},
            "retried": 2,
            "mean_seconds": 0.75,
            "slowest_seconds": 1.0,
        }
    ]


@pytest.mark.parametrize(("since", "step"), [("5m", 10), ("1h", 60), ("7d", 10_800), ("30d", 43_200), ("90w", 604_800)])
async def test_the_steps_fit_the_window(api, since: str, step: int):
    shown = await (await api.get("/api/v1/activity", params={"since": since})).json()

    assert shown["step_seconds"] == step


async def test_one_platforms_activity_can_be_asked_for(api, desk):
    await desk.create("made", ended_at=1_800_000_001.0)

    shown = await (await api.get("/api/v1/activity", params={"platform": "jira"})).json()

    assert shown["buckets"] == []


async def test_a_misspelt_parameter_is_refused(api):
    answer = await api.get("/api/v1/activity", params={"plattform": "jira"})

    assert answer.status == 422
    assert (await answer.json())["errors"][0]["field"] == "plattform"
