"""How a create carries a value by which its ticket can be told from every other."""

from enum import StrEnum

from gateway.domain.call import Json
from gateway.domain.frozen import frozen


@frozen
class Carrier:
    """The correlation value of one create, and where the policy wants it: `default`, `none`, or a field's name."""

    value: str
    place: str = "default"


@frozen
class Carried:
    """A create's body with the correlation value in it; `place` names the field that holds it.

    A place marked with `+` (`labels+`) is one that the client had filled as well: a refusal of it may be the client's.
    """

    body: Json
    place: str


class Guard(StrEnum):
    """What a carried value is good for after an answer was lost."""

    SEARCH = "search"
    """It can be searched for: an empty search that was able to find proves that there is no ticket."""
    COALESCE = "coalesce"
    """The platform itself matches on it: a second send updates the first one's ticket, and its answer names it."""
    CONFIRM = "confirm"
    """It tells our ticket once that is found, but cannot be searched for: nothing proves that there is none."""
