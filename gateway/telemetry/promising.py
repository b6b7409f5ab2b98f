"""Counts and tells how promises to people stand: due soon, kept, broken; and whether polling can see."""

from collections.abc import Iterable
from typing import Final, Protocol

from gateway.domain.fault import StoreUnavailable
from gateway.telemetry.logger import Logger
from gateway.telemetry.metrics import Metrics

_TOLD: Final = {"soon": "promise due soon", "kept": "promise kept", "breached": "promise broken"}


class Ticket(Protocol):
    """What is told of a ticket."""

    @property
    def id(self) -> str:
        """The gateway's id of it, which is its call's."""
        ...

    @property
    def platform(self) -> str:
        """Where it is."""
        ...

    @property
    def upstream(self) -> str:
        """At which instance."""
        ...

    @property
    def ticket_key(self) -> str | None:
        """What people call it."""
        ...

    @property
    def policy(self) -> str | None:
        """Who promised."""
        ...

    @property
    def priority(self) -> str | None:
        """How urgent it is."""
        ...

    @property
    def reopened(self) -> int | None:
        """How often it was opened again."""
        ...


class Change(Protocol):
    """A promise that stands otherwise than before."""

    @property
    def ticket(self) -> Ticket:
        """Whose."""
        ...

    @property
    def promise(self) -> str:
        """`response` or `resolution`."""
        ...

    @property
    def now(self) -> str | None:
        """How it stands."""
        ...


class Promising:
    """One event for each promise that is about to break, has, or was kept; every change is counted."""

    def __init__(self, metrics: Metrics, logger: Logger) -> None:
        self._metrics = metrics
        self._log = logger
        self._denied: dict[tuple[str, str], str] = {}

    def changed(self, changes: Iterable[Change]) -> None:
        """Promises that stand otherwise than before."""
        for change in changes:
            if not _is_kept_again(change):
                self._metrics.promise(change.ticket.platform, change.promise, change.now or "")
            if event := _TOLD.get(change.now or ""):
                ticket = change.ticket
                tell = self._log.info if change.now == "kept" else self._log.warning
                tell(
                    event,
                    promise=change.promise,
                    call_id=ticket.id,
                    upstream=ticket.upstream,
                    ticket=ticket.ticket_key,
                    policy=ticket.policy,
                    priority=ticket.priority,
                )

    def not_polled(self, upstream: str) -> None:
        """The gateway has no login of its own there."""
        self._log.warning("tickets not polled", upstream=upstream, mend=f"set upstreams.{upstream}.credentials")

    def polled(self, upstream: str, resource: str, denied: str) -> None:
        """Tickets were asked for; `denied` says why nothing could be seen, and is told once."""
        self._metrics.polled(upstream, "denied" if denied else "seen")
        if denied and self._denied.get((upstream, resource)) != denied:
            self._log.warning("poll denied", upstream=upstream, resource=resource, reason=denied)
        self._denied[upstream, resource] = denied

    def not_tracked(self, error: StoreUnavailable) -> None:
        """The records could not be read or written."""
        self._log.error("promises not tracked", error=str(error))


def _is_kept_again(change: Change) -> bool:
    """Solved in time once more after it was opened again: that promise was counted when it was first kept."""
    return change.now == "kept" and change.promise == "resolution" and bool(change.ticket.reopened)
