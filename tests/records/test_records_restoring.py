"""What a row holds is enough to go on with its call, and holds nobody's login."""

import json
from dataclasses import replace

import pytest

from gateway.domain.call import Operation
from gateway.domain.retry import RetryPolicy
from gateway.pipeline.decision import Correlation, Resend
from gateway.pipeline.stored import forward_of
from gateway.platforms.platform import Carrier
from gateway.platforms.registry import PLATFORMS
from gateway.policy.policy import Record
from gateway.policy.rules import Rules, UpstreamRules
from gateway.records.records import Records, Settings

CARRIER = Carrier("itsmgw-" + "0" * 32)


@pytest.fixture
def create(make):
    """A create as the way of a call makes it, its value in the body."""
    platform = PLATFORMS[make.call().platform]
    route = platform.route("POST", "/api/now/table/incident")
    fields = {"short_description": "Job failed"}
    carried = platform.carry(route, fields, CARRIER)
    correlation = Correlation(CARRIER, carried.place, platform.guard(route, carried.place))
    call = make.call(
        route=route,
        target="/api/now/table/incident?sysparm_fields=number",
        headers=(("Content-Type", "application/json"), ("Accept-Language", "de"), ("Authorization", "Bearer x")),
        client="alice",
        job_id="job-7",
        idempotency_key="key-1",
    )
    body = json.dumps(carried.body).encode()
    written = {"body": body, "fields": fields, "changed": True, "filled": ("urgency",)}
    return make.forward(call, correlation=correlation, record=Record.REQUEST, **written)


async def left_by_a_dead_process(url, clock, forward, **settings):
    dead = await Records.open(url, clock)
    await dead.journal.open(forward)
    await dead._opened.aclose()
    return await Records.open(url, settings=Settings(clock=clock, **settings))


async def test_a_call_comes_back_as_it_was_but_for_its_login_and_its_deadline(url, clock, create):
    records = await left_by_a_dead_process(url, clock, create)

    (pending,) = await records.journal.expired()

    await records.close()
    kept = tuple(pair for pair in create.call.headers if pair[0] != "Authorization")
    call = replace(create.call, headers=kept, deadline=0.0, body=create.body)
    assert pending.forward == replace(create, call=call)


async def test_the_rules_in_force_say_how_often_it_is_tried(url, clock, create):
    retry = RetryPolicy(max_retries=9)
    rules = Rules("", (), {}, {"servicenow": UpstreamRules(create.call.platform, retry)})
    records = await left_by_a_dead_process(
        url, clock, create, restore=lambda stored: forward_of(stored, rules, PLATFORMS[stored.call.platform])
    )

    (pending,) = await records.journal.expired()

    await records.close()
    assert pending.forward.retry == retry


async def test_a_row_whose_upstream_is_configured_no_more_is_handed_to_nobody(url, clock, create):
    rules = Rules("", (), {}, {})
    records = await left_by_a_dead_process(
        url, clock, create, restore=lambda stored: forward_of(stored, rules, PLATFORMS[stored.call.platform])
    )

    taken = await records.journal.expired()

    shown = await records.reports.waiting("call-1")
    await records.close()
    assert (taken, shown.state) == ((), "ambiguous")


async def test_a_create_that_had_to_go_without_its_value_is_not_sent_on_an_empty_search(url, clock, create):
    dead = await Records.open(url, clock)
    await dead.journal.open(create)
    await dead.journal.sending("call-1", clock.now, carried=False)
    await dead._opened.aclose()
    records = await Records.open(url, clock)

    (pending,) = await records.journal.expired()

    await records.close()
    assert (pending.forward.correlation, pending.forward.resend) == (None, Resend.WHEN_NOT_EXECUTED)


async def test_a_target_that_held_something_secret_is_searched_for_and_never_sent(url, clock, make, create):
    call = replace(create.call, target="/api/now/table/incident?token=planted&sysparm_fields=number")
    records = await left_by_a_dead_process(url, clock, replace(create, call=call))

    (pending,) = await records.journal.expired()

    await records.close()
    assert pending.forward.resend is Resend.NEVER
    assert pending.forward.call.target == "/api/now/table/incident?token=***&sysparm_fields=number"
    assert pending.forward.correlation == create.correlation


async def test_an_update_comes_back_as_one(url, clock, make):
    route = PLATFORMS[make.call().platform].route("PATCH", "/api/now/table/incident/" + "a" * 32)
    update = make.forward(
        make.call(method="PATCH", target=route.path, route=route), correlation=None, resend=Resend.FREELY
    )
    records = await left_by_a_dead_process(url, clock, update)

    (pending,) = await records.journal.expired()

    await records.close()
    assert (pending.forward.call.route, pending.forward.resend) == (route, Resend.FREELY)
    assert pending.forward.call.route.operation is Operation.UPDATE_TICKET
