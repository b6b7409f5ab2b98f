"""What a client sends and what a platform answers, as values without a wire."""

import json
import zlib
from dataclasses import replace
from enum import StrEnum
from urllib.parse import parse_qsl, unquote

from gateway.domain.frozen import frozen

Headers = tuple[tuple[str, str], ...]

JSON_TYPE = ("Content-Type", "application/json;charset=UTF-8")
HTML_TYPE = ("Content-Type", "text/html;charset=UTF-8")
_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class Kind(StrEnum):
    """What a request is about, as far as faults and the ledger care."""

    CREATE = "create"
    SEARCH = "search"
    OTHER = "other"


@frozen
class Request:
    """A whole request; `target` is byte for byte what stood in the request line, `origin` the base of our own links."""

    method: str
    target: str
    headers: Headers
    body: bytes
    origin: str

    @property
    def path(self) -> str:
        """The decoded path, without the query."""
        return unquote(self.target.partition("?")[0])

    @property
    def parameters(self) -> dict[str, str]:
        """The decoded query; of a repeated name the last value counts."""
        return dict(self.parameter_pairs)

    @property
    def parameter_pairs(self) -> list[tuple[str, str]]:
        """The decoded query in its order, repetitions kept."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for given, value in self.headers if given.lower() == name.lower()), None)

    def document(self) -> object:
        """The body, unpacked if need be, read as JSON; a body that is none raises ValueError."""
        coding = (self.header("Content-Encoding") or "identity").lower()
        if coding == "identity":
            return json.loads(self.body)
        try:
            return json.loads(zlib.decompress(self.body, _WINDOWS[coding]))
        except (KeyError, zlib.error) as error:
            raise ValueError(f"the body is not {coding}: {error}") from error


@frozen
class Answer:
    """A whole answer; `ticket` names the ticket that the exchange brought into being, if it did."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    ticket: str | None = None

    def having(self, *headers: tuple[str, str]) -> "Answer":
        """The same answer with more headers."""
        return replace(self, headers=(*self.headers, *headers))


def json_answer(status: int, document: object, *headers: tuple[str, str], ticket: str | None = None) -> Answer:
    """An answer whose body is the document as JSON."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return Answer(status, (JSON_TYPE, *headers), body, ticket)


def html_answer(status: int, title: str, text: str) -> Answer:
    """The kind of page a load balancer or a login puts in the way of an API."""
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{text}</h1></body></html>"
    return Answer(status, (HTML_TYPE,), page.encode())
