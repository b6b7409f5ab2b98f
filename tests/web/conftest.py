import pytest
from aiohttp import web
from web.tickets_door import POLICY, SETTINGS, TEMPLATES, TICKET, ACourier, ASettler, Door, attempts

from gateway.domain.call import PlatformName
from gateway.domain.delivery import Answered
from gateway.domain.verdict import Answer
from gateway.outbox.flights import Flights
from gateway.pipeline.ports import Ports
from gateway.platforms.registry import PLATFORMS
from gateway.policy.document import Document
from gateway.policy.rules import Rules, UpstreamRules
from gateway.policy.templates import compile_templates
from gateway.telemetry.metrics import Metrics
from gateway.web import keys
from gateway.web.api import from_template
from gateway.web.errors import tell_problems


@pytest.fixture
async def door(aiohttp_client) -> Door:
    compiled, faults = compile_templates(TEMPLATES, SETTINGS, Document("c.json", {}, lambda _: 0))
    assert faults == ()
    rules = Rules("v1", (POLICY,), compiled, {name: UpstreamRules(PlatformName.SERVICENOW) for name in ("sn", "sn2")})
    door = Door(rules, ACourier(Answered(attempts(503, 201), Answer(201, (), b"{}"), TICKET)))
    couriers = {"sn": door.courier, "sn2": door.courier}
    app = web.Application(middlewares=[tell_problems])
    app[keys.PORTS] = Ports(
        clock=lambda: 0.0,
        new_id=lambda: "c" * 32,
        journal=door.journal,
        couriers=couriers,
        outbox=None,
        flights=Flights(door.journal),
        settler=ASettler(),
        telling=Metrics("1"),
        platforms=PLATFORMS,
    )
    app[keys.CURRENT_RULES] = lambda: door.rules
    app[keys.UPSTREAMS] = door.upstreams
    app.add_routes(from_template.routes())
    door.client = await aiohttp_client(app)
    return door
