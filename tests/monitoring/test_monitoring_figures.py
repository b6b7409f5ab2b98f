"""The success figures: what the dashboard shows is what the platforms' ledgers and the gateway's records add up to."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from monitoring.observation import Counted, Observation

from gateway.simulator import Exchange, Kind

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
FROM_TEMPLATE = "RCA Required: "


@pytest.fixture
def counted(observation: Observation) -> Counted:
    return observation.counted


def test_every_create_is_counted_once_by_how_its_caller_was_answered(observation: Observation, counted: Counted):
    told = Counter("unconfirmed" if settled_late(call) else call["outcome"] for call in creates(counted))

    assert {outcome: count for outcome, count in observation.totals.items() if count} == told
    assert told["unconfirmed"] == 1


def test_tickets_that_get_through_are_those_that_the_platforms_stored(observation: Observation, counted: Counted):
    sent = [title(exchange) for exchange in attempts(counted)]
    stored = [title(exchange) for exchange in attempts(counted) if exchange.ticket]
    tickets_wanted = len(set(sent)) + sent.count(f"{FROM_TEMPLATE}nightly-etl") - 1  # templates share one title

    assert observation.figures["Tickets get through"] == approximately(len(stored) / tickets_wanted)


def test_retry_success_is_the_share_of_tickets_that_met_a_fault_and_exist(observation: Observation, counted: Counted):
    met = {title(exchange) for exchange in attempts(counted) if exchange.fault}
    stored = {title(exchange) for exchange in attempts(counted) if exchange.ticket}

    assert observation.figures["Retries succeed"] == approximately(len(met & stored) / len(met))


def test_the_validation_error_rate_is_that_of_the_records(observation: Observation, counted: Counted):
    refused = [call for call in creates(counted) if call["outcome"] == "validation_failed"]

    rate = len(refused) / len(creates(counted))
    assert observation.figures["Creates refused for their fields"] == approximately(rate)


def test_the_share_of_templates_is_that_of_the_tickets_on_the_platforms(observation: Observation, counted: Counted):
    stored = [title(exchange) for exchange in attempts(counted) if exchange.ticket]
    by_template = [name for name in stored if name.startswith(FROM_TEMPLATE)]

    assert observation.figures["Tickets from templates"] == approximately(len(by_template) / len(stored))


def test_p95_retries_included_is_that_of_the_records_as_closely_as_buckets_tell(
    observation: Observation, counted: Counted
):
    seconds = [call["duration_seconds"] for call in creates(counted) if call["outcome"] in {"created", "reconciled"}]

    assert observation.figures["Time to ticket, p95"] == approximately(quantile(0.95, seconds))


def test_nothing_stays_unconfirmed_once_it_is_settled(observation: Observation):
    assert observation.figures["Unconfirmed now"] == pytest.approx(0, abs=0.01)


def test_no_call_fails_silently_by_the_metrics_and_by_the_records(observation: Observation, counted: Counted):
    assert observation.figures["Calls without an outcome"] == 0
    assert [call["id"] for call in counted.calls if call["outcome"] is None] == []


def creates(counted: Counted) -> list[Any]:
    return [call for call in counted.calls if call["operation"] == "create_ticket"]


def settled_late(call: Any) -> bool:
    return bool(call["settled_at"] > call["ended_at"])


def attempts(counted: Counted) -> list[Exchange]:
    return [exchange for exchange in counted.exchanges if exchange.kind is Kind.CREATE]


def title(exchange: Exchange) -> str:
    body = json.loads(exchange.body)
    return str(body.get("fields", body).get("summary") or body["short_description"])


def quantile(q: float, seconds: Sequence[float]) -> float:
    """As Prometheus does it: linear within the bucket in which the rank falls."""
    rank, lower, below = q * len(seconds), 0.0, 0
    for upper in BUCKETS:
        within = sum(each <= upper for each in seconds)
        if within >= rank:
            return lower + (upper - lower) * (rank - below) / (within - below)
        lower, below = upper, within
    raise AssertionError("slower than the last bucket")


def approximately(value: float) -> Any:
    return pytest.approx(value, rel=1e-6)
