from aiohttp import web

from gateway.domain.call import PlatformName
from gateway.domain.fault import Fault
from gateway.domain.outcome import PolicyName
from gateway.policy.policy import Mode, Policy
from gateway.policy.rules import Rules
from gateway.sla.targets import SlaTargets
from gateway.web import keys
from gateway.web.api import policies

INCIDENT = Policy(
    name=PolicyName("servicenow-incident", "v1"),
    description="Incidents",
    platform=PlatformName.SERVICENOW,
    upstream=None,
    match=None,
    mode=Mode.WARN,
    defaults=None,
    retry={"max_retries": 5, "retryable_status_codes": frozenset({503, 429})},
    sla=SlaTargets(response={"1": 900.0}, resolution={"default": 86400.0}),
    file="policies/servicenow/incident.yaml",
)
REST = Policy(PolicyName("rest", "v1"), "", None, "cloud", None, Mode.ENFORCE, None)


async def shown(aiohttp_client, rules: Rules):
    app = web.Application()
    app[keys.CURRENT_RULES] = lambda: rules
    app.add_routes(policies.routes())
    client = await aiohttp_client(app)
    return await (await client.get("/api/v1/policies")).json()


async def test_the_set_in_force_is_shown_in_the_order_it_is_tried(aiohttp_client):
    told = await shown(aiohttp_client, Rules("v1", (INCIDENT, REST), {}, {}))

    assert told["version"] == "v1"
    assert told["faults"] == []
    assert told["policies"][0] == {
        "name": "servicenow-incident",
        "version": "v1",
        "description": "Incidents",
        "file": "policies/servicenow/incident.yaml",
        "platform": "servicenow",
        "upstream": None,
        "mode": "warn",
        "retry_policy": {"max_retries": 5, "retryable_status_codes": [429, 503]},
        "carrier": "default",
        "record": "nothing",
        "sla": {"response_seconds": {"1": 900.0}, "resolution_seconds": {"default": 86400.0}, "calendar": None},
    }
    assert (told["policies"][1]["name"], told["policies"][1]["upstream"]) == ("rest", "cloud")


async def test_the_faults_of_the_last_edit_stand_beside_the_set_that_stayed_in_force(aiohttp_client):
    fault = Fault("policies/a.yaml", 3, "/match/path", "must begin with /", ((3, "  path: api"),))

    told = await shown(aiohttp_client, Rules("v1", (INCIDENT,), {}, {}, (fault,)))

    assert len(told["policies"]) == 1
    assert told["faults"] == [
        {
            "file": "policies/a.yaml",
            "line": 3,
            "pointer": "/match/path",
            "message": "must begin with /",
            "excerpt": [{"line": 3, "text": "  path: api"}],
        }
    ]
