"""What the journal hands to its store: the frozen values themselves, made into rows on the store's side."""

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import Connection

from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome
from gateway.domain.verdict import Evidence
from gateway.pipeline.claim import Claim
from gateway.pipeline.decision import Forward


@frozen
class Holder:
    """Who writes to a row that is open: a process, and in which of its turns."""

    owner: str
    epoch: int


@frozen
class Opening:
    """A ticket call is about to leave for the first time.

    A create equal to one that was abandoned after `abandoned_since` takes that one over instead.
    """

    forward: Forward
    at: float
    owner: str
    claim: Claim | None = None
    abandoned_since: float = 0.0


@frozen
class Sending:
    """A further attempt of an open call is about to leave; `carried` tells whether the correlation value is in it."""

    call_id: str
    at: float
    holder: Holder
    carried: bool = True


@frozen
class Closing:
    """A ticket call ended, and its caller is about to be told.

    Of an unconfirmed one: what its last attempt left as evidence, and from when (Unix seconds) its absence is proven by
    an empty search.
    """

    forward: Forward
    outcome: Outcome
    holder: Holder
    evidence: Evidence | None = None
    absent_from: float | None = None


@frozen
class Settling:
    """It is known at last what became of a call whose caller was told something else, or nothing."""

    forward: Forward
    outcome: Outcome
    holder: Holder


@frozen
class Noting:
    """A call that made no journal row has ended."""

    outcome: Outcome


@frozen
class Chore:
    """Something with a commit of its own; what `run` returns is what its caller gets."""

    run: Callable[[Connection], Any]


Entry: TypeAlias = Opening | Sending | Closing | Settling | Noting | Chore
