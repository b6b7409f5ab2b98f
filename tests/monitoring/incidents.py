"""Things that go wrong, each at a gateway of its own, and the one alert that somebody should get for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitoring.misfortunes import (
    Script,
    a_slow_leak,
    an_ordinary_day,
    bad_edit,
    carried_out_late,
    circuit_open,
    clients_wrong,
    deleted,
    exhausted,
    given_up,
    half_rejected,
    label_refused,
    never_settled,
    no_outcome,
    one_in_seven_rejected,
    promise_broken,
    promise_due_soon,
    searches_denied,
    slow,
    store_broken,
    unreachable,
    waiting_long,
)


@dataclass(frozen=True)
class Incident:
    """What happens at the gateway that is scraped as `name`.

    `alert` reaches a person; `muted` are the symptoms that fire as well and that Alertmanager keeps back. A script that
    does not end goes on until the drill is over.
    """

    name: str
    alert: str | None
    script: Script
    platform: str | None = "servicenow"
    muted: frozenset[str] = frozenset()
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def firing(self) -> frozenset[str]:
        """All alerts that are to fire."""
        return self.muted | ({self.alert} if self.alert else set())


LOGGED_IN: Mapping[str, Any] = {
    "upstream": {"credentials": {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}},
}
SWEPT: Mapping[str, Any] = {
    **LOGGED_IN,
    "sweep": {"every_seconds": 0.2, "looks_after_seconds": [3.5]},
}
INCIDENTS = (
    Incident(
        "ordinary",
        None,
        an_ordinary_day,
        config={
            "timeout": {"connection_timeout_seconds": 2, "read_timeout_seconds": 2, "total_timeout_seconds": 3},
            "upstream": {"reconcile": {"settle_seconds": 0.02, "late_effect_seconds": 4}},
        },
    ),
    Incident(
        "unreachable",
        "ItsmUpstreamUnreachable",
        unreachable,
        muted=frozenset(
            {
                "ItsmRetriesExhausted",
                "ItsmErrorBudgetBurnsFast",
                "ItsmErrorRateHigh",
                "ItsmErrorBudgetBurnsSlowly",
            }
        ),
        config={"upstream": {"base_url": "http://127.0.0.1:1"}},
    ),
    Incident(
        "exhausted",
        "ItsmRetriesExhausted",
        exhausted,
        muted=frozenset(
            {
                "ItsmErrorBudgetBurnsFast",
                "ItsmErrorRateHigh",
                "ItsmErrorBudgetBurnsSlowly",
            }
        ),
    ),
    Incident(
        "searches-denied",
        "ItsmReconcileBlocked",
        searches_denied,
        muted=frozenset({"ItsmTicketsUnconfirmed"}),
        config={"timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 1, "total_timeout_seconds": 1.5}},
    ),
    Incident("store-broken", "ItsmStoreFailing", store_broken),
    Incident("label-refused", "ItsmCarrierRefused", label_refused, platform="jira"),
    Incident("circuit-open", "ItsmCircuitOpen", circuit_open, config={"upstream": {"circuit_breaker": True}}),
    Incident("no-outcome", "ItsmCallsUnaccounted", no_outcome, platform=None),
    Incident("carried-out-late", "ItsmDuplicatesFound", carried_out_late, config=SWEPT),
    Incident("deleted", "ItsmTicketsAstray", deleted, config=SWEPT),
    Incident("waiting-long", "ItsmOutboxOld", waiting_long, platform=None, config=LOGGED_IN),
    Incident("given-up", "ItsmDeadLetters", given_up, platform=None, config=LOGGED_IN),
    Incident("bad-edit", "ItsmRulesFaulty", bad_edit, platform=None),
    Incident("never-settled", "ItsmTicketsUnconfirmed", never_settled),
    Incident(
        "half-rejected",
        "ItsmErrorBudgetBurnsFast",
        half_rejected,
        muted=frozenset(
            {
                "ItsmErrorRateHigh",
                "ItsmErrorBudgetBurnsSlowly",
            }
        ),
    ),
    Incident(
        "one-in-seven",
        "ItsmErrorRateHigh",
        one_in_seven_rejected,
        muted=frozenset(
            {
                "ItsmErrorBudgetBurnsSlowly",
            }
        ),
    ),
    Incident("slow-leak", "ItsmErrorBudgetBurnsSlowly", a_slow_leak),
    Incident(
        "slow",
        "ItsmCreatesSlow",
        slow,
        platform="jira",
        config={
            "timeout": {"connection_timeout_seconds": 5, "read_timeout_seconds": 10, "total_timeout_seconds": 20},
        },
    ),
    Incident("clients-wrong", "ItsmClientsRefused", clients_wrong),
    Incident("due-soon", "ItsmPromiseDueSoon", promise_due_soon),
    Incident("promise-broken", "ItsmPromiseBroken", promise_broken),
)
