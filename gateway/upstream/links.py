"""API links in answers lead back through the gateway; human links and users' texts stay as they are.

Links inside JSON are found by their keys and exact bytes: parsing would cost memory and change the body.
"""

import re
from dataclasses import dataclass
from typing import Final

from gateway.domain.call import Headers
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer
from gateway.platforms.platform import Platform

_MAX_SPACE: Final = 4


@frozen
class Links:
    """The links of one upstream, compiled once."""

    base_url: str
    base: bytes
    pattern: re.Pattern[bytes]
    header_pattern: re.Pattern[str]
    headers: frozenset[str]
    longest: int

    @classmethod
    def of(cls, platform: Platform, base_url: str) -> "Links":
        """The links that this platform makes from its base URL."""
        keys = platform.link_keys()
        paths = "|".join(re.escape(path) for path in platform.link_paths())
        space = rf"\s{{0,{_MAX_SPACE}}}"
        key = "|".join(re.escape(key) for key in keys)
        in_body = f'("(?:{key})"{space}:{space}"){re.escape(base_url)}(?={paths})'
        longest = max(map(len, keys)) + len(base_url) + max(map(len, platform.link_paths())) + 2 * _MAX_SPACE + 4
        return cls(
            base_url,
            base_url.encode(),
            re.compile(in_body.encode()),
            re.compile(f"{re.escape(base_url)}(?={paths})"),
            platform.link_headers(),
            longest,
        )

    def in_headers(self, headers: Headers, gateway_base: str) -> Headers:
        """The same headers, those that hold API links leading back through the gateway."""
        return tuple(
            [
                (name, self.header_pattern.sub(_literal(gateway_base), value))
                if self.base_url in value and name.lower() in self.headers
                else (name, value)
                for name, value in headers
            ]
        )

    def in_answer(self, answer: Answer, gateway_base: str) -> Answer:
        """The same answer, its API links leading back through the gateway."""
        body = self.in_body(answer.body, gateway_base) if holds_json(answer) else answer.body
        return Answer(answer.status, self.in_headers(answer.headers, gateway_base), body)

    def in_body(self, body: bytes, gateway_base: str) -> bytes:
        """The same JSON, its API links leading back through the gateway."""
        if self.base not in body:
            return body
        base = gateway_base.encode()
        return self.pattern.sub(lambda match: match[1] + base, body)


@dataclass(slots=True)
class LinkStream:
    """Rewrites links in a JSON body that passes in chunks; a link cut in two by a chunk's end is still found."""

    links: Links
    gateway_base: str
    held: bytes = b""

    def feed(self, chunk: bytes) -> bytes:
        """What of the body so far can go on; the end is held back as long as a link may begin in it."""
        buffer = self.held + chunk
        safe = max(len(buffer) - self.links.longest, 0)
        replacement = self.gateway_base.encode()
        parts, position = [], 0
        for match in self.links.pattern.finditer(buffer):
            if match.start() >= safe:
                break
            parts += [buffer[position : match.end(1)], replacement]
            position = match.end()
        cut = max(safe, position)
        parts.append(buffer[position:cut])
        self.held = buffer[cut:]
        return b"".join(parts)

    def flush(self) -> bytes:
        """The rest."""
        rest, self.held = self.held, b""
        return self.links.in_body(rest, self.gateway_base)


def holds_json(answer: Answer) -> bool:
    """Whether a body can hold links that are found by their bytes."""
    coding = answer.header("content-encoding")
    if coding is not None and coding.lower() != "identity":
        return False
    return "json" in (answer.header("content-type") or "").lower()


def _literal(text: str) -> str:
    """As a replacement that stands for nothing but itself."""
    return text.replace("\\", r"\\")
