"""Who may use the API, and who a proxy listener takes its clients for."""

import base64
from hashlib import sha256
from typing import Any

import pytest
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedServiceNow

BEYOND = "127.1"
"""Loopback in a spelling that does not say so, which is how a listener beyond it looks."""
TOKENS = {"watcher": "viewer", "boss": "operator", "batch": "client"}
ACCESS = {
    "tokens": [
        {"name": name, "role": role, "sha256": sha256(name.encode()).hexdigest()} for name, role in TOKENS.items()
    ]
}
PASSWORD = {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}
TICKET = {"short_description": "Disk full on db-7"}
FROM_TEMPLATE = "/api/v1/tickets/from-template"


def bearer(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}"}


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


async def open_gateway(start: StartGateway, access: dict[str, Any] = ACCESS) -> RunningGateway:
    """A gateway that logs in at ServiceNow itself, and whose listeners stand beyond loopback."""
    return await start(
        servicenow=SimulatedServiceNow(credentials=("gateway", "hunter2")),
        config={"listen": {"proxy": f"{BEYOND}:0", "api": f"{BEYOND}:0"}, "access": access},
        upstream={"listen": f"{BEYOND}:0", "credentials": PASSWORD},
        environ={"PASSWORD": "hunter2"},
    )


async def asked(gateway: RunningGateway, method: str, path: str, **headers: str) -> tuple[int, str | None]:
    answer = await gateway.request(method, gateway.api + path, headers=headers)
    return answer.status, answer.headers.get("ITSM-Error")


async def test_an_api_beyond_loopback_shows_a_stranger_nothing_but_open_files(start_gateway: StartGateway):
    gateway = await open_gateway(start_gateway)

    shown = {path: await asked(gateway, "GET", path) for path in ("/livez", "/readyz", "/console/")}
    hidden = {path: await asked(gateway, "GET", path) for path in ("/api/v1/calls", "/metrics", "/healthz", "/nowhere")}
    lookalike = await asked(gateway, "GET", "/console/%2e%2e/api/v1/calls")

    assert set(shown.values()) == {(200, None)}
    assert set(hidden.values()) == {(401, "unauthenticated")}
    assert lookalike[0] in {401, 404}


async def test_each_role_may_do_what_it_is_for_and_no_more(start_gateway: StartGateway):
    gateway = await open_gateway(start_gateway)
    allowed = {}

    for name in TOKENS:
        for method, path in (("GET", "/api/v1/calls"), ("POST", FROM_TEMPLATE), ("GET", "/api/v1/me")):
            status, error = await asked(gateway, method, path, **bearer(name))
            allowed[name, path] = error != "forbidden"
            assert status != 401

    assert allowed == {
        ("watcher", "/api/v1/calls"): True,
        ("watcher", FROM_TEMPLATE): False,
        ("watcher", "/api/v1/me"): True,
        ("boss", "/api/v1/calls"): True,
        ("boss", FROM_TEMPLATE): True,
        ("boss", "/api/v1/me"): True,
        ("batch", "/api/v1/calls"): False,
        ("batch", FROM_TEMPLATE): True,
        ("batch", "/api/v1/me"): True,
    }


async def test_a_viewer_may_ask_what_a_policy_would_do(start_gateway: StartGateway):
    gateway = await open_gateway(start_gateway)

    _, error = await asked(gateway, "POST", "/api/v1/policies/explain", **bearer("watcher"))

    assert error != "forbidden"


async def test_the_api_says_who_asks(start_gateway: StartGateway):
    gateway = await open_gateway(start_gateway)

    answer = await gateway.get(f"{gateway.api}/api/v1/me", **bearer("boss"))

    assert await answer.json() == {"name": "boss", "role": "operator"}


async def test_on_loopback_without_names_whoever_asks_is_the_operator(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    answer = await gateway.get(f"{gateway.api}/api/v1/me")

    assert await answer.json() == {"name": "local", "role": "operator"}


async def test_a_named_viewer_closes_the_api_even_on_loopback(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), config={"access": ACCESS})

    answer = await gateway.get(f"{gateway.api}/api/v1/calls")

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer ", "Bearer wrong", "Bearer watcher2", "Basic !!!", "Basic d2F0Y2hlcg==", "Digest watcher", "watcher"],
)
async def test_what_is_no_token_admits_nobody(start_gateway: StartGateway, authorization: str):
    gateway = await open_gateway(start_gateway)

    status, error = await asked(gateway, "GET", "/api/v1/me", Authorization=authorization)

    assert (status, error) == (401, "unauthenticated")


async def test_a_page_that_makes_its_own_name_lead_here_is_refused(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), config={"access": {"hosts": ["gateway.test"]}})

    statuses = {
        host: (await asked(gateway, "GET", "/api/v1/calls", Host=host))[0]
        for host in ("evil.example:8090", "localhost.evil.example", "gateway.test", "127.0.0.1:1", "[::1]", "localhost")
    }

    assert statuses == {
        "evil.example:8090": 403,
        "localhost.evil.example": 403,
        "gateway.test": 200,
        "127.0.0.1:1": 200,
        "[::1]": 200,
        "localhost": 200,
    }


async def test_a_foreign_page_may_not_act_and_is_lent_no_answer(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    foreign = await gateway.request(
        "POST", gateway.api + FROM_TEMPLATE, headers={"Origin": "https://evil.example"}, data="{}"
    )
    own = await gateway.request("POST", gateway.api + FROM_TEMPLATE, headers={"Origin": gateway.api}, data="{}")

    assert (foreign.status, foreign.headers["ITSM-Error"]) == (403, "forbidden")
    assert own.headers["ITSM-Error"] != "forbidden"
    assert not [name for name in foreign.headers if name.lower().startswith("access-control-")]


async def test_every_answer_of_the_api_forbids_being_read_as_a_page(start_gateway: StartGateway):
    gateway = await open_gateway(start_gateway)

    answers = [
        await gateway.get(gateway.api + "/api/v1/calls", **bearer("boss")),
        await gateway.get(gateway.api + "/api/v1/calls"),
        await gateway.get(gateway.api + "/nowhere", **bearer("boss")),
    ]

    assert [answer.headers["X-Content-Type-Options"] for answer in answers] == ["nosniff"] * 3
    assert all("default-src 'none'" in answer.headers["Content-Security-Policy"] for answer in answers)


async def test_the_console_keeps_its_own_policy(start_gateway: StartGateway):
    gateway = await open_gateway(start_gateway)

    answer = await gateway.get(gateway.api + "/console/")

    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert len(answer.headers.getall("Content-Security-Policy")) == 1


def signed_in_by(*proxies: str) -> dict[str, Any]:
    roles = {"jane@example.com": "operator", "*": "viewer"}
    return {"identity_header": {"name": "X-User", "trusted_proxies": list(proxies), "roles": roles}}


async def test_a_trusted_proxy_says_who_signed_in(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), config={"access": signed_in_by("127.0.0.0/8")})

    jane, joe, nobody = [
        await gateway.get(gateway.api + "/api/v1/me", **headers)
        for headers in ({"X-User": "jane@example.com"}, {"X-User": "joe@example.com"}, {})
    ]

    assert await jane.json() == {"name": "jane@example.com", "role": "operator"}
    assert await joe.json() == {"name": "joe@example.com", "role": "viewer"}
    assert nobody.status == 401


async def test_the_word_of_any_other_peer_counts_for_nothing(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), config={"access": signed_in_by("10.0.0.5")})

    status, _ = await asked(gateway, "GET", "/api/v1/me", **{"X-User": "jane@example.com"})

    assert status == 401


@pytest.mark.parametrize("login", [bearer("batch"), basic("anybody", "batch")], ids=["bearer", "basic"])
@pytest.mark.parametrize("listener", ["servicenow", "proxy"])
async def test_a_client_token_admits_and_names_its_client(
    start_gateway: StartGateway, login: dict[str, str], listener: str
):
    gateway = await open_gateway(start_gateway)
    prefix = "/servicenow" if listener == "proxy" else ""

    made = await gateway.post(f"{gateway.address(listener)}{prefix}/api/now/table/incident", TICKET, **login)
    record = await (
        await gateway.get(f"{gateway.api}/api/v1/calls/{made.headers['ITSM-Call-Id']}", **bearer("boss"))
    ).json()

    assert made.status == 201
    assert record["client"] == "batch"


@pytest.mark.parametrize(
    ("login", "status", "error"),
    [
        ({}, 401, "unauthenticated"),
        (bearer("wrong"), 401, "unauthenticated"),
        (basic("gateway", "hunter2"), 401, "unauthenticated"),
        (bearer("boss"), 403, "forbidden"),
    ],
    ids=["none", "wrong", "the-upstreams-own-login", "an-operators"],
)
async def test_without_a_client_token_nothing_is_sent_in_the_gateways_name(
    start_gateway: StartGateway, login: dict[str, str], status: int, error: str
):
    gateway = await open_gateway(start_gateway)

    refusal = await gateway.post(f"{gateway.servicenow}/api/now/table/incident", TICKET, **login)
    listing = await gateway.get(f"{gateway.api}/api/v1/tickets", **bearer("boss"))

    assert (refusal.status, refusal.headers["ITSM-Error"]) == (status, error)
    assert "error" in await refusal.json()
    assert refusal.headers.get("WWW-Authenticate") == ('Basic realm="itsm-gateway"' if status == 401 else None)
    assert listing.status == 200
    assert "Disk full" not in await listing.text()


async def test_a_token_stands_in_no_log_record_or_metric(start_gateway: StartGateway):
    token = "itsmgw_a-secret-that-nobody-else-says"
    line = {"name": "night", "role": "client", "sha256": sha256(token.encode()).hexdigest()}
    gateway = await open_gateway(start_gateway, {"tokens": [*ACCESS["tokens"], line]})

    await gateway.post(f"{gateway.servicenow}/api/now/table/incident", TICKET, **bearer(token))
    metrics = await (await gateway.get(f"{gateway.api}/metrics", **bearer("boss"))).text()

    kept = b"".join(path.read_bytes() for path in gateway.config_file.parent.glob("gateway.db*"))
    assert token.encode() not in kept
    assert token not in metrics + gateway.log.getvalue()
