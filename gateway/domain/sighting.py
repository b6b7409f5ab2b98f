"""What a glance at a ticket tells of its progress, whoever glanced."""

from enum import StrEnum

from gateway.domain.frozen import frozen


class Stage(StrEnum):
    """How far the work on a ticket is."""

    NEW = "new"
    STARTED = "started"
    RESOLVED = "resolved"


@frozen
class Sighting:
    """One ticket as it was seen. `ticket` is its id or key, as the platform's API takes either.

    `state` is the platform's own word or number, empty where only something else was seen. `at` (Unix seconds) is when
    it came to be so, as far as the platform told, else when it was seen. `responded` tells that a person has answered.
    """

    ticket: str
    at: float
    state: str = ""
    stage: Stage | None = None
    responded: bool = False


@frozen
class Move:
    """A step of a workflow, by the state that it leads to: whoever takes it names only the step."""

    state: str
    stage: Stage | None
