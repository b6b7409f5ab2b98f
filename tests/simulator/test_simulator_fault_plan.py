"""The fault plan: which exchange is hit, in turns, by chance, once."""

import asyncio

from gateway.simulator import (
    CREATES,
    SEARCHES,
    SimulatedServiceNow,
    When,
    refused,
    stored_then,
)

INCIDENTS = "/api/now/table/incident"
A_TICKET = {"short_description": "Disk full"}


async def post(client, **options):
    return await client.post(INCIDENTS, json=A_TICKET, allow_redirects=False, **options)


async def test_a_fault_for_creates_waits_until_a_create_comes(client_of):
    servicenow = SimulatedServiceNow(faults=[refused(503).on(CREATES)])
    client = await client_of(servicenow)

    statuses = [(await client.get(INCIDENTS)).status, (await post(client)).status, (await post(client)).status]

    assert statuses == [200, 503, 201]


async def test_a_fault_can_be_for_searches_or_for_methods_and_paths(client_of):
    by_path = refused(500).on(When(methods=frozenset({"DELETE"}), path="/problem/"))
    client = await client_of(SimulatedServiceNow(faults=[by_path, refused(503).on(SEARCHES)]))

    statuses = [
        (await post(client)).status,
        (await client.delete("/api/now/table/problem/1")).status,
        (await client.get(INCIDENTS)).status,
    ]

    assert statuses == [201, 500, 503]


async def test_every_nth_exchange_gets_the_next_fault_of_a_cycle(client_of):
    servicenow = SimulatedServiceNow()
    servicenow.faults.every(2, refused(503).on(CREATES), stored_then(500).on(CREATES))
    client = await client_of(servicenow)

    statuses = [(await post(client)).status for _ in range(6)]

    assert statuses == [201, 503, 201, 500, 201, 503]


async def test_chance_is_repeatable_and_clearing_ends_it(client_of):
    async def statuses_of_a_run():
        servicenow = SimulatedServiceNow()
        servicenow.faults.sometimes(0.5, refused(503))
        client = await client_of(servicenow)
        statuses = [(await post(client)).status for _ in range(12)]
        servicenow.faults.clear()
        return statuses, (await post(client)).status

    first, second = await statuses_of_a_run(), await statuses_of_a_run()

    assert first == second
    assert set(first[0]) == {201, 503}
    assert first[1] == 201


async def test_many_clients_at_once_leave_an_ordered_ledger(client_of):
    servicenow = SimulatedServiceNow()
    client = await client_of(servicenow)

    await asyncio.gather(*(post(client) for _ in range(20)))

    assert [exchange.number for exchange in servicenow.ledger] == list(range(1, 21))
    assert len({ticket["number"] for ticket in servicenow.tickets()}) == 20
