"""Strangers may name fields, templates and paths as they like: what Prometheus has to keep does not grow by it."""

import random

from flows.desks import SERVICENOW
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedServiceNow

FIELDS = 10_000
REQUESTS = 50


async def series(gateway: RunningGateway) -> int:
    return sum(not line.startswith("#") for line in (await gateway.metrics()).splitlines())


def hostile(count: int) -> list[str]:
    chance = random.Random(7)
    letters = 'abcXYZ_.-/\\"\n\t{}=,Ä語💥 '
    return ["".join(chance.choices(letters, k=chance.randint(1, 60))) + str(number) for number in range(count)]


async def test_ten_thousand_fields_make_no_series_and_no_header_that_breaks_the_answer(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    before = await series(gateway)

    ticket = dict.fromkeys(hostile(FIELDS), "x") | {"short_description": "Disk full"}
    response = await gateway.post(gateway.servicenow + SERVICENOW.create_path, ticket)

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "created")
    assert response.headers["ITSM-Changed-Fields"].endswith(" more")
    assert len(response.headers["ITSM-Changed-Fields"]) < 5_000
    assert len(servicenow.tickets()) == 1
    assert await series(gateway) == before


async def test_ten_thousand_fields_of_a_refused_ticket_make_no_series(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())
    before = await series(gateway)

    response = await gateway.post(gateway.servicenow + SERVICENOW.create_path, dict.fromkeys(hostile(FIELDS), "x"))

    assert response.status == 400
    assert await series(gateway) == before


async def test_hostile_templates_and_paths_make_no_series(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())
    before = await series(gateway)

    for name in hostile(REQUESTS):
        plain = "".join(letter for letter in name if letter.isascii() and letter.isalnum())
        refused = await gateway.post(gateway.servicenow + SERVICENOW.create_path, {}, ITSM_Template=plain)
        passed = await gateway.get(f"{gateway.servicenow}/api/now/table/{plain}/{plain}?{plain}=1")
        assert refused.status == 400
        assert passed.status >= 400

    assert await series(gateway) == before
