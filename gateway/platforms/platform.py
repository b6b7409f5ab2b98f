"""The seam between platforms: everything the way of a call must ask about ServiceNow or Jira."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from gateway.domain.call import Fields, Headers, Json, PlatformName, Route
from gateway.domain.frozen import frozen
from gateway.domain.problem import Problem
from gateway.domain.sighting import Move, Sighting
from gateway.domain.verdict import Answer, Ticket, Verdict
from gateway.platforms.bundles import Part, Served
from gateway.platforms.carriers import Carried, Carrier, Guard
from gateway.platforms.conversations import (
    Absent,
    Finding,
    Found,
    Marked,
    OwnSla,
    Question,
    ReadBack,
    ReadingBack,
    RollCall,
    Search,
    SearchDenied,
    Shown,
    Sought,
    SoughtUpdate,
    Swath,
    Sweep,
    Swept,
    Unread,
    Watch,
)


@frozen
class Target:
    """What a template makes: the parts of `template_settings.*.*.target` that its platform knows."""

    table: str = ""
    service_desk: str = ""
    request_type: str = ""


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
        """Whether an update's body only sets values: no journal entry, no `add`; done twice, it is done once."""
        ...

    def shows_display_values(self, route: Route, query: str) -> bool:
        """Whether the body's values are display values instead of the stored ones (`sysparm_input_display_value`)."""
        ...

    def judge(self, route: Route, answer: Answer, *, carried: str | None, clock: float) -> Verdict:
        """What an answer means for the ticket. `carried` names the field our value is in; `clock` is Unix seconds."""
        ...

    def casts_doubt(self, body: bytes) -> bool:
        """Whether a success was judged too soon by its head alone, now that its body has come: it must be once more."""
        ...

    def carry(self, route: Route, body: Json, carrier: Carrier) -> Carried | None:
        """The body with the correlation value in it; None where this route or body has no place for one."""
        ...

    def without_carrier(self, route: Route, body: Json, carrier: Carrier, place: str) -> Json:
        """The inverse of `carry`: the body as it was, but for a field that the client itself had sent empty."""
        ...

    def guard(self, route: Route, place: str) -> Guard:
        """What a value that was carried in this place is good for."""
        ...

    def is_carried(self, route: Route, answer: Answer, carrier: Carrier, place: str) -> bool | None:
        """Whether a create's answer shows our value where it was put; None where it does not show that field.

        False means that no search will find the ticket by it: the create was not fenced after all.
        """
        ...

    def carrier_scope(self, route: Route, fields: Fields) -> str:
        """What a refusal of the correlation value speaks for: the table, or project and issue type."""
        ...

    def search(self, sought: Sought) -> Search:
        """Look for the ticket of an ambiguous create; see `Finding`."""
        ...

    def finds_update(self, route: Route) -> bool:
        """Whether `search_update` knows how to look for what an update of this kind did."""
        ...

    def search_update(self, sought: SoughtUpdate) -> Search:
        """Whether an ambiguous update that may not be done twice took place; `Absent` lets it be sent again."""
        ...

    def changed_fields(self, route: Route, target: str, sent: Fields, answer: Answer) -> tuple[str, ...] | None:
        """The fields of `sent` that the platform ignored, defaulted, recomputed or cut, as far as the answer shows.

        None where it shows no record at all; a read of the ticket then tells, its answer given here in its place.
        """
        ...

    def read_back(self, unread: Sequence[Unread], base_url: str) -> ReadingBack:
        """The same for creates whose own answers showed no record, asked for many at once.

        A ticket that was edited since, or is not shown, tells nothing.
        """
        ...

    def sweep(self, swath: Swath) -> Sweep:
        """Every ticket there that carries one of these values: the caller compares them with its journal."""
        ...

    def roll_call(self, resource: str, ids: Sequence[str], base_url: str) -> RollCall:
        """Which of these tickets (by id) are still shown; the others were deleted, or are hidden from this login."""
        ...

    @property
    def progress_routes(self) -> frozenset[str]:
        """The routes whose answers tell how far the work on a ticket is."""
        ...

    @property
    def names_last(self) -> bool:
        """Whether what names a ticket in a target names it for good."""
        ...

    def sighted(self, route: Route, sent: bytes, answer: Answer, at: float) -> Sighting | None:
        """What a successful call on such a route tells of its ticket; `at` is when it was answered (Unix seconds)."""
        ...

    def moves_offered(self, route: Route, answer: Answer) -> Mapping[str, Move]:
        """The steps that an answer says can be taken from where its ticket is, by their names."""
        ...

    def move_taken(self, route: Route, sent: bytes) -> str:
        """The name of the step that such a call took; empty where it took none."""
        ...

    def watch(self, resource: str, names: Sequence[str], base_url: str, at: float) -> Watch:
        """How these tickets (by id) stand, asked for many at once; `at` is now."""
        ...

    @property
    def own_slas_at_once(self) -> int:
        """About how many tickets the platform's own SLAs can be asked for at once."""
        ...

    def own_slas(self, names: Sequence[str]) -> OwnSla:
        """What the platform itself says of its SLAs on these tickets (by id), no more than can be asked at once."""
        ...

    def pause_states(self, resource: str) -> frozenset[str]:
        """The states (folded) in which somebody else has to act, unless a policy says otherwise."""
        ...

    @property
    def bundle_routes(self) -> frozenset[str]:
        """The routes whose calls may hold several requests."""
        ...

    def parts(self, route: Route, target: str, document: Json) -> tuple[Part, ...] | None:
        """The requests that such a call holds, in their order; None where the platform refuses what it holds itself."""
        ...

    def gathered(self, route: Route, document: Json, served: Sequence[Served]) -> Answer:
        """The answer to such a call, made of its parts' answers."""
        ...

    def refusal(self, problem: Problem, call_id: str, accept: str = "") -> Answer:
        """A problem in the platform's own error shape, every field at fault named in it, in a form that is accepted."""
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
    "Guard",
    "Headers",
    "Marked",
    "Platform",
    "Question",
    "ReadBack",
    "RollCall",
    "Search",
    "SearchDenied",
    "Shown",
    "Sought",
    "SoughtUpdate",
    "Swath",
    "Sweep",
    "Swept",
    "Target",
    "Unread",
]
