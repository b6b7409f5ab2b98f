"""`GET /api/v1/calls` lists what went through the gateway; one call tells its whole story."""


async def test_one_call_shows_its_attempts_its_outcome_and_its_events(api, desk):
    await desk.create("call-1", call={"job_id": "job-7"})

    answer = await api.get("/api/v1/calls/call-1")

    shown = await answer.json()
    assert answer.status == 200
    assert shown["attempts"] == [
        {
            "number": 1,
            "started_at": "2027-01-15T08:00:00.250Z",
            "duration_seconds": 0.1,
            "status": 503,
            "failure": None,
            "wait_seconds": 0.0,
        },
        {
            "number": 2,
            "started_at": "2027-01-15T08:00:05.500Z",
            "duration_seconds": 0.25,
            "status": 201,
            "failure": None,
            "wait_seconds": 5.0,
        },
    ]
    assert (shown["outcome"], shown["status"], shown["job_id"], shown["duration_seconds"]) == (
        "created", 201, "job-7", 5.75,
    )  # fmt: skip
    assert [event["event"] for event in shown["events"]] == ["received", "sent", "sent", "answered"]
    assert shown["events"][0]["at"] == "2027-01-15T08:00:00.000Z"
    assert shown["target"] == "/api/now/table/incident?token=***"


async def test_an_unconfirmed_call_says_so_and_why(api, desk):
    await desk.lose("call-1")

    shown = await (await api.get("/api/v1/calls/call-1")).json()

    assert (shown["outcome"], shown["state"], shown["status"], shown["settled_at"]) == (
        "unconfirmed", "ambiguous", 504, None,
    )  # fmt: skip
    assert shown["problem"]["type"] == "unconfirmed"


async def test_a_call_nobody_knows_is_a_problem_that_says_where_to_look(api):
    answer = await api.get("/api/v1/calls/nobody")

    problem = await answer.json()
    assert (answer.status, answer.content_type) == (404, "application/problem+json")
    assert "'nobody'" in problem["detail"]
    assert "GET /api/v1/calls" in problem["detail"]


async def test_the_outcome_filter_finds_what_is_unconfirmed(api, desk):
    await desk.create("made")
    await desk.lose("lost")

    listed = await (await api.get("/api/v1/calls?outcome=unconfirmed")).json()

    assert [call["id"] for call in listed["items"]] == ["lost"]
    assert listed["next"] is None


async def test_a_store_that_cannot_be_read_is_a_503_that_says_what_the_database_said(api, desk, tmp_path):
    await desk.records.writer.close()
    (tmp_path / "gateway.db").write_bytes(b"no database any more" * 500)

    answer = await api.get("/api/v1/calls")

    problem = await answer.json()
    assert (answer.status, answer.headers["ITSM-Error"]) == (503, "store-unavailable")
    assert "cannot be read" in problem["detail"]
