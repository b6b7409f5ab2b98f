"""The lines to the upstreams, as the settings describe them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from gateway.config.credentials import log_in, reported
from gateway.config.settings import Settings
from gateway.config.upstream_settings import UpstreamSettings
from gateway.domain.frozen import frozen
from gateway.pipeline.ports import Journal
from gateway.platforms.registry import PLATFORMS
from gateway.policy.retry_settings import RetrySettings
from gateway.policy.rules import Rules
from gateway.telemetry.circuits import Circuits
from gateway.telemetry.log import Log
from gateway.telemetry.metrics import Metrics
from gateway.upstream.errand import Line, Onward
from gateway.upstream.protection.budget import RetryBudget
from gateway.upstream.protection.gates import Gates
from gateway.upstream.protection.protection import Protection
from gateway.upstream.sessions import sessions
from gateway.upstream.upstream import Upstream

SPECIFIED_DELAY_SECONDS = 5.0


@frozen
class Surroundings:
    """What a gateway is given by its process."""

    settings: Settings
    rules: Callable[[], Rules]
    environ: Mapping[str, str]
    log: Log


@asynccontextmanager
async def opened(
    around: Surroundings, journal: Journal, metrics: Metrics, onward: Onward | None
) -> AsyncIterator[dict[str, Line]]:
    """Open the sessions of every upstream, and close them again."""
    settings = around.settings
    async with AsyncExitStack() as stack:
        yield {
            name: Line(
                upstream,
                await stack.enter_async_context(sessions(upstream)),
                journal,
                metrics,
                _protection(settings.upstreams[name], settings.retry_policy, Circuits(around.log.logger, name)),
                onward=onward,
            )
            for name, upstream in _upstreams(around).items()
        }


def _upstreams(around: Surroundings) -> dict[str, Upstream]:
    return {name: _upstream(name, each, around) for name, each in around.settings.upstreams.items()}


def _upstream(name: str, each: UpstreamSettings, around: Surroundings) -> Upstream:
    settings = around.settings
    login = log_in(each.credentials, around.environ)
    return Upstream(
        name=name,
        platform=PLATFORMS[each.platform],
        base_url=each.base_url,
        timeouts=each.timeouts(settings.timeout),
        windows=each.windows,
        credentials=reported(login, around.log.redaction.know) if login else None,
        ca_file=each.ca_file,
        egress_proxy=each.egress_proxy,
        max_answer_bytes=settings.limits.max_answer_bytes,
    )


def _protection(each: UpstreamSettings, shared: RetrySettings, circuits: Circuits) -> Protection:
    """Where a platform names no time, its pauses are made for the specification's delay, and shrink with it."""
    delay = each.rules(shared).retry.retry_delay_seconds
    return Protection(
        each.platform,
        each.circuit_breaker,
        RetryBudget(calls_per_retry=each.calls_per_retry),
        gates=Gates(haste=max(SPECIFIED_DELAY_SECONDS / max(delay, 0.001), 1.0)),
        told=circuits.turned,
    )
