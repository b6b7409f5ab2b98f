"""What the gateway counts by itself is shown exactly as prometheus_client shows what it counts."""

import time

import prometheus_client
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from gateway.telemetry.metric import Kind, Metric
from gateway.telemetry.series import Counter, Histogram

COUNTER = Metric("itsm_calls_total", Kind.COUNTER, "All calls.", ("upstream", "outcome"))
HISTOGRAM = Metric("itsm_seconds", Kind.HISTOGRAM, "Seconds.", ("platform",), (0.001, 0.0025, 0.5, 1.0, 60.0))
VALUES = (0.0, 0.001, 0.0011, 0.5, 0.75, 1.0, 59.9, 60.0, 61.0, 1_000_000.0)


@pytest.fixture(autouse=True)
def no_created(monkeypatch):
    monkeypatch.setattr("prometheus_client.metrics._use_created", False)


@pytest.fixture
def ours() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def theirs() -> CollectorRegistry:
    return CollectorRegistry()


def shown(registry: CollectorRegistry) -> tuple[bytes, bytes]:
    return generate_latest(registry), generate_openmetrics(registry)


def test_a_counter_is_shown_as_the_librarys_own(ours, theirs):
    counter = Counter(COUNTER, ours)
    library = prometheus_client.Counter(COUNTER.name, COUNTER.help, COUNTER.labels, registry=theirs)

    for labels, count in ((("sn", "created"), 3), (("jira", 'odd "name"\n'), 0), (("sn", "refused"), 1)):
        counter.labels(*labels).count += count
        library.labels(*labels).inc(count)

    assert shown(ours) == shown(theirs)


def test_a_histogram_is_shown_as_the_librarys_own(ours, theirs):
    histogram = Histogram(HISTOGRAM, ours)
    library = prometheus_client.Histogram(
        HISTOGRAM.name, HISTOGRAM.help, HISTOGRAM.labels, buckets=HISTOGRAM.buckets, registry=theirs
    )

    for value in VALUES:
        histogram.labels("servicenow").observe(value)
        library.labels("servicenow").observe(value)
    histogram.labels("jira")
    library.labels("jira")

    assert shown(ours) == shown(theirs)


def test_a_bucket_leads_to_the_last_trace_that_was_counted_in_it(ours, theirs, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.25)
    spread = Histogram(HISTOGRAM, ours).labels("jira")
    library = prometheus_client.Histogram(
        HISTOGRAM.name, HISTOGRAM.help, HISTOGRAM.labels, buckets=HISTOGRAM.buckets, registry=theirs
    ).labels("jira")

    for value, trace in ((0.6, "a" * 32), (0.7, "b" * 32), (0.8, None), (99.0, "c" * 32)):
        spread.observe(value, trace)
        library.observe(value, {"trace_id": trace} if trace else None)

    assert shown(ours) == shown(theirs)
    assert b'trace_id="' + b"b" * 32 in shown(ours)[1]


def test_a_metric_without_labels_has_one_series(ours):
    alone = Histogram(Metric("itsm_rows", Kind.HISTOGRAM, "Rows.", (), (1.0, 2.0)), ours).labels()

    alone.observe(2)

    assert ours.get_sample_value("itsm_rows_bucket", {"le": "2.0"}) == 1
    assert ours.get_sample_value("itsm_rows_count") == 1


def test_the_same_labels_are_the_same_series(ours):
    counter = Counter(COUNTER, ours)

    assert counter.labels("sn", "created") is counter.labels("sn", "created")
    assert counter.labels("sn", "created") is not counter.labels("sn", "refused")


def test_two_metrics_of_one_name_are_refused(ours):
    Counter(COUNTER, ours)

    with pytest.raises(ValueError, match="itsm_calls"):
        Counter(COUNTER, ours)
