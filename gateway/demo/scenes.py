"""The demo's traffic: what an ordinary client does, what the platforms do to it, and what it is told in the end."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import ClientSession

from gateway.demo.stage import Stage
from gateway.domain.frozen import frozen
from gateway.simulator import CREATES, refused, stored_then

INCIDENTS: Final = "/api/now/table/incident"
ISSUES: Final = "/rest/api/2/issue"


@frozen
class Told:
    """What a scene's client was told; `made` counts the tickets that stand on the platform, `expected` should."""

    status: int
    outcome: str
    retries: str
    said: str
    made: int
    expected: int

    @property
    def true(self) -> bool:
        """Whether the platform holds what it should."""
        return self.made == self.expected

    @property
    def proof(self) -> str:
        """What stands on the platform, in words."""
        return "1 ticket" if self.made == 1 else f"{self.made} tickets"


@frozen
class Scene:
    """One thing to see."""

    title: str
    play: Callable[[Stage, ClientSession], Awaitable[Told]]


async def a_plain_ticket(stage: Stage, session: ClientSession) -> Told:
    """Nothing happens to it."""
    before = len(stage.servicenow.tickets())
    body = {"short_description": "Disk full on db-7", "impact": "2", "urgency": "2"}
    answer = await _post(session, stage.address("servicenow") + INCIDENTS, body)
    return answer.told(_number(answer), len(stage.servicenow.tickets()) - before)


async def a_refused_ticket(stage: Stage, session: ClientSession) -> Told:
    """Its fields break the policy; the platform's own error names them, and nothing is sent."""
    before = len(stage.jira.issues())
    fields = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "x" * 300, "labels": ["on call"]}
    answer = await _post(session, stage.address("jira") + ISSUES, {"fields": fields})
    said = "\n".join(answer.json.get("errors", {}).values())
    return answer.told(said, len(stage.jira.issues()) - before, expected=0)


async def a_503_survived(stage: Stage, session: ClientSession) -> Told:
    """The platform is busy; a search shows that nothing was made, and the ticket is sent again."""
    stage.servicenow.faults.add(refused(503).on(CREATES))
    before = len(stage.servicenow.tickets())
    answer = await _post(session, stage.address("servicenow") + INCIDENTS, {"short_description": "Backup late"})
    return answer.told(_number(answer), len(stage.servicenow.tickets()) - before)


async def a_committed_500(stage: Stage, session: ClientSession) -> Told:
    """The platform stores the ticket and says 500; it is found again instead of doubled."""
    stage.servicenow.faults.add(stored_then(500).on(CREATES))
    before = len(stage.servicenow.tickets())
    answer = await _post(session, stage.address("servicenow") + INCIDENTS, {"short_description": "Queue stuck"})
    return answer.told(_number(answer), len(stage.servicenow.tickets()) - before)


async def a_committed_502_in_jira(stage: Stage, session: ClientSession) -> Told:
    """The same with Jira, whose search lags behind its writes."""
    stage.jira.faults.add(stored_then(502).on(CREATES))
    before = len(stage.jira.issues())
    fields = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Certificate expires"}
    answer = await _post(session, stage.address("jira") + ISSUES, {"fields": fields})
    return answer.told(str(answer.json.get("key")), len(stage.jira.issues()) - before)


async def a_ticket_from_a_template(stage: Stage, session: ClientSession) -> Told:
    """A job names a template and its variables; policy, retries and records are the same."""
    before = len(stage.servicenow.tickets())
    answer = await _post(session, stage.address("api") + "/api/v1/tickets/from-template", _template_request())
    ticket = answer.json.get("ticket", {})
    return answer.told(f"{ticket.get('key')} by template rca_incident", len(stage.servicenow.tickets()) - before)


async def a_dry_run(stage: Stage, session: ClientSession) -> Told:
    """What would be sent, and nothing is."""
    before = len(stage.servicenow.tickets())
    url = stage.address("servicenow") + INCIDENTS
    answer = await _post(session, url, {"short_description": "Only a test"}, {"ITSM-Dry-Run": "true"})
    return answer.told(f"would {answer.json.get('would')}", len(stage.servicenow.tickets()) - before, expected=0)


SCENES: Final = (
    Scene("a ServiceNow incident", a_plain_ticket),
    Scene("a Jira issue that breaks its policy", a_refused_ticket),
    Scene("ServiceNow answers 503 once", a_503_survived),
    Scene("ServiceNow stores it and answers 500", a_committed_500),
    Scene("Jira stores it and answers 502", a_committed_502_in_jira),
    Scene("a ticket from a template", a_ticket_from_a_template),
    Scene("a dry run", a_dry_run),
)


@frozen
class _Answer:
    status: int
    outcome: str
    retries: str
    json: dict[str, Any]

    def told(self, said: str, made: int, *, expected: int = 1) -> Told:
        return Told(self.status, self.outcome, self.retries, said, made, expected)


async def _post(session: ClientSession, url: str, body: object, headers: dict[str, str] | None = None) -> _Answer:
    async with session.post(url, json=body, headers={"Accept": "application/json"} | (headers or {})) as response:
        shown = await response.json(content_type=None)
        outcome = response.headers.get("ITSM-Outcome") or shown.get("outcome", "")
        retries = response.headers.get("ITSM-Retry-Attempts") or str(shown.get("retry", {}).get("attempts", 0))
        return _Answer(response.status, outcome, retries, shown)


def _template_request() -> dict[str, object]:
    return {
        "job_id": "nightly-42",
        "platform": "servicenow",
        "template_name": "rca_incident",
        "variables": {"job_name": "nightly-etl"},
    }


def _number(answer: _Answer) -> str:
    return str(answer.json.get("result", {}).get("number"))
