"""The specification's `retry_policy` and `timeout` as an operator writes them: only what differs."""

from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from gateway.domain.retry import Creates, RetryPolicy, Timeouts
from gateway.policy.strict import Strict


def _no_switch(given: object) -> object:
    if isinstance(given, bool):
        raise PydanticCustomError("number", "must be a number, not {given}", {"given": str(given).lower()})
    return given


Count = Annotated[int, Field(ge=0, le=100), BeforeValidator(_no_switch)]
Wait = Annotated[float, Field(ge=0, le=86_400), BeforeValidator(_no_switch)]
Factor = Annotated[float, Field(ge=1, le=100), BeforeValidator(_no_switch)]
Limit = Annotated[float, Field(gt=0, le=86_400), BeforeValidator(_no_switch)]
Status = Annotated[int, Field(ge=400, le=599)]


class RetrySettings(Strict):
    """How a call that failed is tried again; absent keys keep what is in force further out."""

    max_retries: Count | None = Field(default=None, examples=[3])
    """Attempts after the first."""
    retry_delay_seconds: Wait | None = Field(default=None, examples=[5])
    """The wait before the first retry."""
    exponential_backoff: bool | None = None
    """Whether each wait is `backoff_multiplier` times the one before; false makes all waits equal."""
    backoff_multiplier: Factor | None = Field(default=None, examples=[2])
    """How much longer each wait is than the one before."""
    max_retry_delay_seconds: Wait | None = Field(default=None, examples=[60])
    """The longest wait."""
    retryable_status_codes: frozenset[Status] | None = Field(default=None, examples=[[429, 500, 502, 503, 504]])
    """The statuses after which a call is tried again."""
    creates: Creates | None = None
    """After a create whose effect is unknown: `reconcile` searches before it sends again, `never` does not send again,
    `immediate` sends again without a search and can double tickets."""

    def overrides(self) -> dict[str, object]:
        """The keys that were set, in the types of `RetryPolicy.overridden`."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}

    def over(self, policy: RetryPolicy) -> RetryPolicy:
        """The policy further out, with these keys over it."""
        return policy.overridden(**self.overrides())


class TimeoutSettings(Strict):
    """How long a call may take; absent keys keep what is in force further out."""

    connection_timeout_seconds: Limit | None = Field(default=None, examples=[10])
    """The longest wait for a connection, per attempt."""
    read_timeout_seconds: Limit | None = Field(default=None, examples=[30])
    """The longest wait for an answer, per attempt."""
    total_timeout_seconds: Limit | None = Field(default=None, examples=[60])
    """The deadline of the whole call: attempts, waits and searches together."""

    def over(self, timeouts: Timeouts) -> Timeouts:
        """The timeouts further out, with these keys over them."""
        given = {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}
        return replace(timeouts, **given)
