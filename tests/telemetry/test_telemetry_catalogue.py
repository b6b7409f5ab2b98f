import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.telemetry.catalogue import all_metrics, markdown_table
from gateway.telemetry.metric import Kind

SPECIFIED = {
    "itsm_ticket_creation_total": ("platform", "outcome"),
    "itsm_ticket_creation_duration_seconds": ("platform", "outcome"),
    "itsm_ticket_retry_attempts_total": ("platform",),
    "itsm_validation_errors_total": ("platform", "field"),
    "itsm_template_rendering_errors_total": ("template_name",),
    "itsm_ticket_creation_retries_total": ("platform", "outcome", "retry_attempts"),
    "itsm_late_settlements_total": ("platform", "outcome"),
    "itsm_retry_outcomes_total": ("platform", "outcome"),
    "itsm_tickets_by_source_total": ("platform", "source"),
}


@pytest.mark.parametrize(("name", "labels"), SPECIFIED.items())
def test_the_specified_metrics_have_their_names_and_labels(name, labels):
    assert {metric.name: metric.labels for metric in all_metrics()}[name] == labels


def test_what_is_exposed_is_what_the_catalogue_declares(metrics):
    text = metrics.exposition("")[0].decode()

    exposed = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert exposed == {metric.name for metric in all_metrics()}


def test_every_metric_has_a_series_before_anything_has_happened(metrics):
    families = text_string_to_metric_families(metrics.exposition("")[0].decode())

    assert [family.name for family in families if not family.samples] == []


def test_every_name_is_unique_prefixed_and_says_its_kind():
    names = [metric.name for metric in all_metrics()]

    assert len(names) == len(set(names))
    assert all(name.startswith("itsm_") for name in names)
    assert all(m.name.endswith("_total") == (m.kind is Kind.COUNTER) for m in all_metrics())


def test_the_table_for_the_documentation_has_a_line_for_every_metric():
    lines = markdown_table().splitlines()

    assert len(lines) == len(all_metrics()) + 2
    assert "| `itsm_ticket_retry_attempts_total` | counter | `platform` | Retries of create calls. |" in lines
