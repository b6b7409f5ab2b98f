"""How the upstreams answered, by the hour: added up in memory by whoever hears of calls, and written now and then."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from sqlalchemy import Select, func, select

from gateway.domain.frozen import frozen
from gateway.records.listing import within
from gateway.records.prepared import Prepared
from gateway.records.record import Window
from gateway.records.sla_figures import whole_hours
from gateway.records.store import Store
from gateway.records.sum_tables import upstream_hours
from gateway.records.upsert import insert_or_add

COUNTS: Final = ("exchanges", "answered", "turned_away", "minutes_asked", "minutes_answered")

UpstreamHour: TypeAlias = tuple[int, str, str]
"""The hour since 1970, the platform and the upstream."""

_ADD: Final = Prepared(insert_or_add(upstream_hours, COUNTS), ("hour", "platform", "upstream", *COUNTS))


@frozen
class UpstreamHours:
    """Writes what was counted, many calls at once; no call waits for it."""

    store: Store

    async def add(self, counted: Mapping[UpstreamHour, Mapping[str, int]]) -> None:
        """Add to the sums; raises StoreUnavailable."""
        rows = [(*key, *(counts.get(name, 0) for name in COUNTS)) for key, counts in sorted(counted.items())]
        await self.store.do(lambda connection: _ADD.run(connection, rows))


def answered(window: Window) -> Select[Any]:
    """Per upstream, the sums of a window; a policy has no upstream of its own, so that filter is passed over."""
    asked = {name: value for name, value in window.equal.items() if name in upstream_hours.c}
    hours = whole_hours(Window(asked, window.since, window.until))
    summed = [func.sum(upstream_hours.c[name]).label(name) for name in COUNTS]
    key = (upstream_hours.c.upstream, upstream_hours.c.platform)
    return select(*key, *summed).where(*within(upstream_hours, "hour", hours)).group_by(*key).order_by(*key)
