"""What the journal hands to its writer: the frozen values themselves, made into rows on the writer's side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from gateway.domain.outcome import Outcome
from gateway.pipeline.decision import Forward


@dataclass(frozen=True, slots=True)
class Opening:
    """A ticket call is about to leave for the first time; `owner` is the process that sends it."""

    forward: Forward
    at: float
    owner: str


@dataclass(frozen=True, slots=True)
class Sending:
    """A further attempt of an open call is about to leave."""

    call_id: str
    at: float


@dataclass(frozen=True, slots=True)
class Closing:
    """A ticket call ended, and its caller is about to be told."""

    forward: Forward
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Settling:
    """It is known at last what became of a call whose caller was told `unconfirmed`."""

    forward: Forward
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Noting:
    """A call that made no journal row has ended."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Chore:
    """Upkeep with a commit of its own; `run` returns how many rows it touched."""

    run: Callable[[Connection], int]


Entry: TypeAlias = Opening | Sending | Closing | Settling | Noting | Chore
