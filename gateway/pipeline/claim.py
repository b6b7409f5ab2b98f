"""Recognising a create that comes again: by its key, or as the equal of one whose caller was left without an answer."""

import json
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TypeAlias

from gateway.domain.call import Call, Json
from gateway.domain.outcome import OutcomeKind
from gateway.domain.verdict import Answer, Evidence, Ticket
from gateway.pipeline.decision import Forward


@dataclass(frozen=True, slots=True)
class Claim:
    """What a create can be recognised by.

    `scope` and `key` name one create for good; `key` is None where nobody named it. Two creates of equal `fingerprint`
    (upstream, method, raw target, client, body) are the same request, which proves nothing unless one was abandoned.
    """

    scope: str
    key: str | None
    fingerprint: str


def claim_of(call: Call, document: "Json | None") -> Claim:
    """What a create can be recognised by; `document` is its body where somebody read it.

    A scope never holds a bearer token's trace: tokens rotate, and the key would double.
    """
    body = call.body or b"" if document is None else _canonical(document)
    fingerprint = _digest(call.upstream, call.method, call.target, call.client, body)
    scope = f"{call.upstream}/{call.route.name}/{call.client}"
    if call.idempotency_key is not None:
        return Claim(scope, call.idempotency_key, fingerprint)
    return Claim(scope, None, fingerprint)


def _canonical(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(*parts: str | bytes) -> str:
    digest = sha256()
    for part in parts:
        encoded = part if isinstance(part, bytes) else part.encode()
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


class Standing(StrEnum):
    """Where an earlier create stands."""

    IN_FLIGHT = "in_flight"
    """A process is at work on it, and its lease has not run out."""
    OPEN = "open"
    """Nobody is at work on it in-line: it is ambiguous, or its process died."""
    QUEUED = "queued"
    """It will be delivered later."""
    FINISHED = "finished"
    """It made a ticket."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An open create as the journal holds it: enough to go on with it in any process.

    `absent_from` (Unix seconds) is from when on an empty search proves that the last send made nothing; None where
    nothing was sent yet, or where its process died before it could say: then it follows from `last_sent` (Unix
    seconds). `epoch` names this holder: whoever writes with an older one is refused.
    """

    forward: Forward
    epoch: int
    evidence: Evidence | None
    absent_from: float | None
    tries: int = 0
    last_sent: float | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The create that this one repeats. `answer` is the first answer where it is `FINISHED`."""

    call_id: str
    standing: Standing
    fingerprint: str
    kind: OutcomeKind | None = None
    ticket: Ticket | None = None
    answer: Answer | None = None
    pending: Pending | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The row is written, and it is this caller's."""

    epoch: int = 1


Opening: TypeAlias = Opened | Earlier
