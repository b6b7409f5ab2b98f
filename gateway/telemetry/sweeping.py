"""Counts and tells what the sweep finds, and what it could not look at."""

from collections.abc import Mapping, Sequence

from gateway.domain.call import PlatformName
from gateway.domain.fault import StoreUnavailable
from gateway.telemetry.logger import Logger
from gateway.telemetry.metrics import Metrics


class Sweeping:
    """One event for each new finding; one where what can be looked at has changed."""

    def __init__(self, metrics: Metrics, logger: Logger) -> None:
        self._metrics = metrics
        self._log = logger
        self._denied: dict[str, dict[str, str]] = {}

    def not_swept(self, upstream: str) -> None:
        """The gateway has no login of its own there."""
        self._log.info("upstream not swept", upstream=upstream, mend=f"set upstreams.{upstream}.credentials")

    def found(self, kind: str, platform: PlatformName, **facts: str | Sequence[str] | None) -> None:
        """Something that was not known before."""
        self._metrics.found(platform, kind)
        self._log.warning("finding", kind=kind, platform=platform, **facts)

    def looked(self, upstream: str, denied: Mapping[str, str]) -> None:
        """A page was looked at; `denied` says by table what could not be, and why."""
        self._metrics.looked(upstream, "denied" if denied else "compared")
        told = self._denied.setdefault(upstream, {})
        if not denied:
            told.clear()
        for table, reason in denied.items():
            if told.get(table) != reason:
                told[table] = reason
                self._log.warning("sweep denied", upstream=upstream, table=table, reason=reason)

    def sweep_failed(self, error: StoreUnavailable) -> None:
        """The journal could not be read, or a finding not be written."""
        self._log.error("sweep failed", error=str(error))
