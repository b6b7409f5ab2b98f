from collections.abc import Callable, Iterator
from io import StringIO

import pytest

from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.delivery import Attempt
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.policy.rules import Rules, UpstreamRules
from gateway.telemetry.log import Log, configure_logging
from gateway.telemetry.metrics import Metrics


def _an_outcome(kind: OutcomeKind = OutcomeKind.CREATED, *, attempts: int = 1, **parts) -> Outcome:
    call_parts = {name: parts.pop(name) for name in Call.__slots__ if name in parts}
    operation = parts.pop("operation", Operation.CREATE_TICKET)
    defaults = {
        "id": "c" * 32,
        "upstream": "sn",
        "platform": PlatformName.SERVICENOW,
        "route": Route("table.create", operation, "/api/now/table/incident", "incident"),
        "method": "POST",
        "target": "/api/now/table/incident",
        "headers": (("Authorization", "Basic c2VjcmV0"), ("Cookie", "session=1")),
        "body": b'{"short_description": "private words"}',
        "received_at": 1000.0,
        "deadline": 60.0,
        "gateway_base": "http://gateway",
    }
    made = tuple(
        Attempt(number, 1000.0, 0.1, 201 if number == attempts else 503, None, 0.0 if number == 1 else 5.0)
        for number in range(1, attempts + 1)
    )
    parts = {"ended_at": 1001.5, "attempts": made} | parts
    return Outcome(call=Call(**(defaults | call_parts)), kind=kind, **parts)


@pytest.fixture
def an_outcome() -> Callable[..., Outcome]:
    return _an_outcome


@pytest.fixture
def rules() -> Rules:
    upstreams = {"sn": UpstreamRules(PlatformName.SERVICENOW), "jira": UpstreamRules(PlatformName.JIRA)}
    return Rules("v1", (), {}, upstreams)


@pytest.fixture
def metrics(rules: Rules) -> Metrics:
    metrics = Metrics("1.2.3")
    metrics.declare(rules)
    return metrics


@pytest.fixture
def sample(metrics: Metrics) -> Callable[..., float | None]:
    """The value of one sample as a scrape shows it; None where there is no such series."""
    registry = metrics._registry

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    return value


@pytest.fixture
def stream() -> StringIO:
    return StringIO()


@pytest.fixture
def log(stream: StringIO) -> Iterator[Log]:
    log = configure_logging("info", stream)
    yield log
    log.close()
