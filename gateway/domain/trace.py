"""W3C trace context: which trace a call belongs to, and the names that its spans have there.

Names are worked out, never handed around: whoever knows the call knows its spans, also after a restart.
"""

import re
from hashlib import blake2b
from typing import Final

from gateway.domain.call import Call
from gateway.domain.frozen import frozen

_TRACEPARENT: Final = re.compile(
    r"(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?"
)
"""Version 00 ends with its flags; a later one may say more."""

_SAMPLED: Final = 1
TRACE_HEADERS: Final = ("traceparent", "tracestate")
SPAN_BYTES: Final = 8


@frozen
class Parent:
    """The span that a client called from: 32 and 16 hex digits; `sampled` tells whether its trace is kept."""

    trace_id: str
    span_id: str
    sampled: bool


def parent_of(call: Call) -> Parent | None:
    """What `traceparent` says; None where it is not there or cannot be read, which begins a new trace."""
    told = call.header("traceparent")
    match = _TRACEPARENT.fullmatch(told.strip()) if told else None
    if match is None:
        return None
    return Parent(match[1], match[2], bool(int(match[3], 16) & _SAMPLED))


def trace_id(call: Call) -> str:
    """The client's trace; a call that came without one is a trace of its own, by its own id."""
    parent = parent_of(call)
    return parent.trace_id if parent else call.id


def trace_of_the_client(call: Call) -> str | None:
    """The trace that the client has, where it keeps it."""
    parent = parent_of(call)
    return parent.trace_id if parent and parent.sampled else None


def call_span(call: Call) -> str:
    """The span of a whole call: 16 hex digits."""
    return _span(call.id, "call")


def part_span(what: str, began_at: float) -> str:
    """The span of a part of one, such as an attempt, that began at a Unix time.

    Not by the call's id: an abandoned create goes on, and is told of, in the name of whoever took it over.
    """
    return _span(what, repr(began_at))


def traceparent(trace: str, span: str, *, sampled: bool) -> str:
    """The header's value."""
    return f"00-{trace}-{span}-{int(sampled):02x}"


def _span(whose: str, what: str) -> str:
    return blake2b(f"{whose} {what}".encode(), digest_size=SPAN_BYTES).hexdigest()
