"""The seam between platforms: everything the way of a call must ask about ServiceNow or Jira."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from gateway.domain.call import Fields, Headers, Json, PlatformName, Route
from gateway.domain.problem import Problem
from gateway.domain.verdict import Answer, Ticket, Verdict


@dataclass(frozen=True, slots=True)
class Target:
    """What a template makes: the parts of `template_settings.*.*.target` that its platform knows."""

    table: str = ""
    service_desk: str = ""
    request_type: str = ""


@dataclass(frozen=True, slots=True)
class Carrier:
    """The correlation value of one create, and where the policy wants it: `default`, `none`, or a field's name."""

    value: str
    place: str = "default"


@dataclass(frozen=True, slots=True)
class Carried:
    """A create's body with the correlation value in it; `place` names the field that holds it.

    A place marked with `+` (`labels+`) is one that the client had filled as well: a refusal of it may be the client's.
    """

    body: Json
    place: str


@dataclass(frozen=True, slots=True)
class Sought:
    """A create whose effect is unknown: what the search for its ticket has to go by.

    `target` is the create's own raw target (its query says how the client wants the ticket shown), `fields` what was
    sent, `base_url` the upstream's without a trailing slash, `witness` a ticket known to exist, `proven` whether a
    search with this login was able to see within the hour: `Found` and `Absent` both prove that it was.
    """

    route: Route
    target: str
    fields: Fields
    carrier: Carrier
    place: str
    base_url: str = ""
    witness: Ticket | None = None
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One read that a search needs answered; `target` is path and query below the upstream's base."""

    target: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: {"Accept": "application/json"})


@dataclass(frozen=True, slots=True)
class Found:
    """The ticket exists; `answer` is the create's success as the platform would have given it.

    `duplicates` are further tickets that hold the same value; the oldest is the one found.
    """

    ticket: Ticket
    answer: Answer
    duplicates: tuple[Ticket, ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """The search was able to find, and found nothing."""


@dataclass(frozen=True, slots=True)
class SearchDenied:
    """The search proves nothing: refused, failed, or not able to find."""

    reason: str


Finding: TypeAlias = Found | Absent | SearchDenied
Search: TypeAlias = Generator[Question, Answer, Finding]
"""A conversation with the upstream: yields questions, is sent answers, returns what was found; no I/O of its own."""


class Platform(Protocol):
    """One platform's language. Every method is pure; none raises for what a client or an upstream may send."""

    name: PlatformName

    def route(self, method: str, path: str) -> Route:
        """What a method and an undecoded path (no query, upstream's base path taken off) mean; never fails."""
        ...

    def fields_of(self, route: Route, body: Json) -> Fields | None:
        """The ticket's fields in a create's or update's body; None where the body has no such shape."""
        ...

    def with_fields(self, route: Route, body: Json, fields: Fields) -> Json:
        """The same body around other fields, the rest of the envelope kept; an empty object makes a fresh envelope."""
        ...

    def is_full_value(self, route: Route, body: Json) -> bool:
        """Whether an update only sets values, so that doing it twice is doing it once (no journal entry, no `add`)."""
        ...

    def shows_display_values(self, route: Route, query: str) -> bool:
        """Whether the body's values are display values instead of the stored ones (`sysparm_input_display_value`)."""
        ...

    def judge(self, route: Route, answer: Answer, *, carried: str | None, clock: float) -> Verdict:
        """What an answer means for the ticket. `carried` names the field our value is in; `clock` is Unix seconds."""
        ...

    def carry(self, route: Route, body: Json, carrier: Carrier) -> Carried | None:
        """The body with the correlation value in it; None where this route or body has no place for one."""
        ...

    def carrier_scope(self, route: Route, fields: Fields) -> str:
        """What a refusal of the correlation value speaks for: the table, or project and issue type."""
        ...

    def search(self, sought: Sought) -> Search:
        """Look for the ticket of an ambiguous create; see `Finding`."""
        ...

    def refusal(self, problem: Problem, call_id: str) -> Answer:
        """A problem in the platform's own error shape, every field at fault named in it."""
        ...

    def create_target(self, target: Target) -> str:
        """Where a template's ticket is posted: path and query below the upstream's base."""
        ...

    def rich_text(self, route: Route, fields: Fields) -> Fields:
        """Fields made from a template, their plain text in the form this route takes (ADF on Jira v3)."""
        ...

    def priority(self, fields: Fields, ticket: Ticket) -> str:
        """The ticket's priority as a policy's SLA names it (`1` … `5`, Jira's name); empty when unknown."""
        ...

    def link_headers(self) -> frozenset[str]:
        """Lower-case names of answer headers that hold API links."""
        ...

    def link_keys(self) -> tuple[str, ...]:
        """JSON keys whose string values are API links."""
        ...

    def link_paths(self) -> tuple[str, ...]:
        """What follows the base URL in an API link, such as `/api/`."""
        ...


__all__ = [
    "Absent",
    "Carried",
    "Carrier",
    "Finding",
    "Found",
    "Headers",
    "Platform",
    "Question",
    "Search",
    "SearchDenied",
    "Sought",
    "Target",
]
