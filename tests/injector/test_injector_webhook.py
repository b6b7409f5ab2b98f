"""The running webhook, over TLS, while its certificate is renewed under load, and when it is told to stop."""

import asyncio
import io
import json
import os
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import ClientSession, TCPConnector
from injector.certificates import MountedSecret, make_pair, trusting
from injector.golden import DEFAULTS, PODS, golden, workload
from injector.reviews import admitted_pod, patch_in, review_of
from running import Terminal

from gateway.config.address import HostPort
from gateway.injector.webhook import Door, serving, webhook
from gateway.telemetry.log import Log


class Injector(NamedTuple):
    url: str
    port: int
    secret: MountedSecret
    log: io.StringIO

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.log.getvalue().splitlines()]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pairs")
    for name in ("first", "second", "third"):
        make_pair(folder / name, name)
    return [folder / name for name in ("first", "second", "third")]


@pytest.fixture
async def injector(pairs: list[Path], tmp_path: Path) -> AsyncIterator[Injector]:
    secret = MountedSecret(tmp_path / "tls")
    secret.hold(pairs[0] / "tls.crt", pairs[0] / "tls.key")
    stream = Terminal()
    log = Log("info", stream, readable=False)
    door = Door(HostPort("127.0.0.1", 0), secret.certificate, secret.key, poll_seconds=0.01)
    async with serving(webhook(DEFAULTS, log.logger), door) as address:
        yield Injector(f"https://127.0.0.1:{address.port}", address.port, secret, stream)
    log.close()


@pytest.fixture
async def trusting_client(pairs: list[Path]) -> AsyncIterator[ClientSession]:
    """Trusts all the pairs, and opens a connection for every request."""
    connector = TCPConnector(ssl=trusting(*pairs), force_close=True)
    async with ClientSession(connector=connector) as session:
        yield session


async def served_name(port: int, pairs: list[Path], server_hostname: str = "127.0.0.1") -> str:
    """The common name of the certificate that a new connection is shown."""
    context = trusting(*pairs)
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=server_hostname)
    subject = writer.get_extra_info("peercert")["subject"]
    writer.close()
    await writer.wait_closed()
    return dict(pair[0] for pair in subject)["commonName"]


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not await holds():  # noqa: ASYNC110 (what is waited for happens in another process's words: its log)
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", [each for each in PODS if each.startswith("pod-") and "asked" not in each])
async def test_each_golden_pod_is_answered_over_tls_as_it_was_reviewed(
    name: str, injector: Injector, trusting_client: ClientSession
):
    reviewed = json.loads(golden(name).read_text())

    async with trusting_client.post(f"{injector.url}/mutate", json=review_of(workload(name).pod)) as answer:
        response = (await answer.json())["response"]

    if "patch" in reviewed:
        assert patch_in(response) == reviewed["patch"]
    else:
        assert response["allowed"] is ("left" in reviewed)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"kind": "AdmissionReview"}', b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_review_is_a_client_error(
    body: bytes, injector: Injector, trusting_client: ClientSession
):
    async with trusting_client.post(f"{injector.url}/mutate", data=body) as answer:
        text = await answer.text()

    assert answer.status == 400
    assert text.startswith("not an AdmissionReview: ")


async def test_the_decision_is_logged_and_the_pod_is_not(injector: Injector, trusting_client: ClientSession):
    pod = admitted_pod()
    pod["spec"]["containers"][0]["env"] = [{"name": "PASSWORD", "value": "hunter2"}]

    await trusting_client.post(f"{injector.url}/mutate", json=review_of(pod))

    line = json.loads(injector.log.getvalue().splitlines()[-1])
    assert (line["event"], line["namespace"], line["pod"]) == ("pod reviewed", "batch", "reporter-6d4b75cb6d-")
    assert line["result"] == "patched"
    assert "hunter2" not in injector.log.getvalue()


async def test_reviews_are_counted_by_what_became_of_their_pods(injector: Injector, trusting_client: ClientSession):
    await trusting_client.post(f"{injector.url}/mutate", json=review_of(admitted_pod()))
    await trusting_client.post(f"{injector.url}/mutate", data=b"{")

    async with trusting_client.get(f"{injector.url}/metrics") as answer:
        told = (await answer.text()).splitlines()

    assert answer.content_type == "text/plain"
    assert [line for line in told if line.startswith("itsm_injections_total")] == [
        'itsm_injections_total{outcome="patched"} 1.0',
        'itsm_injections_total{outcome="left"} 0.0',
        'itsm_injections_total{outcome="refused"} 0.0',
        'itsm_injections_total{outcome="unreadable"} 1.0',
    ]


async def test_the_certificate_is_renewed_under_load_and_no_review_is_lost(
    injector: Injector, pairs: list[Path], trusting_client: ClientSession
):
    answered: list[bool] = []
    finished = asyncio.Event()

    async def load(worker: int) -> None:
        while not finished.is_set():
            uid = f"{worker}-{len(answered)}"
            async with trusting_client.post(f"{injector.url}/mutate", json=review_of(admitted_pod(), uid=uid)) as got:
                answered.append((await got.json())["response"]["uid"] == uid)

    async with asyncio.TaskGroup() as group:
        for worker in range(4):
            group.create_task(load(worker))
        for pair in (pairs[1], pairs[2], pairs[0], pairs[1]):
            injector.secret.hold(pair / "tls.crt", pair / "tls.key")

            async def shows(wanted: str = pair.name) -> bool:
                return await served_name(injector.port, pairs) == wanted

            await eventually(shows)
        finished.set()

    assert len(answered) > 4
    assert all(answered)
    assert injector.events().count("certificate renewed") == 4


async def test_a_pair_that_does_not_fit_together_leaves_the_last_good_one_in_force(
    injector: Injector, pairs: list[Path]
):
    async def noticed() -> bool:
        return "certificate not renewed" in injector.events()

    injector.secret.hold(pairs[1] / "tls.crt", pairs[2] / "tls.key")
    await eventually(noticed)

    assert await served_name(injector.port, pairs) == "first"
    assert await served_name(injector.port, pairs, "localhost") == "first"


async def test_a_client_that_trusts_somebody_else_is_not_served(injector: Injector, pairs: list[Path]):
    with pytest.raises(ssl.SSLCertVerificationError):
        await served_name(injector.port, pairs[1:])


async def test_the_probes_answer_and_the_program_ends_in_order_when_it_is_told(pairs: list[Path]):
    command = [sys.executable, "-m", "gateway", "injector", "serve", "--listen", "127.0.0.1:0", "--set", "secret=itsm"]
    files = ["--certificate", str(pairs[0] / "tls.crt"), "--key", str(pairs[0] / "tls.key")]
    process = await asyncio.create_subprocess_exec(
        *command, *files, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout
    started: dict[str, Any] = json.loads(await process.stdout.readline())

    async with ClientSession(connector=TCPConnector(ssl=trusting(pairs[0]))) as session:
        statuses = [(await session.get(f"https://{started['listen']}{path}")).status for path in ("/livez", "/readyz")]
    process.send_signal(signal.SIGTERM)
    rest = (await process.stdout.read()).decode()

    assert statuses == [200, 200]
    assert "injector draining" in rest
    assert await process.wait() == 0
