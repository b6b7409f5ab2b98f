"""`GET /api/v1/tickets/templates`: which templates there are, and what each wants to know."""

from aiohttp import web

from gateway.domain.call import PlatformName
from gateway.platforms.platform import Target
from gateway.platforms.registry import PLATFORMS
from gateway.policy.rules import Template, Variable
from gateway.web.api.answering import answer
from gateway.web.api.documents.tickets import TemplateDocument, VariableDocument
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import Filter, read_filters
from gateway.web.keys import CURRENT_RULES

FILTERS = {"platform": Filter("platform", tuple(PlatformName))}


async def list_templates(request: web.Request) -> web.Response:
    """All templates, or those of one platform, in the order of their names."""
    platform = read_filters(request.query, FILTERS).get("platform")
    templates = request.config_dict[CURRENT_RULES]().templates
    return answer(
        [
            _shown(template)
            for name in sorted(templates)
            if platform in (None, name)
            for _, template in sorted(templates[name].items())
        ]
    )


def _shown(template: Template) -> TemplateDocument:
    return {
        "platform": template.platform,
        "name": template.name,
        "description": template.description,
        "target": dict(template.target),
        "path": PLATFORMS[template.platform].create_target(Target(**template.target)),
        "fields": template.fields,
        "variables": [_shown_variable(variable) for variable in template.variables],
    }


def _shown_variable(variable: Variable) -> VariableDocument:
    return {
        "name": variable.name,
        "required": variable.required,
        "description": variable.description,
        "default": variable.default,
    }


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/tickets/templates",
        list_templates,
        {200: list[TemplateDocument]},
        query=Query(FILTERS, listing=False, window=False),
        problems=(422,),
    ),
)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
