"""What is allowed and yet worth a second thought: `check` says so, nothing is refused."""

from collections.abc import Iterator

from gateway.config.load import Loaded
from gateway.domain.fault import Fault
from gateway.domain.retry import Creates

CAN_DOUBLE = "'immediate' sends a create again without a search, and can double tickets; 'reconcile' searches first"


def notes(loaded: Loaded) -> tuple[Fault, ...]:
    """One note a place, shaped like a fault."""
    return tuple(_immediate_creates(loaded))


def _immediate_creates(loaded: Loaded) -> Iterator[Fault]:
    settings = loaded.settings
    if settings.retry_policy.creates is Creates.IMMEDIATE:
        yield loaded.config.fault("/retry_policy/creates", CAN_DOUBLE)
    for name, upstream in settings.upstreams.items():
        if upstream.retry_policy.creates is Creates.IMMEDIATE:
            yield loaded.config.fault(f"/upstreams/{name}/retry_policy/creates", CAN_DOUBLE)
    for policy in loaded.rules.policies:
        if policy.retry.get("creates") is Creates.IMMEDIATE:
            yield loaded.policies[policy.file].fault("/retry_policy/creates", CAN_DOUBLE)
