"""Where no ticket was made and nothing is sent again, the client is told the upstream's own failure."""

import pytest
from upstream.instances import PLATFORMS, StartInstance, waiting

from gateway.simulator import (
    CREATES,
    Fault,
    answered,
    html_200,
    redirected_to_login,
    refused,
    reset,
    servicenow_session_full,
    stored_then,
)

everywhere = pytest.mark.parametrize("platform", PLATFORMS)
NO_RETRIES = waiting() | {"retry_policy": {"max_retries": 0}}


@everywhere
async def test_when_the_retries_are_used_up_the_upstreams_answer_is_handed_on_after_a_last_search(
    start: StartInstance, platform: str
):
    instance = await start(platform, *[refused(503).on(CREATES)] * 4)

    response = await instance.create()

    assert response.status == 503
    assert response.headers["ITSM-Outcome"] == "upstream_error"
    assert response.headers["ITSM-Retry-Attempts"] == "3"
    assert "ITSM-Error" not in response.headers
    assert instance.simulated.ledger[-1].method == "GET"
    assert (instance.creates(), instance.tickets()) == (4, 0)


@everywhere
@pytest.mark.parametrize(
    ("fault", "status", "outcome"),
    [
        (refused(503), 503, "upstream_error"),
        (reset(), 502, "upstream_error"),
        (html_200(), 502, "upstream_error"),
        (redirected_to_login(), 502, "upstream_error"),
    ],
    ids=["503", "reset", "html 200", "redirect"],
)
async def test_without_retries_a_failure_is_told_once_a_search_has_shown_that_no_ticket_was_made(
    start: StartInstance, platform: str, fault: Fault, status: int, outcome: str
):
    instance = await start(platform, fault, config=NO_RETRIES)

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (status, outcome)
    assert instance.searches() >= 1
    assert (instance.creates(), instance.tickets()) == (1, 0)


async def test_when_the_retries_are_used_up_the_202_of_a_full_session_is_no_success(start: StartInstance):
    instance = await start("servicenow", *[servicenow_session_full().on(CREATES)] * 4)

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (502, "upstream_error")
    assert response.headers["ITSM-Error"] == "deceptive-answer"
    assert (instance.creates(), instance.searches(), instance.tickets()) == (4, 0, 0)


@everywhere
async def test_a_503_with_a_retry_after_beyond_the_deadline_is_handed_on_after_the_search(
    start: StartInstance, platform: str
):
    instance = await start(platform, answered(503, {"Retry-After": "3600"}, "{}"))

    response = await instance.create()

    assert (response.status, response.headers["Retry-After"]) == (503, "3600")
    assert instance.searches() >= 1
    assert (instance.creates(), instance.tickets()) == (1, 0)


@everywhere
async def test_a_503_with_a_retry_after_beyond_the_deadline_may_hide_a_ticket(start: StartInstance, platform: str):
    instance = await start(platform, stored_then(503, {"Retry-After": "3600"}, "{}"))

    response = await instance.create()

    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert instance.creates() == instance.tickets() == 1


@everywhere
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
async def test_a_refusal_is_final_after_one_attempt_and_no_search(start: StartInstance, platform: str, status: int):
    instance = await start(platform, refused(status))

    response = await instance.create()

    assert response.status == status
    assert response.headers["ITSM-Outcome"] == "rejected"
    assert response.headers["ITSM-Retry-Attempts"] == "0"
    assert "ITSM-Error" not in response.headers
    assert (instance.creates(), instance.searches(), instance.tickets()) == (1, 0, 0)


@everywhere
async def test_a_501_says_that_nothing_was_tried(start: StartInstance, platform: str):
    instance = await start(platform, refused(501))

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (501, "upstream_error")
    assert (instance.creates(), instance.searches()) == (1, 0)


@everywhere
async def test_a_408_with_effect_is_found(start: StartInstance, platform: str):
    instance = await start(platform, stored_then(408))

    response = await instance.create()

    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert instance.creates() == 1


@everywhere
async def test_a_408_without_effect_is_handed_on_once_a_search_finds_nothing(start: StartInstance, platform: str):
    instance = await start(platform, refused(408))

    response = await instance.create()

    assert response.status == 408
    assert instance.searches() >= 1
    assert (instance.creates(), instance.tickets()) == (1, 0)
