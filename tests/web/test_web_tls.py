"""Listeners that speak https: links lead back by it, and a certificate is renewed under open connections."""

import asyncio
import json
import ssl
from pathlib import Path

import aiohttp
import pytest
from injector.certificates import MountedSecret, make_pair, trusting
from running import RunningGateway, StartGateway

from gateway.config.certificate import Certificate
from gateway.domain.fault import ConfigError
from gateway.simulator import SimulatedServiceNow

INCIDENTS = "/api/now/table/incident"


async def https_gateway(start: StartGateway, secret: MountedSecret) -> RunningGateway:
    tls = {"certificate": str(secret.certificate), "key": str(secret.key)}
    listen = {"proxy": "127.0.0.1:0", "api": "127.0.0.1:0", "tls": tls}
    return await start(servicenow=SimulatedServiceNow(), config={"listen": listen}, upstream={"tls": tls})


def mounted(folder: Path, *names: str) -> MountedSecret:
    for name in names:
        make_pair(folder / name, name)
    secret = MountedSecret(folder / "mounted")
    secret.hold(folder / names[0] / "tls.crt", folder / names[0] / "tls.key")
    return secret


def https(gateway: RunningGateway, listener: str) -> str:
    return gateway.address(listener).replace("http://", "https://")


async def test_a_ticket_is_made_over_https_and_its_links_stay_there(start_gateway: StartGateway, tmp_path: Path):
    gateway = await https_gateway(start_gateway, mounted(tmp_path, "pair"))
    base = https(gateway, "servicenow")

    async with aiohttp.ClientSession() as session:
        trust = trusting(tmp_path / "pair")
        made = await session.post(base + INCIDENTS, json={"short_description": "Disk full"}, ssl=trust)
        shown = await session.get(https(gateway, "proxy") + "/servicenow" + INCIDENTS, ssl=trust)
        api = await session.get(https(gateway, "api") + "/livez", ssl=trust)

    assert (made.status, shown.status, api.status) == (201, 200, 200)
    assert made.headers["Location"].startswith(base)


async def test_nothing_older_than_tls_1_2_is_spoken(start_gateway: StartGateway, tmp_path: Path):
    gateway = await https_gateway(start_gateway, mounted(tmp_path, "pair"))
    old = trusting(tmp_path / "pair")
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1

    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorSSLError):
            await session.get(https(gateway, "servicenow") + INCIDENTS, ssl=old)


async def test_plain_http_on_an_https_listener_ends_without_a_traceback(start_gateway: StartGateway, tmp_path: Path):
    gateway = await https_gateway(start_gateway, mounted(tmp_path, "pair"))

    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(gateway.servicenow + INCIDENTS)

    assert "Traceback" not in gateway.log.getvalue()


def test_a_renewed_pair_serves_new_connections_and_a_torn_one_changes_nothing(tmp_path: Path):
    secret = mounted(tmp_path, "first", "second")
    certificate = Certificate(secret.certificate, secret.key)

    secret.hold(tmp_path / "second" / "tls.crt", tmp_path / "first" / "tls.key")
    with pytest.raises(Exception, match="are no PEM certificate and its key"):
        certificate.renew()
    secret.hold(tmp_path / "second" / "tls.crt", tmp_path / "second" / "tls.key")

    assert certificate.renew() is True
    assert certificate.renew() is False


async def test_a_renewed_certificate_is_shown_to_new_clients_of_a_running_listener_and_old_connections_live_on(
    start_gateway: StartGateway, tmp_path: Path
):
    secret = mounted(tmp_path, "first", "second")
    gateway = await https_gateway(start_gateway, secret)
    listeners = [gateway.running.bound[name].port for name in ("servicenow", "proxy", "api")]
    trust = trusting(tmp_path / "first", tmp_path / "second")
    reader, writer = await asyncio.open_connection("localhost", listeners[0], ssl=trust)
    before = [await shown_at(port, trust) for port in listeners]

    secret.hold(tmp_path / "second" / "tls.crt", tmp_path / "second" / "tls.key")
    async with asyncio.timeout(20):
        while "first" in [await shown_at(port, trust) for port in listeners]:  # noqa: ASYNC110  # files tell
            await asyncio.sleep(0.05)
    writer.write(b"GET /api/now/table/incident HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answered = await reader.readline()
    writer.close()
    await writer.wait_closed()

    assert before == ["first"] * 3
    assert [await shown_at(port, trust) for port in listeners] == ["second"] * 3
    assert answered == b"HTTP/1.1 200 OK\r\n"
    assert gateway.log.getvalue().count("certificate renewed") == 3
    assert str(secret.certificate) in gateway.log.getvalue()


async def shown_at(port: int, trust: ssl.SSLContext) -> str:
    """The name in the certificate that a new connection is shown."""
    _, writer = await asyncio.open_connection("localhost", port, ssl=trust)
    certificate = writer.get_extra_info("peercert")
    writer.close()
    await writer.wait_closed()
    return dict(pair for [pair] in certificate["subject"])["commonName"]


@pytest.mark.parametrize("content", [None, "not a certificate"])
async def test_files_that_are_no_pair_are_named_before_the_start(
    start_gateway: StartGateway, tmp_path: Path, content: str | None
):
    make_pair(tmp_path / "pair", "localhost")
    certificate = tmp_path / "tls.crt"
    if content is not None:
        certificate.write_text(content)
    tls = {"certificate": str(certificate), "key": str(tmp_path / "pair" / "tls.key")}

    with pytest.raises(ConfigError) as caught:
        await start_gateway(servicenow=SimulatedServiceNow(), upstream={"tls": tls})

    [fault] = caught.value.faults
    assert fault.pointer == "/upstreams/servicenow/tls"
    assert str(certificate) in fault.message
    assert json.dumps(fault.message).isascii()
