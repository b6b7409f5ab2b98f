"""What an upstream's answer means for the ticket: its status alone does not say."""

from dataclasses import field
from enum import StrEnum
from typing import TypeAlias

from gateway.domain.call import Headers, NamedHeaders, by_name
from gateway.domain.frozen import frozen


@frozen
class Answer:
    """An answer of the upstream, its body as it came; `unread` tells that it is empty here only as it is on its way."""

    status: int
    headers: Headers
    body: bytes
    unread: bool = False
    _named: NamedHeaders = field(default_factory=dict, init=False, repr=False, compare=False)

    def header(self, name: str) -> str | None:
        """The first value of a header; `name` in lower case."""
        if not self._named:
            self._named.update(by_name(self.headers))
        return self._named.get(name)


@frozen
class Ticket:
    """What names a ticket: `id` is what the API takes (`sys_id`, Jira's id), `key` what people say (`INC0010001`).

    Either may be empty where the answer did not tell; `url` is the human link. `priority` is the platform's value where
    the answer tells it.
    """

    id: str = ""
    key: str = ""
    url: str = ""
    priority: str = ""


class Evidence(StrEnum):
    """How a create ended whose effect is unknown; it decides how long an empty search proves nothing."""

    OVER = "over"
    SILENT = "silent"


@frozen
class Done:
    """It worked; `ticket` is None where the call makes none.

    `further` are the other tickets that the same call made. `flaws` say what the answer itself tells to have failed
    beside what worked: an element of a bulk, a transform of an import, a transition after a create.
    """

    ticket: Ticket | None = None
    further: tuple[Ticket, ...] = ()
    flaws: tuple[str, ...] = ()


@frozen
class NotExecuted:
    """Certainly without effect: safe to send again. `retry_after` in seconds, where the platform named a time."""

    reason: str
    retry_after: float | None = None


@frozen
class Ambiguous:
    """It may have taken effect."""

    reason: str
    evidence: Evidence
    retry_after: float | None = None


@frozen
class Refused:
    """The platform said no, for good; nothing was made.

    `login` tells that it was the login that was refused, not what was asked for: trying again locks the account.
    """

    reason: str = ""
    login: bool = False


@frozen
class CarrierRefused:
    """The platform refused nothing but the correlation value that the gateway had added; nothing was made."""


@frozen
class Deceptive:
    """A success in its status that is none in its body; never passed on as one.

    On a create it is ambiguous, but for `nothing_made`: then the answer itself says that there is no ticket.
    """

    reason: str
    nothing_made: bool = False


Verdict: TypeAlias = Done | NotExecuted | Ambiguous | Refused | CarrierRefused | Deceptive


def in_doubt(verdict: Verdict) -> bool:
    """Whether nobody can say from an exchange if the call took effect."""
    return isinstance(verdict, Ambiguous) or (isinstance(verdict, Deceptive) and not verdict.nothing_made)
