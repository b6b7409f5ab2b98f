"""Header names come in few spellings, so what holds of a name is worked out once for each."""

from collections.abc import Callable
from typing import Final, TypeVar

Verdict = TypeVar("Verdict")

MOST_REMEMBERED: Final = 256
LONGEST_REMEMBERED: Final = 100
"""Real clients and platforms stay below both; of a hostile variety the rest is worked out anew each time."""


class BySpelling(dict[str, Verdict]):
    """What a judge says of each name that is looked up."""

    def __init__(self, judge: Callable[[str], Verdict]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, name: str) -> Verdict:
        verdict = self._judge(name)
        if len(self) < MOST_REMEMBERED and len(name) <= LONGEST_REMEMBERED:
            self[name] = verdict
        return verdict
