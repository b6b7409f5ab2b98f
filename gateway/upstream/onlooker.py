"""Looks at an upstream with the gateway's own login, for what nobody waits for."""

import time
from collections.abc import Generator
from typing import Final, TypeVar

from gateway.domain.call import Operation
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer
from gateway.platforms.platform import Platform, Question, SearchDenied
from gateway.upstream.conversation import converse
from gateway.upstream.errand import Line
from gateway.upstream.protection.breaker import BreakerState

LONGEST_SECONDS: Final = 120.0
"""For all questions of one conversation together."""

FoundOut = TypeVar("FoundOut")


@frozen
class Onlooker:
    """One upstream where the gateway has a login."""

    line: Line

    @property
    def name(self) -> str:
        """The upstream's."""
        return self.line.upstream.name

    @property
    def platform(self) -> Platform:
        """How it is spoken to."""
        return self.line.upstream.platform

    @property
    def base_url(self) -> str:
        """Without a trailing slash."""
        return self.line.upstream.base_url

    def is_welcome(self) -> bool:
        """Not while reads fail there, nor while a rate limit is waited out: what is left is for calls."""
        standing = self.line.protection.standing(time.monotonic())
        return standing.breakers[Operation.READ] is BreakerState.CLOSED and not standing.closed_gates

    async def ask(self, talk: Generator[Question, Answer, FoundOut]) -> FoundOut | SearchDenied:
        """Carry a conversation there, among the few that go on beside the calls."""
        deadline = time.monotonic() + LONGEST_SECONDS
        async with self.line.background:
            return await converse(self.line, self.line.credentials() or (), talk, lambda: deadline - time.monotonic())
