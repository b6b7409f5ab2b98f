"""Requests that hold several requests: each part is judged, sent and answered by itself."""

from gateway.domain.call import Headers, Json
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer


@frozen
class Part:
    """One request of a bundle; `name` is how the client tells it from the others.

    Its body is `body`, or `document` where the bundle holds it as JSON. `fault` says why it cannot be read in one way
    only; then nothing else of it means anything.
    """

    name: str
    method: str = ""
    target: str = ""
    headers: Headers = ()
    body: bytes = b""
    document: Json = None
    fault: str = ""


@frozen
class Served:
    """A part and its answer; None where it was not sent, and will not be. `seconds` is what it took."""

    part: Part
    answer: Answer | None = None
    seconds: float = 0.0
