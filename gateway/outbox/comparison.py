"""Asks a platform what there is of a page of creates: by the values they carried, and by the ids that were told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from gateway.domain.call import Operation, Route
from gateway.domain.verdict import Ticket
from gateway.outbox.disagreement import Seen
from gateway.platforms.carriers import Guard
from gateway.platforms.platform import Marked, Platform, SearchDenied, Shown, Swath, Swept
from gateway.records.creates import SentCreate
from gateway.upstream.onlooker import Onlooker

EARLIER_SECONDS: Final = 60.0
"""How far the upstream's clock may be behind ours before its tickets seem older than their creates."""


@dataclass(slots=True)
class Look:
    """What was seen of a page; `denied` says by table why it could not be looked at."""

    carrying: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tickets: dict[str, Ticket] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    denied: dict[str, str] = field(default_factory=dict)
    answered: bool = False

    @property
    def was_blind(self) -> bool:
        """Whether nothing at all was answered: the upstream is down, or its login does not work."""
        return bool(self.denied) and not self.answered

    def only(self, value: str | None) -> Ticket | None:
        """The ticket that carries a value, where there is one alone."""
        carrying = self.carrying.get(value or "", [])
        return self.tickets[carrying[0]] if len(carrying) == 1 else None

    def seen(self) -> Seen:
        """The tickets."""
        carrying = {value: tuple(ids) for value, ids in self.carrying.items()}
        return Seen(carrying, frozenset(self.called), frozenset(self.present))


async def look_at(upstream: Onlooker, page: Sequence[SentCreate]) -> Look:
    """What the upstream shows of these creates."""
    known = [create for create in page if _can_be_found(create, upstream.platform)]
    look = Look()
    for swath in _swaths(known, upstream.base_url):
        match await upstream.ask(upstream.platform.sweep(swath)):
            case Swept(marked=marked):
                _note_marked(look, marked)
            case SearchDenied(reason=reason):
                look.denied[swath.resource] = reason
    for resource, ids in _grouped((each.resource, name) for each in known for name in (each.ticket, *each.further)):
        match await upstream.ask(upstream.platform.roll_call(resource, ids, upstream.base_url)):
            case Shown(ids=shown):
                look.called.update(ids)
                look.present |= shown
                look.answered = True
            case SearchDenied(reason=reason):
                look.denied[resource] = reason
    return look


def _note_marked(look: Look, marked: Iterable[Marked]) -> None:
    look.answered = True
    for each in marked:
        look.carrying[each.value].append(each.ticket.id)
        look.tickets[each.ticket.id] = each.ticket


def _can_be_found(create: SentCreate, platform: Platform) -> bool:
    """An import names its staging table and makes records of another; a property is in no index."""
    route = Route(create.route, Operation.CREATE_TICKET, "", create.resource)
    return platform.guard(route, create.place or "") is Guard.SEARCH


def _swaths(creates: Sequence[SentCreate], base_url: str) -> Iterator[Swath]:
    """One for each field of a table that carries values."""
    since = min((create.received_at for create in creates), default=0.0) - EARLIER_SECONDS
    for (resource, place), values in _grouped(((each.resource, each.place or ""), each.value) for each in creates):
        yield Swath(resource, since, place, values, base_url)


Place = TypeVar("Place")


def _grouped(named: Iterable[tuple[Place, str | None]]) -> Iterable[tuple[Place, tuple[str, ...]]]:
    """The names there are, by where they are."""
    groups = defaultdict[Place, list[str]](list)
    for place, name in named:
        if name:
            groups[place].append(name)
    return [(place, tuple(names)) for place, names in groups.items()]
