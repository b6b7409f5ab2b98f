"""Where time and identity come from: a test passes its own, the demo takes the defaults."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

Clock = Callable[[], datetime]
Ids = Callable[[], str]


def utc_now() -> datetime:
    """The real time, always in UTC."""
    return datetime.now(UTC)


def random_id() -> str:
    """32 hexadecimal digits, the form of a ServiceNow sys_id."""
    return uuid4().hex
