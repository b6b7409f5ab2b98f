"""What became of many creates: the platforms' own books beside what clients were told and what the gateway knows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from fence.clients import Told

from gateway.simulator import SimulatedJira, SimulatedServiceNow


@dataclass(frozen=True, slots=True)
class Books:
    """The tickets that exist, by their names, with their titles."""

    titles: Mapping[str, str]

    @classmethod
    def of(cls, *simulated: SimulatedServiceNow | SimulatedJira) -> "Books":
        """Read every platform's books."""
        return cls({name: title for one in simulated for name, title in _named(one)})

    def copies(self) -> Counter[str]:
        """How many tickets there are of each title."""
        return Counter(self.titles.values())


@dataclass(frozen=True, slots=True)
class Tally:
    """Every figure but the first two must be nought."""

    creates: int
    tickets: int
    duplicated: int
    lost: int
    unrecorded: int
    lied_to: int

    @property
    def faults(self) -> dict[str, int]:
        """The figures that must be nought, and are not."""
        counted = {field.name: getattr(self, field.name) for field in fields(self)[2:]}
        return {name: figure for name, figure in counted.items() if figure}


def tally(told: Iterable[Told], books: Books, recorded: Iterable[str]) -> Tally:
    """Count; `recorded` are the names of the tickets that the gateway knows."""
    told, copies, known = tuple(told), books.copies(), set(recorded)
    return Tally(
        creates=len(told),
        tickets=len(books.titles),
        duplicated=sum(count - 1 for count in copies.values()),
        lost=sum(copies[one.title] == 0 for one in told if one.status is None or one.status < 400),
        unrecorded=sum(name not in known for name in books.titles),
        lied_to=sum(is_lie(one, books, copies) for one in told),
    )


def is_lie(told: Told, books: Books, copies: Counter[str]) -> bool:
    """Said created and it is another's or nowhere; said refused and it is there."""
    if told.status is None:
        return False
    if told.status < 400:
        return told.ticket is None or books.titles.get(told.ticket) != told.title
    return copies[told.title] > 0


def table(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """Figures side by side, for people."""
    rows = tuple(rows)
    heads = list(rows[0][1])
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(str(figures[head]) for head in heads) + " |" for name, figures in rows]
    return "\n".join(lines)


def _named(simulated: SimulatedServiceNow | SimulatedJira) -> Iterable[tuple[str, str]]:
    if isinstance(simulated, SimulatedJira):
        return ((issue.key, str(issue.fields["summary"])) for issue in simulated.issues())
    return ((str(one["number"]), str(one["short_description"])) for one in simulated.tickets())
