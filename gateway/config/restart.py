"""What of a changed config does not take effect until the gateway is started anew."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from gateway.config.load import Loaded
from gateway.domain.fault import Fault
from gateway.policy.document import below

TAKES_EFFECT_AT_ONCE = (
    "/calendars",
    "/mode",
    "/retry_policy",
    "/templates",
    "/template_settings",
    "/upstreams/*/retry_policy",
    "/upstreams/*/unmatched",
)


def restart_notes(started: Loaded, now: Loaded) -> tuple[Fault, ...]:
    """One note for each key that differs from what the process runs with."""
    return tuple(
        Fault(now.config.file, now.config.line_of(pointer), pointer, "changed, but needs a restart to take effect")
        for pointer in _differences(started.settings.model_dump(), now.settings.model_dump(), "")
    )


def _differences(before: object, after: object, pointer: str) -> Iterator[str]:
    if before == after or any(fnmatchcase(pointer, pattern) for pattern in TAKES_EFFECT_AT_ONCE):
        return
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield pointer
        return
    for key in sorted(before.keys() | after.keys()):
        yield from _differences(before.get(key), after.get(key), below(pointer, key))
