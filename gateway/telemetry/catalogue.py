"""Every metric the gateway has, in one table: what is not declared here does not exist."""

from typing import Final

from gateway.telemetry.metric import Kind, Metric

_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_DISK_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
_ROWS: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)


def all_metrics() -> tuple[Metric, ...]:
    """All of them, those of the specification first."""
    return _SPECIFIED + _FURTHER + OF_THE_PROCESS


def markdown_table() -> str:
    """The table that the documentation shows."""
    lines = ["| metric | kind | labels | what it tells |", "|---|---|---|---|"]
    for metric in all_metrics():
        labels = ", ".join(f"`{label}`" for label in metric.labels) or "none"
        lines.append(f"| `{metric.name}` | {metric.kind} | {labels} | {metric.help} |")
    return "\n".join(lines) + "\n"


_SPECIFIED: Final = (
    Metric(
        "itsm_ticket_creation_total",
        Kind.COUNTER,
        "Create calls by how they ended, each counted once, when its caller was answered.",
        ("platform", "outcome"),
    ),
    Metric(
        "itsm_ticket_creation_duration_seconds",
        Kind.HISTOGRAM,
        "Seconds from accepting a create call to answering it, retries and waits included.",
        ("platform", "outcome"),
        _SECONDS,
    ),
    Metric("itsm_ticket_retry_attempts_total", Kind.COUNTER, "Retries of create calls.", ("platform",)),
    Metric(
        "itsm_validation_errors_total",
        Kind.COUNTER,
        "Broken rules that made the gateway refuse a call, by the field at fault.",
        ("platform", "field"),
    ),
    Metric(
        "itsm_template_rendering_errors_total",
        Kind.COUNTER,
        "Calls whose template could not be filled in.",
        ("template_name",),
    ),
)

_FURTHER: Final = (
    Metric(
        "itsm_ticket_creation_retries_total",
        Kind.COUNTER,
        "Create calls by how they ended and how many retries they took.",
        ("platform", "outcome", "retry_attempts"),
    ),
    Metric(
        "itsm_late_settlements_total",
        Kind.COUNTER,
        "Creates that were answered as unconfirmed and settled afterwards.",
        ("platform", "outcome"),
    ),
    Metric(
        "itsm_retry_outcomes_total",
        Kind.COUNTER,
        "Creates that met a transient fault: recovered, exhausted, or parked until it is known what became of them.",
        ("platform", "outcome"),
    ),
    Metric(
        "itsm_tickets_by_source_total",
        Kind.COUNTER,
        "Tickets made, by whether a template or the client wrote them.",
        ("platform", "source"),
    ),
    Metric(
        "itsm_calls_total",
        Kind.COUNTER,
        "All calls by how they ended, dry runs left out.",
        ("upstream", "operation", "outcome"),
    ),
    Metric(
        "itsm_calls_received_total",
        Kind.COUNTER,
        "All calls that were taken in, dry runs left out; each of them has to end in `itsm_calls_total`.",
        ("upstream",),
    ),
    Metric("itsm_calls_in_flight", Kind.GAUGE, "Calls that are being answered now.", ("upstream",)),
    Metric(
        "itsm_calls_unaccounted",
        Kind.GAUGE,
        "Calls since the start that are over and have no outcome: silent failures, to be 0.",
        ("upstream",),
    ),
    Metric(
        "itsm_call_duration_seconds",
        Kind.HISTOGRAM,
        "Seconds from accepting a call to answering it.",
        ("platform", "operation"),
        _SECONDS,
    ),
    Metric(
        "itsm_upstream_attempts_total",
        Kind.COUNTER,
        "Exchanges with an upstream, by status class or by how they broke.",
        ("upstream", "result"),
    ),
    Metric("itsm_upstream_in_flight", Kind.GAUGE, "Exchanges with an upstream that are under way now.", ("upstream",)),
    Metric(
        "itsm_circuit_breaker_state",
        Kind.GAUGE,
        "Whether calls are let through: 0 closed (all are), 1 half open (a few probes), 2 open (none).",
        ("upstream", "operation"),
    ),
    Metric(
        "itsm_rate_limit_gates_closed",
        Kind.GAUGE,
        "Rate limits of the platform that are being waited out now, by what they cover.",
        ("upstream", "reason"),
    ),
    Metric("itsm_retry_budget_left", Kind.GAUGE, "Retries that the budget would allow at once.", ("upstream",)),
    Metric(
        "itsm_unfenced_creates_total",
        Kind.COUNTER,
        "Creates that were sent without a way to find their ticket again after a lost answer.",
        ("platform",),
    ),
    Metric(
        "itsm_carrier_refused_total",
        Kind.COUNTER,
        "Creates whose correlation value the platform refused, so that they were sent once more without it.",
        ("platform",),
    ),
    Metric(
        "itsm_changed_fields_total",
        Kind.COUNTER,
        "Fields that the platform stored otherwise than they were sent: ignored, defaulted, recomputed or cut.",
        ("platform", "field"),
    ),
    Metric(
        "itsm_inner_failures_total",
        Kind.COUNTER,
        "Parts of a call that failed although the call as a whole succeeded, such as one issue of many.",
        ("platform",),
    ),
    Metric(
        "itsm_reconcile_searches_total",
        Kind.COUNTER,
        "Searches for the ticket of an ambiguous create.",
        ("upstream", "result"),
    ),
    Metric(
        "itsm_reconcile_findings_total",
        Kind.COUNTER,
        "Disagreements between the journal and the platform that the sweep has found, each counted once.",
        ("platform", "kind"),
    ),
    Metric(
        "itsm_sweep_looks_total",
        Kind.COUNTER,
        "Looks of the sweep at a page of creates, by whether all of it could be compared with the platform.",
        ("upstream", "result"),
    ),
    Metric(
        "itsm_requests_refused_total",
        Kind.COUNTER,
        "Requests that could not be read and were refused before there was a call to record.",
        ("problem",),
    ),
    Metric(
        "itsm_store_failures_total",
        Kind.COUNTER,
        "Ticket calls whose journal row could not be written.",
        ("platform",),
    ),
    Metric("itsm_journal_pending_rows", Kind.GAUGE, "Journal rows that wait for their commit."),
    Metric("itsm_outbox_calls", Kind.GAUGE, "Creates that wait to be delivered."),
    Metric("itsm_outbox_bytes", Kind.GAUGE, "Bytes of their bodies together."),
    Metric("itsm_outbox_oldest_seconds", Kind.GAUGE, "How long the oldest of them has waited; 0 where none waits."),
    Metric("itsm_dead_letters", Kind.GAUGE, "Creates that were given up and wait for a person."),
    Metric(
        "itsm_unsettled_calls",
        Kind.GAUGE,
        "Calls of which nobody can say yet whether they took effect.",
        ("platform",),
    ),
    Metric(
        "itsm_journal_commit_seconds",
        Kind.HISTOGRAM,
        "Seconds that one commit of the journal took, the disk's sync included.",
        (),
        _DISK_SECONDS,
    ),
    Metric("itsm_journal_commit_rows", Kind.HISTOGRAM, "Journal rows that shared one commit.", (), _ROWS),
    Metric(
        "itsm_rules_reloads_total",
        Kind.COUNTER,
        "Edits of policies, templates and settings, by whether they were put in force.",
        ("result",),
    ),
    Metric(
        "itsm_rules_faults",
        Kind.GAUGE,
        "Faults of the last edit, which keep it from being put in force; 0 when all is well.",
    ),
    Metric(
        "itsm_upstream_info",
        Kind.GAUGE,
        "Always 1; which platform an upstream is, to join metrics that name the one with those that name the other.",
        ("upstream", "platform"),
    ),
    Metric(
        "itsm_sla_promises_total",
        Kind.COUNTER,
        "Promises to people that came to be due soon, were kept, or were broken; each once, when it became known.",
        ("platform", "promise", "state"),
    ),
    Metric(
        "itsm_sla_polls_total",
        Kind.COUNTER,
        "Looks at tickets whose end was not seen yet, and at the platform's own SLAs, by whether it showed them.",
        ("upstream", "result"),
    ),
    Metric("itsm_build_info", Kind.GAUGE, "Always 1; the labels say what is running.", ("version", "python")),
)

OF_THE_PROCESS: Final = (
    Metric("itsm_process_cpu_seconds_total", Kind.COUNTER, "Seconds of processor time that the process has used."),
    Metric("itsm_process_resident_memory_bytes", Kind.GAUGE, "Memory of the process that is in RAM."),
    Metric("itsm_process_virtual_memory_bytes", Kind.GAUGE, "Memory that the process has asked for."),
    Metric("itsm_process_start_time_seconds", Kind.GAUGE, "When the process started, Unix seconds."),
    Metric("itsm_process_open_fds", Kind.GAUGE, "Open files and sockets."),
    Metric("itsm_process_max_fds", Kind.GAUGE, "The most files and sockets that may be open."),
)
"""Read from `/proc` by prometheus_client's own collector whenever somebody scrapes; nobody feeds them."""
