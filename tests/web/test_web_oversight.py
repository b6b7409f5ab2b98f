"""What a scrape shows of the upstreams at its moment, through a whole gateway."""

import asyncio

import pytest
from flows.desks import SERVICENOW
from running import RunningGateway, StartGateway

from gateway.simulator import CREATES, SimulatedServiceNow, answered, delayed, refused

NOW = {"upstream": "servicenow"}


async def figure(gateway: RunningGateway, name: str, **labels: str) -> float:
    spelt = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    series = f"{name}{{{spelt}}} "
    lines = (await gateway.metrics()).splitlines()
    return next(float(line.removeprefix(series)) for line in lines if line.startswith(series))


async def test_a_call_under_way_is_in_flight_here_and_at_the_upstream_and_then_accounted_for(
    start_gateway: StartGateway,
):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(faults=[delayed(0.3).on(CREATES)]))

    create = asyncio.create_task(SERVICENOW.create(gateway))
    await asyncio.sleep(0.1)
    meanwhile = [await figure(gateway, f"itsm_{where}_in_flight", **NOW) for where in ("calls", "upstream")]
    await create

    assert meanwhile == [1, 1]
    assert await figure(gateway, "itsm_calls_received_total", **NOW) == 1
    assert await figure(gateway, "itsm_calls_in_flight", **NOW) == 0
    assert await figure(gateway, "itsm_calls_unaccounted", **NOW) == 0


async def test_reads_on_the_short_way_are_accounted_for_and_dry_runs_are_not_booked(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    await SERVICENOW.read(gateway)
    await SERVICENOW.create(gateway, ITSM_Dry_Run="true")

    assert await figure(gateway, "itsm_calls_received_total", **NOW) == 1
    assert await figure(gateway, "itsm_calls_unaccounted", **NOW) == 0


async def test_a_call_that_a_fault_of_ours_ends_is_unaccounted_for(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())
    couriers = gateway.running.gateway.shared_door.ports.couriers
    assert isinstance(couriers, dict)
    courier = couriers.pop("servicenow")

    response = await SERVICENOW.create(gateway)
    couriers["servicenow"] = courier

    assert response.status == 500
    assert await figure(gateway, "itsm_calls_unaccounted", **NOW) == 1


@pytest.mark.parametrize(("breaks", "state"), [(True, 2), (False, 0)], ids=["open", "switched off"])
async def test_an_open_circuit_shows_where_it_holds_calls_back(start_gateway: StartGateway, breaks: bool, state: int):
    servicenow = SimulatedServiceNow()
    servicenow.faults.every(1, refused(503))
    settings = {"circuit_breaker": breaks, "retry_budget_percent": 100}
    gateway = await start_gateway(servicenow=servicenow, upstream=settings)

    for _ in range(6):
        await SERVICENOW.read(gateway)

    assert await figure(gateway, "itsm_circuit_breaker_state", operation="read", **NOW) == state


async def test_a_rate_limit_that_is_waited_out_shows_by_what_it_covers(start_gateway: StartGateway):
    limited = answered(429, {"Retry-After": "30", "X-RateLimit-Limit": "10", "X-RateLimit-Rule": "r"})
    gateway = await start_gateway(servicenow=SimulatedServiceNow(faults=[limited.on(CREATES)]))

    await SERVICENOW.create(gateway)

    assert await figure(gateway, "itsm_rate_limit_gates_closed", reason="quota", **NOW) == 1
    assert await figure(gateway, "itsm_rate_limit_gates_closed", reason="burst", **NOW) == 0
