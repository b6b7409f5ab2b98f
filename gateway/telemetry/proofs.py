"""Counts and tells what a platform stored otherwise than it was sent, where that was seen only later."""

from collections.abc import Sequence

from gateway.domain.call import PlatformName
from gateway.domain.fault import StoreUnavailable
from gateway.pipeline.field_names import listed
from gateway.telemetry.logger import Logger
from gateway.telemetry.metrics import Metrics


class Proofs:
    """One event a ticket; one where an upstream cannot be read any more."""

    def __init__(self, metrics: Metrics, logger: Logger) -> None:
        self._metrics = metrics
        self._log = logger
        self._denied: set[str] = set()

    def stored_otherwise(self, upstream: str, platform: PlatformName, call_id: str, fields: Sequence[str]) -> None:
        """A ticket was read back, and these fields of it are not as they were sent."""
        self._metrics.changed(platform, fields)
        self._log.info("stored otherwise", call_id=call_id, upstream=upstream, changed=listed(fields))

    def was_read(self, upstream: str) -> None:
        """Tickets were shown there."""
        self._denied.discard(upstream)

    def not_read(self, upstream: str, reason: str) -> None:
        """Tickets could not be read back, and will not be; told once, until some can be."""
        if upstream not in self._denied:
            self._denied.add(upstream)
            self._log.warning("tickets not read back", upstream=upstream, reason=reason)

    def not_noted(self, call_id: str, error: StoreUnavailable) -> None:
        """The store could not take it."""
        self._log.error("change not noted", call_id=call_id, error=str(error))
