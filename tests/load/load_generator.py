"""Sends one kind of request over some connections for a while: `load_generator.py JOB`; JSON in, JSON out.

It speaks HTTP by bare bytes, so that it costs little beside the proxies that it measures.
"""

import asyncio
import http.client
import json
import re
import sys
from collections.abc import Iterator
from statistics import quantiles
from time import perf_counter, process_time

WARM_UP_SHARE = 0.2
"""So much of the time passes before calls are counted."""

STREAMED_BYTES = 200 * 1024 * 1024
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


class Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, request: bytes, until: float) -> None:
        self.request = request
        self.until = until
        self.received = bytearray()
        self.answers: list[tuple[float, float]] = []
        self.failures = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self.received, 0, end)
        if length is None or len(self.received) < end + 4 + int(length[1]):
            return
        now = perf_counter()
        self.answers.append((self.asked_at, now))
        self.failures += self.received[9:10] != b"2"
        self.received.clear()
        if now < self.until:
            self._ask()
        else:
            self.transport.close()

    def connection_lost(self, _why: Exception | None) -> None:
        if perf_counter() < self.until:
            self.failures += 1
        self.ended.set_result(None)

    def _ask(self) -> None:
        self.asked_at = perf_counter()
        self.transport.write(self.request)


async def load(port: int, request: bytes, clients: int, seconds: float) -> dict[str, float]:
    """Ask over `clients` connections for `seconds`."""
    loop = asyncio.get_running_loop()
    began = perf_counter()
    until, counted_from = began + seconds, began + seconds * WARM_UP_SHARE
    started = [
        (await loop.create_connection(lambda: Client(request, until), "127.0.0.1", port))[1] for _ in range(clients)
    ]
    await asyncio.wait([client.ended for client in started], timeout=seconds + 30)
    answers = [answer for client in started for answer in client.answers]
    counted = [ended - asked for asked, ended in answers if counted_from <= ended <= until]
    percentiles = quantiles(counted, n=100) if len(counted) > 1 else [seconds] * 99
    return {
        "per_second": len(counted) / (until - counted_from),
        "calls": len(answers),
        "p50": percentiles[49],
        "p99": percentiles[98],
        "failures": sum(client.failures for client in started),
        "own_cpu_share": process_time() / seconds,
    }


def download(port: int, target: str) -> dict[str, float]:
    """Fetch the long file once; megabytes a second."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began, room, received = perf_counter(), bytearray(256 * 1024), 0
    connection.request("GET", target)
    response = connection.getresponse()
    while count := response.readinto(room):
        received += count
    whole = response.status == http.client.OK and received == STREAMED_BYTES
    return _streamed(perf_counter() - began, whole=whole)


def upload(port: int, target: str) -> dict[str, float]:
    """Send the long file once; megabytes a second."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = perf_counter()
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(STREAMED_BYTES)}
    connection.request("POST", target, body=_long_body(), headers=headers)
    response = connection.getresponse()
    response.read()
    return _streamed(perf_counter() - began, whole=response.status == http.client.OK)


def _long_body() -> Iterator[bytes]:
    chunk = b"x" * (256 * 1024)
    for _ in range(STREAMED_BYTES // len(chunk)):
        yield chunk


def _streamed(seconds: float, *, whole: bool) -> dict[str, float]:
    return {
        "per_second": STREAMED_BYTES / 2**20 / seconds,
        "calls": 1,
        "p50": seconds,
        "p99": seconds,
        "failures": int(not whole),
        "own_cpu_share": process_time() / seconds,
    }


def main() -> None:
    job = json.loads(sys.argv[1])
    match job["kind"]:
        case "calls":
            request = job["request"].encode("latin-1")
            result = asyncio.run(load(job["port"], request, job["clients"], job["seconds"]))
        case "download":
            result = download(job["port"], job["target"])
        case _:
            result = upload(job["port"], job["target"])
    print(json.dumps(result))


if __name__ == "__main__":
    main()
