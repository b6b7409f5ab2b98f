"""A multipart body taken apart, byte for byte."""

import re

from gateway.domain.frozen import frozen
from gateway.simulator.messages import Request

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_PARAMETER = re.compile(r'\b(name|filename)="([^"]*)"')
_TYPE = re.compile(r"^content-type:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@frozen
class Part:
    """One part of a form; `filename` is empty where it is no file."""

    name: str
    filename: str
    media_type: str
    content: bytes


def parts_of(request: Request) -> list[Part]:
    """The parts in their order; none where the body is no form."""
    boundary = _BOUNDARY.search(request.header("Content-Type") or "")
    if boundary is None:
        return []
    pieces = (b"\r\n" + request.body).split(b"\r\n--" + boundary[1].encode())
    return [_part(piece) for piece in pieces[1:] if b"\r\n\r\n" in piece]


def _part(piece: bytes) -> Part:
    head, _, content = piece.partition(b"\r\n\r\n")
    lines = head.decode()
    named = dict(_PARAMETER.findall(lines))
    media = _TYPE.search(lines)
    kind = media[1] if media else "application/octet-stream"
    return Part(named.get("name", ""), named.get("filename", ""), kind, content)
