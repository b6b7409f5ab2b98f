from dataclasses import dataclass, field, replace

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families as prometheus_families

from gateway.domain.call import Operation, PlatformName
from gateway.domain.delivery import Attempt
from gateway.domain.fault import Fault, StoreUnavailable
from gateway.domain.outcome import OutcomeKind, PolicyName
from gateway.domain.problem import Code, Problem, ProblemType, Violation
from gateway.domain.verdict import Ticket
from gateway.policy.match import compile_match
from gateway.policy.match_rule import MatchRule
from gateway.policy.policy import Mode, Policy
from gateway.telemetry.instruments import MOST_NAMES

SN = {"platform": "servicenow"}


@dataclass(frozen=True)
class ASchema:
    field_names: frozenset[str] = field(default_factory=frozenset)

    def __call__(self, *_, **__):
        return ()


@dataclass(frozen=True)
class ATemplate:
    name: str
    platform: PlatformName = PlatformName.SERVICENOW


def a_policy(*fields: str) -> Policy:
    schema = ASchema(frozenset(fields))
    match = compile_match(MatchRule(path="/api/now/table/incident"))
    return Policy(PolicyName("p", "v"), "", PlatformName.SERVICENOW, None, match, Mode.ENFORCE, None, schema)


def with_templates(rules, *names: str):
    return replace(rules, templates={PlatformName.SERVICENOW: {name: ATemplate(name) for name in names}})


def refused(kind: OutcomeKind, *fields: str) -> dict:
    violations = tuple(Violation(name, Code.REQUIRED, "") for name in fields)
    problem = Problem(ProblemType.VALIDATION_FAILED, 400, "", violations)
    return {"kind": kind, "attempts": 0, "violations": violations, "problem": problem}


def test_a_create_is_counted_once_with_its_duration(metrics, sample, an_outcome):
    metrics.concluded(an_outcome(OutcomeKind.CREATED))

    assert sample("itsm_ticket_creation_total", **SN, outcome="created") == 1
    assert sample("itsm_ticket_creation_duration_seconds_sum", **SN, outcome="created") == 1.5
    assert sample("itsm_ticket_creation_duration_seconds_bucket", le="2.0", outcome="created", **SN) == 1
    assert sample("itsm_ticket_creation_duration_seconds_bucket", le="1.0", outcome="created", **SN) == 0


def test_the_duration_buckets_hold_the_two_seconds_goal_and_the_whole_deadline(metrics, sample):
    assert sample("itsm_ticket_creation_duration_seconds_bucket", le="2.0", outcome="created", **SN) == 0
    assert sample("itsm_ticket_creation_duration_seconds_bucket", le="60.0", outcome="created", **SN) == 0


@pytest.mark.parametrize("kind", [OutcomeKind.REPLAYED, OutcomeKind.DRY_RUN, OutcomeKind.FORWARDED])
def test_what_is_no_create_of_its_own_is_not_counted_as_one(metrics, an_outcome, kind):
    before = series(metrics, "itsm_ticket")

    metrics.concluded(an_outcome(kind))

    assert series(metrics, "itsm_ticket") == before


def test_an_update_counts_as_a_call_and_not_as_a_create(metrics, sample, an_outcome):
    before = series(metrics, "itsm_ticket")

    metrics.concluded(an_outcome(OutcomeKind.UPDATED, operation=Operation.UPDATE_TICKET))

    assert series(metrics, "itsm_ticket") == before
    assert sample("itsm_calls_total", upstream="sn", operation="update_ticket", outcome="updated") == 1


def test_a_dry_run_changes_no_metric_at_all(metrics, an_outcome):
    before = series(metrics)

    metrics.concluded(an_outcome(**{**refused(OutcomeKind.DRY_RUN, "urgency"), "problem": None}))

    assert series(metrics) == before


@pytest.mark.parametrize(("attempts", "label"), [(1, "0"), (2, "1"), (4, "3"), (5, "4+"), (9, "4+")])
def test_retries_are_told_by_the_outcome_they_led_to(metrics, sample, an_outcome, attempts, label):
    metrics.concluded(an_outcome(OutcomeKind.CREATED, attempts=attempts))

    retries = sample("itsm_ticket_creation_retries_total", **SN, outcome="created", retry_attempts=label)
    assert retries == 1
    assert sample("itsm_ticket_retry_attempts_total", **SN) == attempts - 1


@pytest.mark.parametrize(
    ("kind", "attempts", "sequel"),
    [
        (OutcomeKind.CREATED, 2, "recovered"),
        (OutcomeKind.RECONCILED, 1, "recovered"),
        (OutcomeKind.UPSTREAM_ERROR, 4, "exhausted"),
        (OutcomeKind.UNREACHABLE, 4, "exhausted"),
        (OutcomeKind.UNCONFIRMED, 1, "parked"),
        (OutcomeKind.CREATED, 1, None),
        (OutcomeKind.REJECTED, 1, None),
        (OutcomeKind.VALIDATION_FAILED, 0, None),
    ],
)
def test_a_create_that_met_a_transient_fault_is_told_by_how_it_ended(
    metrics, sample, an_outcome, kind, attempts, sequel
):
    metrics.concluded(an_outcome(kind, attempts=attempts))

    counted = {
        outcome
        for outcome in ("recovered", "exhausted", "parked")
        if sample("itsm_retry_outcomes_total", **SN, outcome=outcome)
    }
    assert counted == ({sequel} if sequel else set())


def test_tickets_are_told_by_who_wrote_them(metrics, sample, an_outcome):
    metrics.concluded(an_outcome(OutcomeKind.CREATED))
    metrics.concluded(an_outcome(OutcomeKind.RECONCILED, template_name="rca"))
    metrics.concluded(an_outcome(OutcomeKind.REJECTED, template_name="rca"))

    assert sample("itsm_tickets_by_source_total", **SN, source="proxy") == 1
    assert sample("itsm_tickets_by_source_total", **SN, source="template") == 1


def test_a_late_settlement_leaves_the_creation_metrics_alone_and_counts_its_ticket(metrics, sample, an_outcome):
    metrics.concluded(an_outcome(OutcomeKind.UNCONFIRMED))
    before = series(metrics, "itsm_ticket_creation")

    metrics.settled(an_outcome(OutcomeKind.RECONCILED, ticket=Ticket("1", "INC1")))

    assert series(metrics, "itsm_ticket_creation") == before
    assert sample("itsm_late_settlements_total", **SN, outcome="reconciled") == 1
    assert sample("itsm_tickets_by_source_total", **SN, source="proxy") == 1


def test_a_create_that_was_sent_without_a_fence_is_counted(metrics, sample, an_outcome):
    metrics.concluded(an_outcome(OutcomeKind.CREATED, fenced=False))
    metrics.concluded(an_outcome(OutcomeKind.VALIDATION_FAILED, attempts=0, fenced=False))

    assert sample("itsm_unfenced_creates_total", **SN) == 1


def test_every_attempt_is_counted_by_its_status_class_or_by_how_it_broke(metrics, sample, an_outcome):
    attempts = (
        Attempt(1, 0.0, 0.1, None, "connect", 0.0),
        Attempt(2, 0.0, 0.1, 200, "cut", 5.0),
        Attempt(3, 0.0, 0.1, 503, None, 5.0),
        Attempt(4, 0.0, 0.1, None, "a failure nobody knows", 5.0),
    )

    metrics.concluded(replace(an_outcome(OutcomeKind.UPSTREAM_ERROR), attempts=attempts))

    for result in ("connect", "cut", "5xx", "_other"):
        assert sample("itsm_upstream_attempts_total", upstream="sn", result=result) == 1


def test_every_violation_of_a_refused_call_counts_for_its_field(metrics, sample, rules, an_outcome):
    metrics.declare(replace(rules, policies=(a_policy("urgency", "labels"),)))

    metrics.concluded(an_outcome(**refused(OutcomeKind.VALIDATION_FAILED, "urgency", "labels.0", "labels.3")))

    assert sample("itsm_validation_errors_total", **SN, field="urgency") == 1
    assert sample("itsm_validation_errors_total", **SN, field="labels") == 2


def test_violations_that_only_warn_are_no_validation_errors(metrics, an_outcome):
    before = series(metrics, "itsm_validation")

    metrics.concluded(an_outcome(OutcomeKind.CREATED, violations=(Violation("urgency", Code.REQUIRED, ""),)))

    assert series(metrics, "itsm_validation") == before


def test_fields_and_templates_exist_at_zero_once_their_rules_are_in_force(metrics, sample, rules):
    assert sample("itsm_validation_errors_total", **SN, field="urgency") is None

    metrics.reloaded(replace(with_templates(rules, "rca"), policies=(a_policy("urgency"),)))

    assert sample("itsm_validation_errors_total", **SN, field="urgency") == 0
    assert sample("itsm_template_rendering_errors_total", template_name="rca") == 0


def test_a_template_that_cannot_be_filled_in_is_counted_by_its_name(metrics, sample, rules, an_outcome):
    metrics.declare(with_templates(rules, "rca"))

    for name in ("rca", "who knows"):
        metrics.concluded(an_outcome(**refused(OutcomeKind.TEMPLATE_FAILED, "job_name"), template_name=name))

    assert sample("itsm_template_rendering_errors_total", template_name="rca") == 1
    assert sample("itsm_template_rendering_errors_total", template_name="_other") == 1


def test_ten_thousand_hostile_names_make_no_series(metrics, sample, an_outcome):
    before = series(metrics).keys()

    for number in range(10_000):
        metrics.concluded(
            an_outcome(**refused(OutcomeKind.VALIDATION_FAILED, f'evil"\n{number}'), upstream=f"nowhere{number}")
        )
        metrics.concluded(
            an_outcome(**refused(OutcomeKind.TEMPLATE_FAILED), template_name=f"evil{number}", upstream="sn")
        )

    assert series(metrics).keys() == before
    assert sample("itsm_validation_errors_total", **SN, field="_other") == 10_000
    assert sample("itsm_template_rendering_errors_total", template_name="_other") == 10_000


def test_names_beyond_the_cap_count_together(metrics, rules):
    metrics.declare(with_templates(rules, *(f"t{number}" for number in range(MOST_NAMES + 50))))

    named = series(metrics, "itsm_template_rendering_errors_total{")
    assert len(named) == MOST_NAMES + 1


def test_a_faulty_edit_is_counted_and_its_faults_stay_visible_until_mended(metrics, sample, rules):
    fault = Fault("policies/a.yaml", 3, "/match", "wrong")

    metrics.reloaded(replace(rules, faults=(fault, fault)))

    assert sample("itsm_rules_reloads_total", result="rejected") == 1
    assert sample("itsm_rules_faults") == 2

    metrics.reloaded(rules)

    assert sample("itsm_rules_reloads_total", result="applied") == 1
    assert sample("itsm_rules_faults") == 0


def test_what_other_rooms_tell_is_counted(metrics, sample, an_outcome):
    metrics.searched("sn", "denied")
    metrics.carrier_refused(PlatformName.JIRA)
    metrics.store_failed(an_outcome().call, StoreUnavailable("disk full"))
    metrics.journal.pending(7)
    metrics.journal.committed(5, 0.004)

    assert sample("itsm_reconcile_searches_total", upstream="sn", result="denied") == 1
    assert sample("itsm_carrier_refused_total", platform="jira") == 1
    assert sample("itsm_store_failures_total", **SN) == 1
    assert sample("itsm_journal_pending_rows") == 7
    assert sample("itsm_journal_commit_rows_sum") == 5
    assert sample("itsm_journal_commit_seconds_bucket", le="0.005") == 1


def test_a_clock_that_jumps_back_makes_no_negative_duration(metrics, sample, an_outcome):
    metrics.concluded(an_outcome(OutcomeKind.CREATED, ended_at=10.0))

    assert sample("itsm_ticket_creation_duration_seconds_sum", **SN, outcome="created") == 0


def test_both_formats_can_be_read_by_their_own_parsers(metrics):
    plain, plain_type = metrics.exposition("text/plain;version=0.0.4")
    opened, open_type = metrics.exposition("application/openmetrics-text; version=1.0.0,text/plain;q=0.5")

    assert "itsm_ticket_creation" in {family.name for family in prometheus_families(plain.decode())}
    assert "itsm_ticket_creation" in {family.name for family in openmetrics_families(opened.decode())}
    assert plain_type.startswith("text/plain")
    assert open_type.startswith("application/openmetrics-text")


def test_an_upstream_is_joined_to_its_platform(sample):
    assert sample("itsm_upstream_info", upstream="sn", platform="servicenow") == 1


def test_the_process_is_shown_as_the_system_knows_it(sample):
    assert sample("itsm_process_resident_memory_bytes") > 1_000_000
    assert 0 < sample("itsm_process_open_fds") < sample("itsm_process_max_fds")


def test_two_apps_in_one_process_count_apart(metrics, sample, rules, an_outcome):
    other = type(metrics)("1.2.3")

    other.concluded(an_outcome())

    assert sample("itsm_ticket_creation_total", **SN, outcome="created") == 0


def test_no_series_tells_when_it_was_created(metrics):
    assert not [name for name in series(metrics) if "_created" in name]


def series(metrics, start: str = "itsm_") -> dict[str, str]:
    """What calls may change; the process's own figures never stand still."""
    lines = metrics.exposition("")[0].decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if line.startswith(start) and not line.startswith("itsm_process"))
