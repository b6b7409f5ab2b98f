"""A policy's `sla`, compiled: targets in seconds, and the calendar that they count in."""

from collections.abc import Iterator, Mapping

from gateway.domain.fault import Fault
from gateway.policy.document import Document, below
from gateway.policy.durations import seconds
from gateway.policy.file import SlaRule
from gateway.policy.near_miss import nearest
from gateway.sla.calendar import MOST_OPEN_SECONDS, Calendar, Elapsed
from gateway.sla.targets import SlaTargets


def promise_faults(rule: SlaRule, calendars: Mapping[str, Calendar], document: Document) -> Iterator[Fault]:
    """A calendar that nobody declared, and promises too long to be counted in open hours."""
    if rule.calendar is None:
        return
    if rule.calendar not in calendars:
        near = nearest(rule.calendar, calendars)
        known = ", ".join(sorted(calendars)) or "none"
        hint = f"did you mean {near!r}?" if near else f"the config has: {known}"
        yield document.fault("/sla/calendar", f"the config's `calendars` has no {rule.calendar!r}; {hint}")
    for promise, targets in (("response", rule.response), ("resolution", rule.resolution)):
        for priority, duration in targets.items():
            if seconds(duration) > MOST_OPEN_SECONDS:
                most = f"{MOST_OPEN_SECONDS / 3_600:.0f}h"
                place = below(f"/sla/{promise}", priority)
                yield document.fault(place, f"{duration} of open hours is more than can be counted: at most {most}")


def targets_of(rule: SlaRule, calendars: Mapping[str, Calendar]) -> SlaTargets:
    """What is promised, in seconds."""
    return SlaTargets(
        response={priority: seconds(duration) for priority, duration in rule.response.items()},
        resolution={priority: seconds(duration) for priority, duration in rule.resolution.items()},
        calendar=calendars[rule.calendar] if rule.calendar else Elapsed(),
        pause_states=None if rule.pause_states is None else frozenset(state.casefold() for state in rule.pause_states),
    )
