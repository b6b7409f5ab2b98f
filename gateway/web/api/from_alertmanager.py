"""`POST /api/v1/tickets/from-alertmanager`: Alertmanager's webhook; one ticket for each group of alerts that fires."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from aiohttp import web

from gateway.domain.call import Json, PlatformName
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.pipeline.handle import handle_call
from gateway.records.alerts import TicketOfAlerts
from gateway.web.api.alert_group import AlertGroup
from gateway.web.api.answering import answer
from gateway.web.api.documents.made import AlertsKnownDocument, CreatedDocument, MadeTicket, QueuedDocument
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import Filter, read_filters
from gateway.web.api.from_template import required_variables, template_call
from gateway.web.api.reading import parsed, read_json
from gateway.web.api.ticket_answer import answer_ticket
from gateway.web.api.ticket_request import TicketRequest
from gateway.web.caller import caller_of
from gateway.web.keys import ALERTS, CURRENT_RULES, PORTS

FILTERS: Final = {
    "platform": Filter("platform", tuple(PlatformName), "Where the ticket is made.", required=True),
    "template": Filter("template", says="The template it is made from.", required=True),
    "upstream": Filter("upstream", says="Which of the platform's upstreams, where there are several."),
}
_LONGEST_JOB: Final = 200
_HELD: Final = frozenset({OutcomeKind.CREATED, OutcomeKind.RECONCILED, OutcomeKind.REPLAYED, OutcomeKind.QUEUED})
"""How a call ends that nobody need make again."""


@frozen
class _Notified:
    """A notification, and the ticket that is wanted for it."""

    group: AlertGroup
    wanted: Mapping[str, str]

    @property
    def scope(self) -> str:
        """Alerts that go to two templates are two tickets."""
        return "/".join(self.wanted.get(name, "") for name in FILTERS)

    def request(self) -> TicketRequest:
        """As the tickets door is asked; raises RequestError where a parameter is no name."""
        asked: dict[str, Json] = {
            "platform": self.wanted["platform"],
            "template_name": self.wanted["template"],
            "upstream": self.wanted.get("upstream"),
            "variables": self.group.variables(),
            "job_id": self.group.group_key[:_LONGEST_JOB],
        }
        return parsed(asked, TicketRequest)


async def create_from_alertmanager(request: web.Request) -> web.Response:
    """Make one ticket for a group of alerts that fires. Alertmanager's webhook is sent here as it comes.

    Labels and annotations are the template's variables. A group that is told of again, or in which alerts come and
    go, keeps its ticket; a resolved one changes nothing, and makes a new ticket when it fires anew.
    """
    wanted = read_filters(request.query, FILTERS)
    told = _Notified(parsed(await read_json(request), AlertGroup), wanted)
    names = told.group.names(told.scope)
    alerts = request.config_dict[ALERTS]
    known = await alerts.known(names)
    if not told.group.firing:
        return answer(_known("resolved", known))
    if known is not None:
        return answer(_known("known", known))
    asked = told.request()
    outcome = await _made(request, asked, told.group.key(told.scope))
    if outcome.kind in _HELD:
        await alerts.belong(names, _ticket_of(outcome))
    return answer_ticket(outcome, required_variables(asked, request.config_dict[CURRENT_RULES]()))


async def _made(request: web.Request, asked: TicketRequest, key: str) -> Outcome:
    rules = request.config_dict[CURRENT_RULES]()
    call = replace(template_call(request, asked, rules), idempotency_key=key, named=True)
    return await handle_call(call, rules, request.config_dict[PORTS], caller_of(request))


def _ticket_of(outcome: Outcome) -> TicketOfAlerts:
    call_id, ticket = outcome.call.id, outcome.ticket
    return TicketOfAlerts(call_id, ticket.id, ticket.key, ticket.url) if ticket else TicketOfAlerts(call_id)


def _known(status: str, ticket: TicketOfAlerts | None) -> AlertsKnownDocument:
    if ticket is None:
        return {"status": status, "call_id": None, "ticket": None}
    made: MadeTicket = {"id": ticket.id, "key": ticket.key, "url": ticket.url}
    return {"status": status, "call_id": ticket.call_id, "ticket": made if ticket.id or ticket.key else None}


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/tickets/from-alertmanager",
        create_from_alertmanager,
        {200: AlertsKnownDocument, 201: CreatedDocument, 202: QueuedDocument},
        takes=AlertGroup,
        query=Query(FILTERS, listing=False, window=False),
        problems=(400, 404, 413, 415, 422, 502, 503, 504),
    ),
)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
