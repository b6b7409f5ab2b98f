"""Rules, dashboard and runbooks name only what exists: metrics, labels, and the values that labels can have."""

import re
from collections.abc import Mapping

import pytest
from monitoring.shipped import (
    Question,
    note_questions,
    panel_questions,
    recorded,
    rule_questions,
    selections,
    substituted,
)
from prometheus_client.parser import text_string_to_metric_families

from gateway.domain.call import PlatformName
from gateway.policy.rules import Rules, UpstreamRules
from gateway.telemetry.catalogue import all_metrics
from gateway.telemetry.creations import MADE
from gateway.telemetry.metric import Kind
from gateway.telemetry.metrics import Metrics

PROMETHEUS_OWN = {"ALERTS": {"alertname", "alertstate", "job"}}
SCRAPED = {"job", "instance"}
SUFFIXES = ("_bucket", "_sum", "_count")
OPEN_LABELS = {"job", "instance", "upstream", "platform", "field", "template_name", "version", "python", "alertname"}

QUESTIONS = [*rule_questions(), *panel_questions(), *note_questions()]


def known() -> Mapping[str, set[str]]:
    """Every series name with its labels."""
    names = dict(PROMETHEUS_OWN)
    for metric in all_metrics():
        labels = SCRAPED | set(metric.labels)
        if metric.kind is Kind.HISTOGRAM:
            names |= {metric.name + suffix: labels | {"le"} for suffix in SUFFIXES}
        else:
            names[metric.name] = labels
    return names | {name: {"job", "platform"} for name in recorded()}


def closed_values() -> set[tuple[str, str, str]]:
    """(series, label, value) of everything that exists at 0 before anything has happened."""
    metrics = Metrics("1.2.3")
    upstreams = {name.value: UpstreamRules(name) for name in PlatformName}
    metrics.declare(Rules("v1", (), {}, upstreams))
    families = text_string_to_metric_families(metrics.exposition("")[0].decode())
    return {
        (sample.name, label, value)
        for family in families
        for sample in family.samples
        for label, value in sample.labels.items()
    }


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_every_metric_and_label_that_is_asked_for_exists(question: Question):
    names = known()

    for selection in selections(substituted(question.expr)):
        assert selection.name in names
        assert {label for label, _ in selection.matchers} <= names[selection.name]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_every_value_that_a_label_is_compared_with_can_occur(question: Question):
    values = closed_values()

    compared = [
        (selection.name, label, value)
        for selection in selections(substituted(question.expr))
        for label, alternatives in selection.matchers
        for value in alternatives.split("|")
        if label not in OPEN_LABELS and selection.name not in PROMETHEUS_OWN and value.isidentifier()
    ]
    assert [each for each in compared if each not in values] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_counter_stands_only_under_rate_or_increase(question: Question):
    counters = {metric.name for metric in all_metrics() if metric.kind is Kind.COUNTER}
    histograms = {metric.name for metric in all_metrics() if metric.kind is Kind.HISTOGRAM}

    for selection in selections(substituted(question.expr)):
        base = re.sub(r"_(bucket|sum|count)$", "", selection.name)
        if selection.name in counters or base in histograms:
            assert selection.under in {"rate", "increase"}, selection.name


def test_every_outcome_of_a_create_is_made_failed_refused_here_or_still_to_come():
    failed, refused_here = outcomes("failed:increase5m"), outcomes("tried:increase5m")

    assert outcomes("made:increase1h") == MADE
    assert not MADE & failed
    assert refused_here == {"validation_failed", "template_failed", "refused"}
    assert outcomes_of_creates() - MADE - failed - refused_here == {"queued"}


def outcomes(record: str) -> set[str]:
    """The outcomes that a recording rule names: those it sums, or those it leaves out."""
    (expr,) = [question.expr for question in rule_questions() if question.where.endswith(record)]
    (texts,) = [[text for label, text in one.matchers if label == "outcome"] for one in selections(expr)]
    return set(texts[0].split("|"))


def outcomes_of_creates() -> set[str]:
    counted = ("itsm_ticket_creation_total", "outcome")
    return {value for name, label, value in closed_values() if (name, label) == counted}
