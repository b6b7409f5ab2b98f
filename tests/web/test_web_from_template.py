import json
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from gateway.domain.call import Fields, PlatformName
from gateway.domain.delivery import Answered, Attempt, Delivery, Failed, FailureKind, Reconciled
from gateway.domain.outcome import Outcome, PolicyName
from gateway.domain.problem import Code, Violation
from gateway.domain.verdict import Answer, Ticket
from gateway.outbox.flights import Flights
from gateway.pipeline.decision import Forward
from gateway.pipeline.earlier import Opened, Pending
from gateway.pipeline.ports import Ports
from gateway.platforms.registry import PLATFORMS
from gateway.policy.document import Document
from gateway.policy.policy import Mode, Policy
from gateway.policy.rules import Rules, UpstreamRules
from gateway.policy.templates import compile_templates
from gateway.sla.targets import SlaTargets
from gateway.telemetry.metrics import Metrics
from gateway.web import keys
from gateway.web.api import from_template
from gateway.web.api.reading import LARGEST_BODY
from gateway.web.errors import tell_problems

PATH = "/api/v1/tickets/from-template"
TEMPLATES = {"servicenow": {"rca": {"short_description": "RCA Required: {job_name}", "impact": "{impact}"}}}
SETTINGS = {"servicenow": {"rca": {"target": {"table": "problem"}, "variables": {"impact": {"default": "2"}}}}}
SERVICENOW = keys.UpstreamInfo("sn", PlatformName.SERVICENOW, "https://sn.example", True, 60.0)
TICKET = Ticket("id1", "PRB0001", "https://sn.example/nav_to.do?uri=problem.do")


@dataclass
class ACourier:
    """Delivers nothing anywhere; answers what the test says."""

    delivery: Delivery
    sent: list[Forward] = field(default_factory=list)

    async def deliver(self, forward: Forward) -> Delivery:
        self.sent.append(forward)
        return self.delivery


@dataclass
class AJournal:
    noted: list[Outcome] = field(default_factory=list)

    async def open(self, *_: object) -> Opened:
        return Opened()

    async def close(self, forward: Forward, outcome: Outcome, *_: object) -> None: ...

    def note(self, outcome: Outcome) -> None:
        self.noted.append(outcome)


class ASettler:
    def settle_later(self, pending: Pending) -> None: ...


class EveryProblem:
    """Matches whatever makes a problem record."""

    needs_fields = False

    def covers_route(self, method: str, *_: object, **__: object) -> bool:
        return method == "POST"

    def covers_fields(self, *_: object) -> bool:
        return True


class AsGiven:
    def complete(self, fields: Fields, *_: object) -> Fields:
        return fields


def short_titles_only(fields: Fields, *, display_values: bool = False) -> tuple[Violation, ...]:
    """A schema: at most 30 characters."""
    if len(fields["short_description"]) <= 30:
        return ()
    return (Violation("short_description", Code.TOO_LONG, "must have at most 30 characters"),)


POLICY = Policy(
    name=PolicyName("problem", "v1"),
    description="",
    platform=PlatformName.SERVICENOW,
    upstream=None,
    match=EveryProblem(),
    mode=Mode.ENFORCE,
    defaults=AsGiven(),
    schema=short_titles_only,
    sla=SlaTargets(response={"default": 60.0}),
)


@dataclass
class Door:
    """The tickets door over the real pipeline; its upstream answers `delivery`."""

    rules: Rules
    courier: ACourier
    journal: AJournal = field(default_factory=AJournal)
    upstreams: dict[str, keys.UpstreamInfo] = field(default_factory=lambda: {"sn": SERVICENOW})
    client: TestClient | None = None

    async def post(self, body: object = None, headers: dict[str, str] | None = None, **changes: object):
        asked = {"platform": "servicenow", "template_name": "rca", "variables": {"job_name": "nightly"}} | changes
        sent = json.dumps(asked) if body is None else body
        response = await self.client.post(
            PATH, data=sent, headers={"Content-Type": "application/json", **(headers or {})}
        )
        return response, await response.json(content_type=None)


def attempts(*statuses: int) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(number, 0.0, 0.1, status, None, 0.0 if number == 1 else 5.0)
        for number, status in enumerate(statuses, start=1)
    )


@pytest.fixture
async def door(aiohttp_client) -> Door:
    compiled, faults = compile_templates(TEMPLATES, SETTINGS, Document("c.json", {}, lambda _: 0))
    assert faults == ()
    rules = Rules("v1", (POLICY,), compiled, {name: UpstreamRules(PlatformName.SERVICENOW) for name in ("sn", "sn2")})
    door = Door(rules, ACourier(Answered(attempts(503, 201), Answer(201, (), b"{}"), TICKET)))
    couriers = {"sn": door.courier, "sn2": door.courier}
    app = web.Application(middlewares=[tell_problems])
    app[keys.PORTS] = Ports(
        clock=lambda: 0.0,
        new_id=lambda: "c" * 32,
        journal=door.journal,
        couriers=couriers,
        outbox=None,
        flights=Flights(door.journal),
        settler=ASettler(),
        telling=Metrics("1"),
        platforms=PLATFORMS,
    )
    app[keys.CURRENT_RULES] = lambda: door.rules
    app[keys.UPSTREAMS] = door.upstreams
    app.add_routes(from_template.routes())
    door.client = await aiohttp_client(app)
    return door


async def test_us3_a_ticket_is_made_from_a_template_and_told_with_its_retries(door):
    response, told = await door.post(job_id="job-7")

    assert response.status == 201
    assert told == {
        "call_id": "c" * 32,
        "ticket": {"id": "id1", "key": "PRB0001", "url": TICKET.url},
        "template": "rca",
        "retry": {"attempts": 1, "delays_seconds": [5.0]},
        "sla": {"response_due_at": "1970-01-01T00:01:00.000Z", "resolution_due_at": None},
        "outcome": "created",
    }
    assert response.headers["ITSM-Call-Id"] == "c" * 32
    assert response.headers["ITSM-Retry-Attempts"] == "1"


async def test_the_call_goes_where_the_template_says_with_its_variables_filled_in(door):
    await door.post(job_id="job-7")

    (forward,) = door.courier.sent
    sent = json.loads(forward.body)
    assert forward.call.target == "/api/now/table/problem"
    assert (sent["short_description"], sent["impact"]) == ("RCA Required: nightly", "2")
    assert (forward.call.job_id, forward.call.source) == ("job-7", "template")


async def test_a_dry_run_shows_the_payload_and_its_violations_and_sends_nothing(door):
    response, told = await door.post(dry_run=True, variables={"job_name": "the very long nightly job"})

    assert response.status == 200
    assert door.courier.sent == []
    assert told["payload"]["short_description"] == "RCA Required: the very long nightly job"
    assert [(each["field"], each["code"]) for each in told["violations"]] == [("short_description", "too_long")]
    assert (told["would"], told["policy"]) == ("refuse", "problem")


async def test_us2_a_broken_policy_is_422_and_names_the_field(door):
    response, told = await door.post(variables={"job_name": "the very long nightly job"})

    assert (response.status, response.headers["ITSM-Error"]) == (422, "validation-failed")
    assert told["errors"] == [
        {"field": "short_description", "code": "too_long", "message": "must have at most 30 characters"}
    ]
    assert response.headers["ITSM-Outcome"] == "validation_failed"
    assert door.courier.sent == []


async def test_us3_missing_variables_are_all_named_with_those_that_are_required(door):
    response, told = await door.post(variables={"jobname": "nightly"})

    assert (response.status, response.headers["ITSM-Error"]) == (422, "missing-variables")
    assert [(each["field"], each["code"]) for each in told["errors"]] == [("job_name", "missing_variable")]
    assert told["required"] == ["job_name"]


async def test_an_unknown_template_is_404_and_told_with_the_known_ones(door):
    response, told = await door.post(template_name="rcb")

    assert (response.status, response.headers["ITSM-Error"]) == (404, "unknown-template")
    assert "known templates: rca" in told["detail"]


async def test_a_refused_template_is_recorded_like_any_call(door):
    await door.post(template_name="rcb")

    assert [outcome.kind for outcome in door.journal.noted] == ["template_failed"]


async def test_an_upstreams_refusal_is_502_with_its_status_and_words(door):
    answer = Answer(403, (), b'{"error":{"message":"Insufficient rights"}}')
    door.courier.delivery = Answered(attempts(403), answer, succeeded=False)

    response, told = await door.post()

    assert (response.status, response.headers["ITSM-Error"]) == (502, "upstream-refused")
    assert told["upstream_status"] == 403
    assert "Insufficient rights" in told["detail"]


async def test_a_rate_limited_upstream_tells_when_to_come_back(door):
    answer = Answer(429, (("Retry-After", "17"),), b"")
    door.courier.delivery = Answered(attempts(429), answer, succeeded=False)

    response, told = await door.post()

    assert (response.status, told["upstream_status"]) == (502, 429)
    assert response.headers["Retry-After"] == "17"


@pytest.mark.parametrize(
    ("kind", "status", "problem"),
    [(FailureKind.UNREACHABLE, 502, "unreachable"), (FailureKind.TIMEOUT, 504, "timeout")],
)
async def test_an_upstream_that_gives_no_answer_is_told_as_such(door, kind, status, problem):
    door.courier.delivery = Failed(attempts(0), kind, "nobody answers")

    response, told = await door.post()

    assert (response.status, response.headers["ITSM-Error"]) == (status, problem)
    assert told["call_id"] == "c" * 32


async def test_a_create_that_nobody_can_confirm_is_504_with_a_time_to_come_back(door):
    door.courier.delivery = Failed(attempts(0), FailureKind.UNCONFIRMED, "the answer was lost", retry_after=4.0)

    response, _ = await door.post()

    assert (response.status, response.headers["ITSM-Outcome"]) == (504, "unconfirmed")
    assert response.headers["Retry-After"] == "4"


async def test_a_ticket_found_after_a_lost_answer_is_told_as_made(door):
    door.courier.delivery = Reconciled(attempts(500), Answer(201, (), b"{}"), TICKET)

    response, told = await door.post()

    assert (response.status, told["outcome"], told["ticket"]["id"]) == (201, "reconciled", "id1")


async def test_without_credentials_anywhere_the_answer_says_what_to_set(door):
    door.upstreams["sn"] = replace(SERVICENOW, has_credentials=False)

    response, told = await door.post()

    assert (response.status, response.headers["ITSM-Error"]) == (503, "upstream-credentials")
    assert "upstreams.sn.credentials" in told["detail"]
    assert "ITSM-Upstream-Authorization" in told["detail"]
    assert door.courier.sent == []


async def test_the_callers_own_credentials_go_to_the_upstream(door):
    door.upstreams["sn"] = replace(SERVICENOW, has_credentials=False)

    response, _ = await door.post(headers={"ITSM-Upstream-Authorization": "Basic c2VjcmV0"})

    assert response.status == 201
    assert door.courier.sent[0].call.header("authorization") == "Basic c2VjcmV0"


async def test_where_the_gateway_has_credentials_the_callers_are_left_out(door):
    await door.post(headers={"ITSM-Upstream-Authorization": "Basic c2VjcmV0"})

    assert door.courier.sent[0].call.header("authorization") is None


async def test_a_dry_run_needs_no_credentials(door):
    door.upstreams["sn"] = replace(SERVICENOW, has_credentials=False)

    response, _ = await door.post(dry_run=True)

    assert response.status == 200


async def test_with_several_upstreams_of_the_platform_one_must_be_named(door):
    door.upstreams["sn2"] = replace(SERVICENOW, name="sn2")

    unnamed, told = await door.post()
    named, _ = await door.post(upstream="sn2")

    assert unnamed.status == 422
    assert told["errors"][0]["field"] == "upstream"
    assert "sn, sn2" in told["errors"][0]["message"]
    assert named.status == 201
    assert [forward.call.upstream for forward in door.courier.sent] == ["sn2"]


@pytest.mark.parametrize(
    ("changes", "field", "code", "told"),
    [
        ({"platform": "snow"}, "platform", "not_allowed", "servicenow or jira"),
        ({"platform": "jira"}, "platform", "not_allowed", "no upstream of jira is configured"),
        ({"upstream": "sn9"}, "upstream", "not_allowed", "must be one of sn"),
        ({"template": "rca"}, "template", "unknown_field", "did you mean template_name?"),
        ({"template_name": 7}, "template_name", "wrong_type", "must be text"),
        ({"variables": []}, "variables", "wrong_type", "must be an object"),
        ({"dry_run": "true"}, "dry_run", "wrong_type", "must be true or false"),
        ({"job_id": "x" * 201}, "job_id", "too_long", "at most 200"),
    ],
)
async def test_a_request_that_asks_for_what_cannot_be_names_the_key_and_the_mend(door, changes, field, code, told):
    response, problem = await door.post(**changes)

    assert response.status == 422
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert told in problem["errors"][0]["message"]


async def test_all_faults_of_a_request_are_told_at_once(door):
    response, problem = await door.post(body='{"platfrom": "jira", "variables": 1}')

    assert response.status == 422
    assert sorted(error["field"] for error in problem["errors"]) == [
        "platform",
        "platfrom",
        "template_name",
        "variables",
    ]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("[]", {}, 400),
        ('{"platform": "jira"', {}, 400),
        ('{"platform": "jira", "platform": "servicenow"}', {}, 400),
        ("{}", {"Content-Type": "text/plain"}, 415),
        ("{}", {"Content-Encoding": "gzip"}, 415),
        (" " * (LARGEST_BODY + 1), {}, 413),
    ],
)
async def test_a_body_that_cannot_be_read_in_one_way_only_is_refused(door, body, headers, status):
    response, problem = await door.post(body=body, headers=headers)

    assert response.status == status
    assert problem["detail"]
    assert door.courier.sent == []


async def test_a_number_in_a_variable_keeps_its_spelling(door):
    body = '{"platform":"servicenow","template_name":"rca","variables":{"job_name":"x","impact":1e2},"dry_run":true}'

    response, _ = await door.post(body=body)

    assert '"impact":1e2' in await response.text()


async def test_a_template_that_no_policy_covers_sends_the_ticket_and_not_its_variables(door):
    door.rules = replace(door.rules, policies=())

    response, _ = await door.post()

    assert response.status == 201
    assert json.loads(door.courier.sent[0].body)["short_description"] == "RCA Required: nightly"
