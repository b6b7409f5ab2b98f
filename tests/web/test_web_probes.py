from dataclasses import replace

import pytest
from aiohttp import web

from gateway.domain.call import PlatformName
from gateway.domain.fault import Fault
from gateway.policy.rules import Rules, UpstreamRules
from gateway.telemetry.last_seen import LastSeen, Sighting, StoreFailure
from gateway.telemetry.metrics import Metrics
from gateway.web import keys, probes
from gateway.web.lifecycle import Lifecycle

RULES = Rules("v1", (), {}, {"sn": UpstreamRules(PlatformName.SERVICENOW)})


@pytest.fixture
async def client(aiohttp_client):
    app = web.Application()
    app[keys.LIFECYCLE] = Lifecycle()
    app[keys.METRICS] = Metrics("1.2.3")
    app[keys.LAST_SEEN] = LastSeen(lambda: 0.0)
    app[keys.CURRENT_RULES] = lambda: RULES
    app[keys.UPSTREAMS] = {"sn": keys.UpstreamInfo("sn", PlatformName.SERVICENOW, "https://sn.example", True, 60.0)}
    app.add_routes(probes.routes())
    return await aiohttp_client(app)


async def test_the_gateway_is_ready_only_between_starting_and_draining(client):
    lifecycle = client.app[keys.LIFECYCLE]

    seen = [(await client.get("/readyz")).status]
    lifecycle.serve()
    seen.append((await client.get("/readyz")).status)
    lifecycle.drain()
    seen.append((await client.get("/readyz")).status)
    lifecycle.serve()
    seen.append((await client.get("/readyz")).status)

    assert seen == [503, 200, 503, 503]


async def test_the_process_lives_whatever_is_around_it(client):
    client.app[keys.LAST_SEEN].store = StoreFailure(1000.0, "disk full")
    client.app[keys.LIFECYCLE].drain()

    response = await client.get("/livez")

    assert (response.status, await response.text()) == (200, "ok\n")


async def test_health_tells_of_a_gateway_without_trouble(client):
    client.app[keys.LIFECYCLE].serve()
    client.app[keys.LAST_SEEN].upstreams["sn"] = Sighting(answered_at=0.0)

    health = await (await client.get("/healthz")).json()

    assert health == {
        "status": "ok",
        "phase": "serving",
        "store": {"state": "ok"},
        "upstreams": {
            "sn": {
                "platform": "servicenow",
                "last_answer_at": "1970-01-01T00:00:00.000Z",
                "last_failure_at": None,
                "last_failure": None,
            }
        },
        "rules": {"version": "v1", "policies": 0, "faults": []},
    }


async def test_a_failing_store_degrades_health_and_leaves_the_gateway_ready(client):
    client.app[keys.LIFECYCLE].serve()
    client.app[keys.LAST_SEEN].store = StoreFailure(0.0, "disk full")

    health, ready = await client.get("/healthz"), await client.get("/readyz")

    told = await health.json()
    assert (health.status, ready.status) == (200, 200)
    assert told["status"] == "degraded"
    assert told["store"] == {"state": "failing", "failed_at": "1970-01-01T00:00:00.000Z", "detail": "disk full"}


async def test_a_faulty_edit_shows_until_it_is_mended(aiohttp_client, client):
    faulty = replace(RULES, faults=(Fault("policies/a.yaml", 3, "/match", "is missing"),))
    app = web.Application()
    for key in (keys.LIFECYCLE, keys.METRICS, keys.LAST_SEEN, keys.UPSTREAMS):
        app[key] = client.app[key]
    app[keys.CURRENT_RULES] = lambda: faulty
    app.add_routes(probes.routes())
    other = await aiohttp_client(app)

    health = await (await other.get("/healthz")).json()

    assert health["status"] == "degraded"
    assert health["rules"]["faults"] == [
        {"file": "policies/a.yaml", "line": 3, "pointer": "/match", "message": "is missing"}
    ]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/plain", "text/plain; version=0.0.4; charset=utf-8"),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
    ],
)
async def test_metrics_come_in_the_format_that_is_asked_for(client, accept, content_type):
    response = await client.get("/metrics", headers={"Accept": accept})

    text = await response.text()
    assert response.headers["Content-Type"] == content_type
    assert 'itsm_ticket_creation_total{outcome="created",platform="servicenow"} 0.0' in text
    assert text.endswith("# EOF\n") == ("openmetrics" in accept)


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz", "/metrics"])
async def test_probes_are_never_cached(client, path):
    response = await client.get(path)

    assert response.headers["Cache-Control"] == "no-store"
