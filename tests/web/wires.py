"""Bytes over a socket: a gateway before an upstream that remembers what it was sent, to the byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

FINE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Arrived:
    """One request as it reached the upstream; a chunked body is shown without its framing."""

    head: bytes
    body: bytes

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n")[0].decode("ascii")

    @property
    def headers(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines) if name]

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name.lower()]


@dataclass
class Upstream:
    """Answers every request with the same bytes, strictly read."""

    answer: bytes = FINE
    arrived: list[Arrived] = field(default_factory=list)
    port: int = 0
    hangs_up: bool = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await _body(Arrived(head, b""), reader)
                self.arrived.append(Arrived(head.removesuffix(b"\r\n\r\n"), body))
                writer.write(self.answer)
                await writer.drain()
                if self.hangs_up:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


async def _body(request: Arrived, reader: asyncio.StreamReader) -> bytes:
    if request.values("content-length"):
        return await reader.readexactly(int(request.values("content-length")[0]))
    body = b""
    while request.values("transfer-encoding"):
        size = int(await reader.readline(), 16)
        piece = await reader.readexactly(size + 2)
        if size == 0:
            break
        body += piece[:-2]
    return body


@asynccontextmanager
async def upstream(answer: bytes = FINE) -> AsyncIterator[Upstream]:
    """One that listens on loopback."""
    each = Upstream(answer)
    server = await asyncio.start_server(each._serve, "127.0.0.1", 0)
    each.port = server.sockets[0].getsockname()[1]
    try:
        yield each
    finally:
        server.close()


async def said(port: int, request: bytes, *, seconds: float = 5.0) -> bytes:
    """Everything that is answered to these bytes before the connection ends, or nothing more comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        writer.write(request)
        async with asyncio.timeout(seconds):
            while piece := await reader.read(65_536):
                answer += piece
                if _complete(answer):
                    break
    except (ConnectionError, TimeoutError):
        return answer
    finally:
        writer.close()
    return answer


def status_of(answer: bytes) -> int:
    """The first final status; 0 where there is none."""
    rest = answer
    while rest.startswith(b"HTTP/1.1 1"):
        rest = rest.partition(b"\r\n\r\n")[2]
    parts = rest.split(b" ", 2)
    return int(parts[1]) if len(parts) > 1 else 0


def _complete(answer: bytes) -> bool:
    """Whether one answer with a `Content-Length` is whole."""
    rest = answer
    while rest.startswith(b"HTTP/1.1 1") and b"\r\n\r\n" in rest:
        rest = rest.partition(b"\r\n\r\n")[2]
    head, found, body = rest.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return bool(found) and bool(lengths) and len(body) >= int(lengths[0].split(b":")[1])
