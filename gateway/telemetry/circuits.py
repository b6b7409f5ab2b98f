"""Tells when an upstream is left alone, and when it is asked again."""

from gateway.domain.call import Operation
from gateway.domain.frozen import frozen
from gateway.telemetry.logger import Logger


@frozen
class Circuits:
    """One event for each change of a circuit of one upstream."""

    logger: Logger
    upstream: str

    def turned(self, operation: Operation, state: str) -> None:
        """It is `open`, `half_open` or `closed` now."""
        tell = self.logger.info if state == "closed" else self.logger.warning
        tell(f"circuit {state.replace('_', ' ')}", upstream=self.upstream, operation=operation)
