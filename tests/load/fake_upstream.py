"""A ServiceNow that costs next to nothing, so that what is measured is the proxy before it.

It answers creates, reads and everything else of the API, streams 200 MB down (`/file`), and swallows what is sent up.
A request's `X-Bench-Delay-Ms` says how long the answer takes.
"""

import asyncio
import json
import re
import socket
import sys
from uuid import uuid4

STREAMED_BYTES = 200 * 1024 * 1024
CHUNK = b"x" * (256 * 1024)

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_HOST = re.compile(rb"(?i)\r\nhost: *([^\r]+)")
_DELAY = re.compile(rb"(?i)\r\nx-bench-delay-ms: *(\d+)")
_CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding: *chunked")
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class Upstream(asyncio.Protocol):
    """One connection: a head, a body that is kept where it is short, an answer."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.head = b""
        self.missing: int | None = 0
        self.may_write = asyncio.Event()
        self.may_write.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def pause_writing(self) -> None:
        self.may_write.clear()

    def resume_writing(self) -> None:
        self.may_write.set()

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.head and not self._read_head():
            return
        if self._body_is_here():
            body, self.received = bytes(self.received), bytearray()
            head, self.head = self.head, b""
            delay = _DELAY.search(head)
            if delay is None:
                self._answer(head, body)
            else:
                asyncio.get_running_loop().call_later(int(delay[1]) / 1000, self._answer, head, body)

    def _read_head(self) -> bool:
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        self.head = bytes(self.received[: end + 2])
        del self.received[: end + 4]
        length = _LENGTH.search(self.head)
        self.missing = None if _CHUNKED.search(self.head) else int(length[1]) if length else 0
        return True

    def _body_is_here(self) -> bool:
        """A long body is counted and forgotten; a chunked one ends with its last chunk."""
        if self.missing is None:
            ended = self.received.endswith(_LAST_CHUNK)
            del self.received[: -len(_LAST_CHUNK)]
            return ended
        if self.missing > len(CHUNK):
            self.missing -= len(self.received)
            self.received.clear()
        return len(self.received) >= self.missing

    def _answer(self, head: bytes, body: bytes) -> None:
        method, target, _ = head.split(b" ", 2)
        if target.endswith(b"/file") and method == b"GET":
            self.streaming = asyncio.ensure_future(self._stream())
        elif method == b"POST" and target.startswith(b"/api/now/table/"):
            self._send(b"201 Created", _record(head, json.loads(body)), _location(head, target))
        else:
            self._send(b"200 OK", _record(head, {"short_description": "Disk is full", "impact": "2", "urgency": "2"}))

    def _send(self, status: bytes, body: bytes, more: bytes = b"") -> None:
        self.transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: application/json;charset=UTF-8\r\nX-Is-Logged-In: true\r\n"
            b"Server: snow_adc\r\nCache-Control: no-cache,no-store\r\n%bContent-Length: %d\r\n\r\n%b"
            % (status, more, len(body), body)
        )

    async def _stream(self) -> None:
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % STREAMED_BYTES
        )
        for _ in range(STREAMED_BYTES // len(CHUNK)):
            await self.may_write.wait()
            self.transport.write(CHUNK)


def _record(head: bytes, fields: dict[str, object]) -> bytes:
    user = f"http://{_host(head)}/api/now/table/sys_user/6816f79cc0a8016401c5a33be04be441"
    made = {
        "sys_id": uuid4().hex,
        "number": "INC0010023",
        "sys_created_on": "2026-01-05 09:30:00",
        "sys_updated_on": "2026-01-05 09:30:00",
        "sys_created_by": "integration",
        "opened_by": {"link": user, "value": "6816f79cc0a8016401c5a33be04be441"},
        "state": "1",
        "priority": "3",
        "active": "true",
        "sys_class_name": "incident",
        "made_sla": "true",
    }
    return json.dumps({"result": {**fields, **made}}, separators=(",", ":")).encode()


def _location(head: bytes, target: bytes) -> bytes:
    return f"Location: http://{_host(head)}{target.decode()}/{uuid4().hex}\r\n".encode()


def _host(head: bytes) -> str:
    found = _HOST.search(head)
    return found[1].decode() if found else "localhost"


async def main() -> None:
    listening = socket.socket(fileno=int(sys.argv[1]))
    server = await asyncio.get_running_loop().create_server(Upstream, sock=listening, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
