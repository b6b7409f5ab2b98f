"""A first answer as it is kept for whoever asks again: byte for byte, without anybody's session."""

import json

from gateway.domain.verdict import Answer


def packed(answer: Answer) -> bytes:
    """Status and headers in a line of JSON, then the body as it came; `Set-Cookie` is left out."""
    headers = [pair for pair in answer.headers if pair[0].lower() != "set-cookie"]
    return json.dumps([answer.status, headers]).encode() + b"\n" + answer.body


def unpacked(kept: bytes) -> Answer:
    """The answer that `packed` made."""
    head, _, body = kept.partition(b"\n")
    status, headers = json.loads(head)
    return Answer(status, tuple((name, value) for name, value in headers), body)
