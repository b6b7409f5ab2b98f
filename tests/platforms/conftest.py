"""A search is a conversation: this holds its other end."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.platform import Finding, Question, Search


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was asked, and what was found in the end."""

    asked: list[Question]
    finding: Finding


@pytest.fixture
def converse() -> Callable[..., Conversation]:
    def held(search: Search, *answers: Answer) -> Conversation:
        asked: list[Question] = []
        remaining = iter(answers)
        try:
            asked.append(next(search))
            while True:
                asked.append(search.send(next(remaining)))
        except StopIteration as stop:
            assert next(remaining, None) is None, "fewer questions than answers"
            return Conversation(asked, stop.value)

    return held
