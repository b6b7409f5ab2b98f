"""Everything that the simulator can let go wrong, in proportion to the windows that the gateway is given."""

from dataclasses import dataclass, replace

from gateway.simulator import (
    CREATES,
    SEARCHES,
    Effect,
    Fault,
    cut_body,
    delayed,
    hangs,
    html_200,
    jira_captcha,
    jira_edge_rate_limited,
    jira_login_failed_silently,
    jira_rate_limited,
    late_effect,
    redirected_to_login,
    refused,
    reset,
    servicenow_asleep,
    servicenow_rate_limited,
    servicenow_semaphore,
    servicenow_session_full,
    stored_then,
)

TRANSIENT = (429, 500, 502, 503, 504)
FINAL = (400, 403, 404, 409, 422, 501)


@dataclass(frozen=True, slots=True)
class Space:
    """The faults of a platform, each a possibility of its own; `late` seconds lie inside the late-effect window.

    Where callers log in themselves, a search that is `denied` says that this caller may not see the ticket, and is
    handed on: that is no fault of the way.
    """

    platform: str
    late: float
    slow: float
    retry_after: int = 1
    denied: bool = True

    def of_creates(self) -> tuple[Fault, ...]:
        """What may happen to an attempt to make a ticket."""
        return tuple(fault.on(CREATES) for fault in (*self._everywhere(), *self._own()))

    def of_searches(self) -> tuple[Fault, ...]:
        """What may happen to the gateway's own questions: they are answered wrongly, late or not at all."""
        statuses = (401, 403, *TRANSIENT) if self.denied else TRANSIENT
        asked = (*(refused(status) for status in statuses), hangs(), reset(), cut_body(), html_200())
        own = self._own() if self.denied else ()
        return tuple(fault.on(SEARCHES) for fault in (*asked, redirected_to_login(), delayed(self.slow), *own))

    def _everywhere(self) -> tuple[Fault, ...]:
        return (
            *(refused(status) for status in (*TRANSIENT, *FINAL)),
            *(stored_then(status) for status in (408, *TRANSIENT[1:])),
            *(fault(stored=stored) for fault in (hangs, reset, cut_body, html_200) for stored in (False, True)),
            delayed(self.slow),
            redirected_to_login(),
            replace(redirected_to_login(), effect=Effect.EXECUTED),
            stored_then(503, {"Retry-After": str(self.retry_after)}),
            late_effect(self.late / 4),
            late_effect(self.late),
            late_effect(self.late / 2, hangs=True),
        )

    def _own(self) -> tuple[Fault, ...]:
        if self.platform == "servicenow":
            limited = servicenow_rate_limited(retry_after=self.retry_after)
            return (limited, servicenow_semaphore(), servicenow_session_full(), servicenow_asleep())
        limited = jira_rate_limited(retry_after=self.retry_after)
        return (limited, jira_edge_rate_limited(), jira_captcha(), jira_login_failed_silently())
