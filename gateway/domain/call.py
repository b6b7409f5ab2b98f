"""A call: one client request through the gateway, and what it means to its platform."""

from dataclasses import field
from enum import StrEnum
from typing import TypeAlias

from gateway.domain.frozen import frozen

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Header lines in the order and spelling they came in, repeats kept."""

NamedHeaders: TypeAlias = dict[str, str]
"""The first value of each header, by its name in lower case."""

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Fields: TypeAlias = dict[str, "Json"]
"""A ticket's fields, without the platform's envelope around them."""


class PlatformName(StrEnum):
    """The platforms the gateway speaks."""

    SERVICENOW = "servicenow"
    JIRA = "jira"


class Operation(StrEnum):
    """What a call does to a ticket."""

    CREATE_TICKET = "create_ticket"
    UPDATE_TICKET = "update_ticket"
    APPEND = "append"
    """Adds to a ticket every time it is done: a comment, a worklog, a step of the workflow."""
    READ = "read"
    OTHER = "other"


TICKET_OPERATIONS = frozenset({Operation.CREATE_TICKET, Operation.UPDATE_TICKET, Operation.APPEND})
"""Ticket calls: written to the journal before they leave."""


@frozen
class Route:
    """What a method and target mean to a platform; equal for every spelling of the same resource.

    `path` is canonical: version aliases are folded, so a policy names a resource once. `resource` is the ServiceNow
    table, or the Jira resource (`issue`); `ticket` the id or key that the target names; `version` Jira's `2` or `3`.
    `repeatable` tells that doing it twice is doing it once, whatever its body says.
    """

    name: str
    operation: Operation
    path: str
    resource: str = ""
    ticket: str | None = None
    version: str = ""
    repeatable: bool = False


@frozen
class Call:
    """One client request, as it came in; `body` is None where it is streamed past unread.

    `received_at` is Unix seconds (UTC), `deadline` seconds on the monotonic clock. `client` names who called (a token's
    name, else the Basic user, else empty) and never holds a secret. `gateway_base` is the address the client dialled:
    scheme, host and prefix without a trailing slash; `peer` is the address it dialled from. `repeats` is the id of the
    call that this one asks for again; `respond_async` tells that its caller need not wait. Where it is `named`, its
    idempotency key says all, and another body under the same key is the same call.
    """

    id: str
    upstream: str
    platform: PlatformName
    route: Route
    method: str
    target: str
    headers: Headers
    body: bytes | None
    received_at: float
    deadline: float
    gateway_base: str
    client: str = ""
    peer: str = ""
    job_id: str | None = None
    idempotency_key: str | None = None
    template_name: str | None = None
    dry_run: bool = False
    repeats: str | None = None
    respond_async: bool = False
    named: bool = False
    source: str = "proxy"
    _named: NamedHeaders = field(default_factory=dict, init=False, repr=False, compare=False)

    def header(self, name: str) -> str | None:
        """The first value of a header; `name` in lower case."""
        if not self._named:
            self._named.update(by_name(self.headers))
        return self._named.get(name)

    @property
    def is_ticket_call(self) -> bool:
        """Ticket calls are written to the journal before they leave."""
        return self.route.operation in TICKET_OPERATIONS

    @property
    def is_create(self) -> bool:
        """Creates are the calls that a blind second send would double."""
        return self.route.operation is Operation.CREATE_TICKET


def by_name(headers: Headers) -> NamedHeaders:
    """The headers as they are looked up."""
    return {name.lower(): value for name, value in reversed(headers)}
