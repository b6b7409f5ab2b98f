"""`GET /api/v1/tickets/templates`: which templates there are, and what each wants to know."""

from aiohttp import web

from gateway.domain.call import Json, PlatformName
from gateway.domain.problem import Code, Problem, ProblemType, RequestError, Violation
from gateway.pipeline import strict_json
from gateway.policy.rules import Template, Variable
from gateway.web.keys import CURRENT_RULES


def routes() -> list[web.RouteDef]:
    """The one address."""
    return [web.get("/api/v1/tickets/templates", list_templates)]


async def list_templates(request: web.Request) -> web.Response:
    """All templates, or those of one platform, in the order of their names."""
    platform = _asked(request)
    templates = request.config_dict[CURRENT_RULES]().templates
    shown: list[Json] = [
        _shown(template)
        for name in sorted(templates)
        if platform in (None, name)
        for _, template in sorted(templates[name].items())
    ]
    return web.Response(body=strict_json.write(shown), content_type="application/json")


def _asked(request: web.Request) -> PlatformName | None:
    """A misspelt filter must not answer with everything."""
    faults = [
        Violation(name, Code.UNKNOWN_FIELD, f"unknown parameter {name[:60]!r}; known parameters: platform")
        for name in request.query
        if name != "platform"
    ]
    given = request.query.get("platform")
    if given is not None and given not in set(PlatformName):
        known = ", ".join(PlatformName)
        faults.append(Violation("platform", Code.NOT_ALLOWED, f"must be one of {known}, not {given[:60]!r}"))
    if faults:
        detail = "; ".join(f"{fault.field[:60]}: {fault.message}" for fault in faults)
        raise RequestError(Problem(ProblemType.VALIDATION_FAILED, 422, detail, tuple(faults)))
    return None if given is None else PlatformName(given)


def _shown(template: Template) -> Json:
    return {
        "platform": template.platform,
        "name": template.name,
        "description": template.description,
        "target": dict(template.target),
        "fields": template.fields,
        "variables": [_shown_variable(variable) for variable in template.variables],
    }


def _shown_variable(variable: Variable) -> Json:
    return {
        "name": variable.name,
        "required": variable.required,
        "description": variable.description,
        "default": variable.default,  # type: ignore[dict-item]  # it was read from JSON
    }
