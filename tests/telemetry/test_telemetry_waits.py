import json

import pytest

from gateway.telemetry.waits import Waits


@pytest.fixture
def waits(metrics, log):
    return Waits(metrics, log.logger)


def test_every_step_of_a_call_that_waits_is_one_event(waits, log, stream, an_outcome):
    call = an_outcome().call

    waits.queued(call, 1100.25)
    waits.put_off(call, 1200.5)
    waits.given_up(call, "the upstream refused it with 400")

    log.close()
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(each["event"], each["level"]) for each in told] == [
        ("call queued", "info"),
        ("call put off", "info"),
        ("dead letter", "warning"),
    ]
    assert {each["call_id"] for each in told} == {call.id}
    assert [each.get("next_try_at") for each in told] == [
        "1970-01-01T00:18:20.250+00:00",
        "1970-01-01T00:20:00.500+00:00",
        None,
    ]
    assert told[-1]["reason"] == "the upstream refused it with 400"


def test_a_try_counts_its_exchanges_and_no_create(waits, sample, an_outcome):
    waits.tried(an_outcome(attempts=2))

    assert sample("itsm_upstream_attempts_total", upstream="sn", result="5xx") == 1
    assert sample("itsm_upstream_attempts_total", upstream="sn", result="2xx") == 1
    assert sample("itsm_ticket_creation_total", platform="servicenow", outcome="created") == 0
