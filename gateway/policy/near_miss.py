"""Names that are almost right: platforms drop a field spelt `Urgency` or `short_descripton` in silence."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Protocol

from gateway.domain.call import Fields
from gateway.domain.frozen import frozen
from gateway.domain.problem import Code, Violation

LIKENESS: Final = 0.85
"""Share of letters in common from which a name counts as a slip."""

LONGEST_COMPARED: Final = 60
MOST_COMPARED: Final = 20
"""Unknown names of one ticket that are compared letter by letter; a hostile ticket has thousands."""

OWN_PREFIXES: Final = ("u_", "x_", "customfield_", "sys_")
"""Names that an instance gave, or that the platform keeps for itself; one letter more or less is no slip there."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant, or None."""
    by_folded = {folded(each): each for each in known if len(each) <= LONGEST_COMPARED}
    if len(name) > LONGEST_COMPARED:
        return None
    near = difflib.get_close_matches(folded(name), by_folded, n=1, cutoff=0.7)
    return by_folded[near[0]] if near else None


def folded(name: str) -> str:
    """What is left of a name when case, spaces, hyphens and underscores do not count."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


class Meant(Protocol):
    """Which known name an unknown one is nearly; remembers a bounded number of answers."""

    def __call__(self, name: str, /) -> str | None:
        """The known name, or None where nothing is near."""
        ...


@frozen
class NearMisses:
    """Warns of unknown fields whose names are nearly those of known ones; all other unknown fields are welcome."""

    known: frozenset[str]
    meant: Meant

    def __call__(self, fields: Fields) -> tuple[Violation, ...]:
        """One warning a slip, in the order of the names."""
        unknown = fields.keys() - self.known
        if not unknown:
            return ()
        candidates = sorted(name for name in unknown if 0 < len(name) <= LONGEST_COMPARED)[:MOST_COMPARED]
        return tuple(_slip(name, near) for name in candidates if (near := self.meant(name)))


def near_misses(names: Iterable[str]) -> NearMisses:
    """A watch over these names, folded once."""
    known = frozenset(names)
    by_folded = {folded(name): name for name in sorted(known)}

    @lru_cache(maxsize=512)
    def meant(name: str) -> str | None:
        return _meant(name, by_folded)

    return NearMisses(known, meant)


def _meant(name: str, by_folded: Mapping[str, str]) -> str | None:
    plain = folded(name)
    if plain in by_folded:
        return by_folded[plain]
    if name.startswith(OWN_PREFIXES):
        return None
    near = difflib.get_close_matches(plain, by_folded, n=1, cutoff=LIKENESS)
    return by_folded[near[0]] if near else None


def _slip(name: str, near: str) -> Violation:
    return Violation(
        name, Code.UNKNOWN_FIELD, f"is not a known field and may be dropped in silence; did you mean {near!r}?"
    )
