"""Tracing, where a collector is named; else nobody pays for it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from gateway.config.settings import Settings
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome
from gateway.domain.trace import trace_of_the_client
from gateway.pipeline.decide import decide
from gateway.pipeline.ports import Decide, Telling
from gateway.policy.rules import Rules
from gateway.telemetry.creations import KeptTrace
from gateway.telemetry.stopwatch import TimedRules, timed_decide
from gateway.telemetry.tracing import Tracing
from gateway.upstream.errand import Onward


@frozen
class Traces:
    """What differs where calls are traced; as it stands here, they are not."""

    kept_trace: KeptTrace = trace_of_the_client
    onward: Onward | None = None
    decide: Decide = decide
    rules: Callable[[Callable[[], Rules]], Callable[[], Rules]] = lambda current: current
    listeners: tuple[Telling, ...] = ()
    tried: tuple[Callable[[Outcome], None], ...] = ()


@contextmanager
def traces(settings: Settings, environ: Mapping[str, str]) -> Iterator[Traces]:
    """Trace calls until the context ends, if spans have somewhere to go."""
    endpoint = settings.tracing.endpoint(environ)
    if endpoint is None:
        yield Traces()
        return
    from gateway.telemetry.otlp import collector  # noqa: PLC0415 (an extra, and heavy: only for who traces)

    with collector(endpoint) as sending:
        tracing = Tracing(sending)
        yield Traces(tracing.kept_trace, tracing.onward, timed_decide, TimedRules, (tracing,), (tracing.tried,))
