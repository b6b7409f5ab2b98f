import pytest
from aiohttp import web

from gateway.domain.call import PlatformName
from gateway.pipeline.ports import Ports
from gateway.policy.document import Document
from gateway.policy.rules import Rules
from gateway.policy.templates import compile_templates
from gateway.telemetry.telling import TellAll
from gateway.web import keys
from gateway.web.api import templates
from gateway.web.errors import tell_problems

TEMPLATES = {
    "servicenow": {"rca": {"short_description": "RCA Required: {job_name}", "urgency": "{urgency}"}},
    "jira": {"bug": {"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}, "summary": "{title}"}},
}
SETTINGS = {
    "servicenow": {
        "rca": {
            "description": "Root cause analysis",
            "target": {"table": "incident"},
            "variables": {"job_name": {"description": "Name of the job"}, "urgency": {"default": "3"}},
        }
    }
}


@pytest.fixture
async def client(aiohttp_client):
    compiled, faults = compile_templates(TEMPLATES, SETTINGS, Document("c.json", {}, lambda _: 0))
    assert faults == ()
    app = web.Application(middlewares=[tell_problems])
    app[keys.PORTS] = Ports(lambda: 0.0, lambda: "c" * 32, None, {}, None, None, None, TellAll(()), {})
    app[keys.CURRENT_RULES] = lambda: Rules("v1", (), compiled, {})
    app.add_routes(templates.routes())
    return await aiohttp_client(app)


async def test_us3_the_templates_of_a_platform_are_listed_with_what_they_want_to_know(client):
    response = await client.get("/api/v1/tickets/templates", params={"platform": "servicenow"})

    assert response.status == 200
    assert await response.json() == [
        {
            "platform": "servicenow",
            "name": "rca",
            "description": "Root cause analysis",
            "target": {"table": "incident"},
            "path": "/api/now/table/incident",
            "fields": {"short_description": "RCA Required: {job_name}", "urgency": "{urgency}"},
            "variables": [
                {"name": "job_name", "required": True, "description": "Name of the job", "default": None},
                {"name": "urgency", "required": False, "description": "", "default": "3"},
            ],
        }
    ]


async def test_without_a_platform_all_templates_are_listed(client):
    response = await client.get("/api/v1/tickets/templates")

    listed = [(each["platform"], each["name"]) for each in await response.json()]
    assert listed == [("jira", "bug"), ("servicenow", "rca")]


@pytest.mark.parametrize(
    ("query", "field", "code", "told"),
    [
        ("platform=snow", "platform", "not_allowed", ", ".join(PlatformName)),
        ("platform=", "platform", "not_allowed", ", ".join(PlatformName)),
        ("plattform=jira", "plattform", "unknown_field", "takes platform"),
    ],
)
async def test_a_wrong_filter_is_refused_with_what_is_allowed(client, query, field, code, told):
    response = await client.get(f"/api/v1/tickets/templates?{query}")

    problem = await response.json(content_type=None)
    assert response.status == 422
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert told in problem["errors"][0]["message"]
