"""How an upstream is reached: with the gateway's own login, over TLS with a private CA, through an egress proxy."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from flows.desks import JIRA
from injector.certificates import make_pair
from running import StartGateway

from gateway.simulator import SEARCHES, SimulatedJira, SimulatedServiceNow, jira_captcha, refused, stored_then

INCIDENTS = "/api/now/table/incident"
TICKET = {"short_description": "Disk full"}
HASTY = {
    "timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 0.2, "total_timeout_seconds": 0.4},
    "retry_policy": {"retry_delay_seconds": 0.01},
}


@pytest.mark.parametrize(
    ("credentials", "header", "value"),
    [
        (
            {"type": "basic", "username": "gateway", "password": {"env": "SECRET"}},
            "Authorization",
            "Basic Z2F0ZXdheTpvcGVuIHNlc2FtZQ==",
        ),
        ({"type": "bearer", "token": {"env": "SECRET"}}, "Authorization", "Bearer open sesame"),
        ({"type": "header", "name": "x-sn-apikey", "value": {"env": "SECRET"}}, "x-sn-apikey", "open sesame"),
    ],
    ids=["basic", "bearer", "header"],
)
async def test_the_gateway_logs_in_for_its_clients_and_shows_its_secret_nowhere(
    start_gateway: StartGateway, tmp_path: Path, credentials, header, value
):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(
        servicenow=servicenow, upstream={"credentials": credentials}, environ={"SECRET": "open sesame"}
    )

    response = await gateway.post(f"{gateway.servicenow}{INCIDENTS}", TICKET, Authorization="Basic dGhlaXJz")

    assert response.status == 201
    sent = servicenow.ledger.creates()[0].headers
    assert [given for name, given in sent if name.lower() == header.lower()] == [value]
    assert "Basic dGhlaXJz" not in str(sent)
    assert "Set-Cookie" not in response.headers
    assert b"open sesame" not in _store(tmp_path) + gateway.log.getvalue().encode() + await response.read()


async def test_an_upstream_with_a_private_ca_is_trusted_by_its_ca_file_and_not_without(
    start_gateway: StartGateway, tmp_path: Path
):
    servicenow = SimulatedServiceNow()
    async with over_tls(servicenow, tmp_path) as (base_url, ca_file):
        trusting = await start_gateway(servicenow=servicenow, upstream={"base_url": base_url, "ca_file": ca_file})
        trusted = await trusting.post(f"{trusting.servicenow}{INCIDENTS}", TICKET)

    assert trusted.status == 201
    assert trusted.headers["Location"].startswith(f"{trusting.servicenow}{INCIDENTS}/")


async def test_an_unknown_certificate_is_refused_and_nothing_is_sent(start_gateway: StartGateway, tmp_path: Path):
    servicenow = SimulatedServiceNow()
    async with over_tls(servicenow, tmp_path) as (base_url, _):
        gateway = await start_gateway(servicenow=servicenow, upstream={"base_url": base_url})
        response = await gateway.post(f"{gateway.servicenow}{INCIDENTS}", TICKET)

    assert (response.status, response.headers["ITSM-Outcome"]) == (502, "unreachable")
    assert "certificate" in await response.text()
    assert servicenow.tickets() == []


async def test_an_upstream_behind_an_egress_proxy_is_reached_through_it(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    async with an_egress_proxy() as (proxy, passed):
        gateway = await start_gateway(servicenow=servicenow, upstream={"egress_proxy": proxy})

        response = await gateway.post(f"{gateway.servicenow}{INCIDENTS}", TICKET)

    assert response.status == 201
    assert len(servicenow.tickets()) == 1
    assert passed[0].startswith("POST http://127.0.0.1:")


async def test_an_upstream_over_tls_is_reached_through_the_tunnel_of_an_egress_proxy(
    start_gateway: StartGateway, tmp_path: Path
):
    servicenow = SimulatedServiceNow()
    async with over_tls(servicenow, tmp_path) as (base_url, ca_file), a_tunnel() as (proxy, asked):
        upstream = {"base_url": base_url, "ca_file": ca_file, "egress_proxy": proxy}
        gateway = await start_gateway(servicenow=servicenow, upstream=upstream)
        responses = [await gateway.post(f"{gateway.servicenow}{INCIDENTS}", TICKET | {"n": n}) for n in (1, 2)]
        await gateway.stop()

    assert [response.status for response in responses] == [201, 201]
    assert asked == [f"CONNECT {base_url.removeprefix('https://')}"]


def _store(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("gateway.db*"))


@asynccontextmanager
async def over_tls(servicenow: SimulatedServiceNow, folder: Path) -> AsyncIterator[tuple[str, str]]:
    """The platform behind a certificate that nobody knows: its address, and the file that vouches for it."""
    make_pair(folder / "pair", "localhost")
    certificate = folder / "pair" / "tls.crt"
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, folder / "pair" / "tls.key")
    server = TestServer(servicenow.app(), host="localhost")
    await server.start_server(ssl=tls)
    yield f"https://localhost:{server.port}", str(certificate)
    await server.close()


@asynccontextmanager
async def an_egress_proxy() -> AsyncIterator[tuple[str, list[str]]]:
    """A forward proxy for plain http: it is sent absolute targets and passes them on."""
    passed: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b" ", 2)
        passed.append(f"{method.decode()} {target.decode()}")
        host, _, path = target.removeprefix(b"http://").partition(b"/")
        name, _, port = host.partition(b":")
        upstream, to_upstream = await asyncio.open_connection(name.decode(), int(port))
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        body = await reader.readexactly(length)
        head = head.replace(target, b"/" + path, 1).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        to_upstream.write(head + body)
        writer.write(await upstream.read())
        await writer.drain()
        writer.close()
        to_upstream.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", passed
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def a_tunnel() -> AsyncIterator[tuple[str, list[str]]]:
    """A forward proxy for https: it connects, and hands on what it cannot read."""
    asked: list[str] = []

    async def pump(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while piece := await source.read(65536):
            to.write(piece)
        to.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.decode().partition(" HTTP/1.1")[0])
        name, _, port = asked[-1].split(" ")[1].rpartition(":")
        upstream, to_upstream = await asyncio.open_connection(name, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pump(reader, to_upstream), pump(upstream, writer), return_exceptions=True)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


FILE: dict[str, str] = {}
LOGINS_BY_FILE = [
    ({"type": "bearer", "token": FILE}, "Authorization", ["Bearer old", "Bearer new"]),
    ({"type": "basic", "username": "me", "password": FILE}, "Authorization", ["Basic bWU6b2xk", "Basic bWU6bmV3"]),
    ({"type": "header", "name": "x-sn-apikey", "value": FILE}, "x-sn-apikey", ["old", "new"]),
]


@pytest.mark.parametrize(("credentials", "header", "logins"), LOGINS_BY_FILE, ids=["bearer", "basic", "header"])
@pytest.mark.parametrize("is_changed", [True, False], ids=["a new secret", "the same secret"])
async def test_a_refused_login_of_the_gateway_is_tried_once_more_where_its_secret_has_changed(
    start_gateway: StartGateway, tmp_path: Path, is_changed: bool, credentials, header, logins
):
    secret = tmp_path / "secret"
    secret.write_text("old")
    named = {key: {"file": str(secret)} if value is FILE else value for key, value in credentials.items()}
    servicenow = SimulatedServiceNow(faults=[refused(401).after(0.3)])
    gateway = await start_gateway(servicenow=servicenow, upstream={"credentials": named})

    creating = asyncio.create_task(gateway.post(f"{gateway.servicenow}{INCIDENTS}", TICKET))
    await asyncio.sleep(0.1)
    secret.write_text("new" if is_changed else "old")
    response = await creating

    seen = [dict(exchange.headers)[header] for exchange in servicenow.ledger.creates()]
    assert seen == (logins if is_changed else logins[:1])
    assert response.status == (201 if is_changed else 502)
    assert response.headers.get("ITSM-Error") == (None if is_changed else "upstream-credentials")
    assert len(servicenow.tickets()) == (1 if is_changed else 0)


async def test_an_account_of_the_gateway_that_is_locked_is_told_as_such_and_not_tried_again(
    start_gateway: StartGateway,
):
    jira = SimulatedJira(faults=[jira_captcha()])
    credentials = {"type": "bearer", "token": {"env": "SECRET"}}
    gateway = await start_gateway(jira=jira, upstream={"credentials": credentials}, environ={"SECRET": "open sesame"})

    response = await JIRA.create(gateway)

    assert response.status == 502
    assert response.headers["ITSM-Error"] == "upstream-credentials"
    assert "CAPTCHA_CHALLENGE" in (await response.text())
    assert len(jira.ledger.creates()) == 1


async def test_a_search_that_goes_on_for_long_logs_in_with_the_secret_as_it_is_by_then(
    start_gateway: StartGateway, tmp_path: Path
):
    secret = tmp_path / "secret"
    secret.write_text("old")
    servicenow = SimulatedServiceNow(faults=[stored_then(500)])
    servicenow.faults.every(1, refused(401).on(SEARCHES))
    credentials = {"type": "bearer", "token": {"file": str(secret)}}
    gateway = await start_gateway(servicenow=servicenow, upstream={"credentials": credentials}, config=HASTY)
    unconfirmed = await gateway.post(f"{gateway.servicenow}{INCIDENTS}", TICKET)

    secret.write_text("new")
    async with asyncio.timeout(10):
        while dict(servicenow.ledger.searches()[-1].headers)["Authorization"] != "Bearer new":  # noqa: ASYNC110  # nobody tells when
            await asyncio.sleep(0.01)
        servicenow.faults.clear()
        while (await gateway.call(unconfirmed)).get("outcome") != "reconciled":  # noqa: ASYNC110  # nobody tells when
            await asyncio.sleep(0.01)

    assert unconfirmed.headers["ITSM-Outcome"] == "unconfirmed"
    assert len(servicenow.tickets()) == 1
