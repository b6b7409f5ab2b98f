"""Requests and answers as their bytes, and upstreams that speak them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from running import RunningGateway

MEGABYTE = 1024 * 1024
GATEWAYS_OWN = {"itsm-call-id", "itsm-outcome", "date", "content-length", "connection"}
UNCOVERED = "/api/x_acme/things"
Reply: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Before: TypeAlias = Callable[[Reply], Awaitable[RunningGateway]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came off the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def theirs(self) -> list[tuple[str, str]]:
        """The headers that the gateway did not add."""
        return [(name, value) for name, value in self.headers if name.lower() not in GATEWAYS_OWN]


async def exchange(gateway: RunningGateway, request: bytes) -> Answer:
    """Send these very bytes to the ServiceNow listener and read until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.running.bound["servicenow"].port)
    writer.write(request)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "") for line in lines]
    return Answer(int(first.split()[1]), [(name, value) for name, value in pairs], body)


def spelt(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """A request as its bytes."""
    lines = [f"{name}: {value}" for name, value in [("Host", "localhost"), ("Connection", "close"), *headers]]
    length = [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, *length, "", ""]).encode("ascii") + body


def wire(status: str, *headers: str, body: bytes = b"") -> bytes:
    """An answer as its bytes."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]).encode("ascii") + body


def saying(answer: bytes) -> Reply:
    """An upstream that says these very bytes to whatever it is asked, and hangs up."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    return reply
