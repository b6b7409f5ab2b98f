"""Where the process is in its life; the readiness probe tells nothing else."""

from enum import StrEnum


class Phase(StrEnum):
    """Only while serving may new calls be sent here."""

    STARTING = "starting"
    SERVING = "serving"
    DRAINING = "draining"


class Lifecycle:
    """Moves forward only: a process that drains never serves again."""

    def __init__(self) -> None:
        self.phase = Phase.STARTING

    def serve(self) -> None:
        """Every listener is open."""
        if self.phase is Phase.STARTING:
            self.phase = Phase.SERVING

    def drain(self) -> None:
        """No new calls; those in flight are finished."""
        self.phase = Phase.DRAINING
