"""Questions that only the upstream can answer, as conversations without any I/O.

Each is a generator: it yields a `Question`, is sent the upstream's `Answer`, and returns what it found out.
"""

from collections.abc import Generator, Mapping
from dataclasses import field
from typing import Final, TypeAlias

from gateway.domain.call import Fields, Json, Route
from gateway.domain.frozen import frozen
from gateway.domain.sighting import Sighting
from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.carriers import Carrier

SKEW_SECONDS: Final = 5.0
"""How far the upstream's clock may be from ours, and its instants cut to whole seconds."""


@frozen
class Question:
    """One read that a search needs answered; `target` is path and query below the upstream's base."""

    target: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: {"Accept": "application/json"})


@frozen
class Sought:
    """A create whose effect is unknown: what the search for its ticket has to go by.

    `target` is the create's own raw target (its query says how the client wants the ticket shown, `accept` in which
    form), `fields` what was sent, `document` the whole body around them, `base_url` the upstream's without a trailing
    slash. `witness` is a ticket known to exist, `proven` whether a search with this login was able to see within the
    hour: `Found` and `Absent` both prove that it was.

    `before` is a ticket of the same project that was known before the first attempt left. That attempt left at `since`,
    and after `until` no effect is to be expected (both Unix seconds): they bound a look by key.
    """

    route: Route
    target: str
    fields: Fields
    carrier: Carrier
    place: str
    base_url: str = ""
    witness: Ticket | None = None
    proven: bool = False
    document: Json = None
    before: Ticket | None = None
    since: float | None = None
    until: float | None = None
    accept: str = ""


@frozen
class SoughtUpdate:
    """An update whose effect is unknown and that must not be done twice.

    `body` is what was sent, `began_at` (Unix seconds) when its first attempt left: an equal entry that is older is
    another's.
    """

    route: Route
    target: str
    body: Json
    began_at: float
    base_url: str = ""
    accept: str = ""


@frozen
class Found:
    """The ticket exists, or the update took place; `answer` is the success as the platform would have given it.

    `duplicates` are further tickets that hold the same value; the oldest is the one found.
    """

    ticket: Ticket
    answer: Answer
    duplicates: tuple[Ticket, ...] = ()


@frozen
class Absent:
    """The search was able to find, and found nothing."""


@frozen
class SearchDenied:
    """The search proves nothing: refused, failed, or not able to find.

    `witness_gone` tells that the witness is not shown any more: deleted, or hidden from this login. Ask with another.
    `status` is what the platform refused with, where it was that.
    """

    reason: str
    witness_gone: bool = False
    status: int | None = None


Finding: TypeAlias = Found | Absent | SearchDenied
Search: TypeAlias = Generator[Question, Answer, Finding]
"""A conversation with the upstream: yields questions, is sent answers, returns what was found; no I/O of its own."""


@frozen
class Swath:
    """Where a sweep looks: the tickets of one ServiceNow table, of one Jira project (its key), or of all (empty).

    Every value that was ever sent is in the journal before it leaves, so asking for the known `values` finds every
    ticket of ours; ServiceNow is asked only for what was made since `since` (Unix seconds).
    """

    resource: str
    since: float
    place: str = "default"
    values: tuple[str, ...] = ()
    base_url: str = ""


@frozen
class Marked:
    """A ticket that carries one of our values; `created_at` is Unix seconds, None where the platform did not tell."""

    ticket: Ticket
    value: str
    created_at: float | None


@frozen
class Swept:
    """What a sweep saw."""

    marked: tuple[Marked, ...]


@frozen
class Shown:
    """Which of the tickets that were asked for still exist, by their ids."""

    ids: frozenset[str]


@frozen
class Watched:
    """How tickets stand that were asked about; those that are not shown are left out."""

    sightings: tuple[Sighting, ...]


@frozen
class Unread:
    """A create whose own answer showed nothing of what was stored: its ticket, and what was sent."""

    call_id: str
    route: Route
    target: str
    ticket: Ticket
    sent: Fields


@frozen
class ReadBack:
    """The fields that were stored otherwise than sent, by the call's id; what tells nothing is left out."""

    changed: Mapping[str, tuple[str, ...]]


@frozen
class SlaReading:
    """What the platform itself says of one of its SLAs on a ticket; instants are Unix seconds.

    `state` is `running`, `paused`, `completed` or `cancelled`, `percentage` how much of the promised time is used up.
    """

    name: str
    state: str
    breached: bool
    due_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    percentage: float | None = None


@frozen
class SlaReadings:
    """The readings of the tickets that were asked about, by their ids; one that has no SLA has none."""

    by_ticket: Mapping[str, tuple[SlaReading, ...]]


OwnSla: TypeAlias = Generator[Question, Answer, "SlaReadings | SearchDenied"]
Sweep: TypeAlias = Generator[Question, Answer, "Swept | SearchDenied"]
RollCall: TypeAlias = Generator[Question, Answer, "Shown | SearchDenied"]
Watch: TypeAlias = Generator[Question, Answer, "Watched | SearchDenied"]
ReadingBack: TypeAlias = Generator[Question, Answer, "ReadBack | SearchDenied"]
