"""The metrics of one app: fed by the way of a call and by the rooms that deliver, remember and reload."""

import platform as machine
from collections.abc import Mapping, Sequence
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from gateway.domain.call import Call, Operation, PlatformName
from gateway.domain.delivery import Attempt
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.trace import trace_of_the_client
from gateway.policy.policy import Policy
from gateway.policy.rules import Rules
from gateway.telemetry.accounts import Accounts
from gateway.telemetry.creations import Creations, KeptTrace
from gateway.telemetry.instruments import NamedCounter, instruments
from gateway.telemetry.journal_meter import JournalMeter
from gateway.telemetry.metric import OTHER
from gateway.telemetry.series import Tally
from gateway.telemetry.upstream_gauges import UpstreamGauges

ATTEMPT_RESULTS: Final = ("2xx", "3xx", "4xx", "5xx", "connect", "timeout", "reset", "cut", "too_large", OTHER)
SEARCH_RESULTS: Final = ("found", "absent", "denied")
FINDING_KINDS: Final = ("orphan", "ghost", "duplicate")
LOOK_RESULTS: Final = ("compared", "denied")

_PROMISES: Final = tuple(
    (platform.value, promise, state)
    for platform in PlatformName
    for promise in ("response", "resolution")
    for state in ("soon", "kept", "breached")
)
_POLLS: Final = (("seen",), ("denied",))
_ALONE: Final[tuple[tuple[str, ...], ...]] = ((),)
_ENDINGS: Final = tuple((op.value, kind.value) for op in Operation for kind in OutcomeKind if kind != "dry_run")
_EXCHANGES: Final = tuple((result,) for result in ATTEMPT_RESULTS)
_SEARCHES: Final = tuple((result,) for result in SEARCH_RESULTS)
_LOOKS: Final = tuple((result,) for result in LOOK_RESULTS)
_STATUS_CLASSES: Final = (OTHER, OTHER, "2xx", "3xx", "4xx", "5xx", OTHER, OTHER, OTHER, OTHER)
"""By the hundreds of a status, of which HTTP has three digits."""


class Metrics:
    """Every metric of the catalogue, existing at 0 from the start; fulfils the pipeline's `Telling`."""

    def __init__(self, version: str, kept_trace: KeptTrace = trace_of_the_client) -> None:
        self._registry = CollectorRegistry()
        made = instruments(self._registry)
        made.gauges["itsm_build_info"].labels(version, machine.python_version()).set(1)
        counters, self._gauges = made.counters, made.gauges
        self.journal: Final = JournalMeter(made)
        self._creations = Creations(made, kept_trace)
        self.books: Final = Accounts(made)
        self.upstreams: Final = UpstreamGauges(made)
        self._fields = NamedCounter(counters["itsm_validation_errors_total"], "field", [(p,) for p in PlatformName])
        self._changes = NamedCounter(counters["itsm_changed_fields_total"], "field", [(p,) for p in PlatformName])
        self._flaws = {p: counters["itsm_inner_failures_total"].labels(p) for p in PlatformName}
        self._templates = NamedCounter(counters["itsm_template_rendering_errors_total"], "template_name", _ALONE)
        self._calls = NamedCounter(counters["itsm_calls_total"], "upstream", _ENDINGS)
        self._attempts = NamedCounter(counters["itsm_upstream_attempts_total"], "upstream", _EXCHANGES)
        self._searches = NamedCounter(counters["itsm_reconcile_searches_total"], "upstream", _SEARCHES)
        promises = counters["itsm_sla_promises_total"]
        self._promises = {each: promises.labels(*each) for each in _PROMISES}
        self._polls = NamedCounter(counters["itsm_sla_polls_total"], "upstream", _POLLS)
        self._looks = NamedCounter(counters["itsm_sweep_looks_total"], "upstream", _LOOKS)
        findings = counters["itsm_reconcile_findings_total"]
        self._findings = {(p, kind): findings.labels(p, kind) for p in PlatformName for kind in FINDING_KINDS}
        self._carrier_refused = {p: counters["itsm_carrier_refused_total"].labels(p) for p in PlatformName}
        self._store_failures = {p: counters["itsm_store_failures_total"].labels(p) for p in PlatformName}
        self._refusals = {p: counters["itsm_requests_refused_total"].labels(p) for p in ProblemType}
        durations = made.histograms["itsm_call_duration_seconds"]
        self._durations = {(p, op): durations.labels(p, op) for p in PlatformName for op in Operation}
        self._reloads = {r: counters["itsm_rules_reloads_total"].labels(r) for r in ("applied", "rejected")}
        self._unsettled = {p.value: self._gauges["itsm_unsettled_calls"].labels(p) for p in PlatformName}
        self._faults = made.gauges["itsm_rules_faults"]
        self._upstream_info = made.gauges["itsm_upstream_info"]

    def concluded(self, outcome: Outcome) -> None:
        """Count a call that was answered; a dry run counts nowhere."""
        if outcome.kind is OutcomeKind.DRY_RUN:
            return
        call = outcome.call
        seconds = max(outcome.ended_at - call.received_at, 0.0)
        operation = call.route.operation
        self.books[call.upstream].ended += 1
        self._calls[call.upstream, operation, outcome.kind].count += 1
        self._durations[call.platform, operation].observe(seconds)
        self.exchanged(outcome)
        if operation is Operation.CREATE_TICKET:
            self._creations.concluded(outcome, seconds)
        if (outcome.changed or outcome.flaws) and outcome.kind is not OutcomeKind.REPLAYED:
            self._imperfect(outcome)
        if outcome.problem is not None:
            self._refused(outcome)

    def exchanged(self, outcome: Outcome) -> None:
        """Count what was sent for a call, now or once it had waited."""
        for attempt in outcome.attempts:
            self._attempts[outcome.call.upstream, _result(attempt)].count += 1

    def settled(self, outcome: Outcome) -> None:
        """Count what became of a create whose caller had been told `unconfirmed`."""
        if outcome.call.is_create:
            self._creations.settled(outcome)
        self._imperfect(outcome)

    def changed(self, platform: PlatformName, fields: Sequence[str]) -> None:
        """Count what a platform stored otherwise than it was sent."""
        for field in fields:
            self._changes[field, platform].count += 1

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:  # noqa: ARG002  # the log tells which
        """Count a request that never became a call."""
        self._refusals[problem.type].count += 1

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:  # noqa: ARG002  # the log tells the error
        """Count a journal row that could not be written."""
        self._store_failures[call.platform].count += 1

    def searched(self, upstream: str, result: str) -> None:
        """Count a search for an ambiguous create's ticket: `found`, `absent` or `denied`."""
        self._searches[upstream, result].count += 1

    def found(self, platform: PlatformName, kind: str) -> None:
        """Count a disagreement between journal and platform: `orphan`, `ghost` or `duplicate`."""
        self._findings[platform, kind].count += 1

    def looked(self, upstream: str, result: str) -> None:
        """Count a look of the sweep: `compared` or `denied`."""
        self._looks[upstream, result].count += 1

    def carrier_refused(self, platform: PlatformName) -> None:
        """Count a create that had to be sent once more without its correlation value."""
        self._carrier_refused[platform].count += 1

    def waiting(self, calls: int, size: int, oldest_seconds: float, dead: int, unsettled: Mapping[str, int]) -> None:
        """How much waits in the outbox, for a person, or (by platform) for certainty."""
        told = {"calls": calls, "bytes": size, "oldest_seconds": oldest_seconds}
        for name, value in told.items():
            self._gauges[f"itsm_outbox_{name}"].set(value)
        self._gauges["itsm_dead_letters"].set(dead)
        for platform, gauge in self._unsettled.items():
            gauge.set(unsettled.get(platform, 0))

    def promise(self, platform: str, promise: str, state: str) -> None:
        """Count a promise that is due soon, kept or broken now; any other state counts nowhere."""
        if counter := self._promises.get((platform, promise, state)):
            counter.count += 1

    def polled(self, upstream: str, result: str) -> None:
        """Count a look at tickets: `seen` or `denied`."""
        self._polls[upstream, result].count += 1

    def declare(self, rules: Rules) -> None:
        """Let the names in force count for themselves from 0; to be called before rules are put in force."""
        for upstream, its_rules in rules.upstreams.items():
            self._upstream_info.labels(upstream, its_rules.platform).set(1)
            self.books.declare(upstream)
            self.upstreams.declare(upstream)
            self._calls.declare(upstream, _ENDINGS)
            self._attempts.declare(upstream, _EXCHANGES)
            self._searches.declare(upstream, _SEARCHES)
            self._looks.declare(upstream, _LOOKS)
            self._polls.declare(upstream, _POLLS)
        for templates in rules.templates.values():
            for name in templates:
                self._templates.declare(name, _ALONE)
        for policy in rules.policies:
            self._declare_fields(policy, rules)
        self._faults.set(len(rules.faults))

    def reloaded(self, rules: Rules) -> None:
        """Count an edit: rules with faults are the last good ones, kept because the edit could not be put in force."""
        self._reloads["rejected" if rules.faults else "applied"].count += 1
        self.declare(rules)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All metrics as text and its content type: OpenMetrics for who asks for it, else Prometheus."""
        if "application/openmetrics-text" in accept:
            text: bytes = generate_openmetrics(self._registry)  # type: ignore[no-untyped-call]  # not typed there
            return text, CONTENT_TYPE_LATEST
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4

    def _declare_fields(self, policy: Policy, rules: Rules) -> None:
        platform = _platform_of(policy, rules)
        if platform is None:
            return
        for schema in (policy.schema, policy.warn_schema):
            for field in sorted(schema.field_names) if schema else ():
                self._changes.declare(field, [(platform,)])
        for field in sorted(policy.schema.field_names) if policy.schema else ():
            self._fields.declare(field, [(platform,)])

    def _refused(self, outcome: Outcome) -> None:
        call = outcome.call
        if outcome.kind is OutcomeKind.VALIDATION_FAILED:
            for violation in outcome.violations:
                self._field(violation.field, call.platform).count += 1
        elif outcome.kind is OutcomeKind.TEMPLATE_FAILED:
            self._templates[(call.template_name or OTHER,)].count += 1

    def _imperfect(self, outcome: Outcome) -> None:
        self.changed(outcome.call.platform, outcome.changed)
        if outcome.flaws:
            self._flaws[outcome.call.platform].count += len(outcome.flaws)

    def _field(self, field: str, platform: PlatformName) -> Tally:
        """A violation below a field counts for the field."""
        name = field if (field, platform) in self._fields else field.partition(".")[0]
        return self._fields[name, platform]


def _result(attempt: Attempt) -> str:
    if attempt.failure is not None:
        return attempt.failure if attempt.failure in ATTEMPT_RESULTS else OTHER
    return _STATUS_CLASSES[(attempt.status or 0) // 100]


def _platform_of(policy: Policy, rules: Rules) -> PlatformName | None:
    if policy.platform is not None:
        return policy.platform
    upstream = rules.upstreams.get(policy.upstream or "")
    return upstream.platform if upstream else None
