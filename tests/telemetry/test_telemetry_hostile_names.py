"""Names that strangers choose never become series: a scrape is as long after an attack as before it."""

import random

import pytest

from gateway.domain.call import Operation, PlatformName, Route
from gateway.domain.outcome import OutcomeKind
from gateway.domain.problem import Code, Problem, ProblemType, Violation
from gateway.policy.rules import Rules, UpstreamRules

MANY = 10_000
ALPHABET = 'abc_.-/\\"\n\t\x00{}=,ÄÖ語💥 '


@pytest.fixture
def hostile() -> list[str]:
    chance = random.Random(5)
    return ["".join(chance.choices(ALPHABET, k=chance.randint(1, 300))) + str(number) for number in range(MANY)]


def series(metrics) -> int:
    return sum(not line.startswith("#") for line in metrics.exposition("")[0].decode().splitlines())


@pytest.fixture
def before(metrics) -> int:
    metrics.declare(Rules("v1", (), {}, {"sn": UpstreamRules(PlatformName.SERVICENOW)}))
    return series(metrics)


def test_hostile_field_names_make_no_series(metrics, before, an_outcome, hostile):
    for name in hostile:
        violations = (Violation(name, Code.UNKNOWN_FIELD, name),)
        problem = Problem(ProblemType.VALIDATION_FAILED, 400, name, violations)
        metrics.concluded(an_outcome(OutcomeKind.VALIDATION_FAILED, attempts=0, violations=violations, problem=problem))

    assert series(metrics) == before


def test_hostile_template_names_make_no_series(metrics, before, an_outcome, hostile):
    problem = Problem(ProblemType.UNKNOWN_TEMPLATE, 400, "")
    for name in hostile:
        metrics.concluded(an_outcome(OutcomeKind.TEMPLATE_FAILED, attempts=0, template_name=name, problem=problem))

    assert series(metrics) == before


def test_hostile_paths_upstreams_and_clients_make_no_series(metrics, before, an_outcome, hostile):
    for name in hostile:
        outcome = an_outcome(
            OutcomeKind.FORWARDED,
            upstream=name,
            client=name,
            job_id=name,
            target=f"/{name}",
            route=Route(name, Operation.READ, f"/{name}", name),
        )
        metrics.books.received(outcome.call)
        metrics.concluded(outcome)
        metrics.books.left(outcome.call)

    assert series(metrics) == before
    assert 'itsm_calls_received_total{upstream="_other"} 10000.0' in metrics.exposition("")[0].decode()
