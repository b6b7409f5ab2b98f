"""`POST /api/v1/tickets/from-template`: the tickets door; it builds a call as the proxy does and goes the same way."""

import time
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway import __version__
from gateway.domain.call import Call, Headers
from gateway.domain.problem import Code, Problem, ProblemType, RequestError, Violation
from gateway.domain.trace import TRACE_HEADERS
from gateway.pipeline import strict_json
from gateway.pipeline.handle import handle_call
from gateway.platforms.platform import Platform, Target
from gateway.policy.rules import Rules
from gateway.web.api.documents.made import CreatedDocument, QueuedDocument, RehearsedDocument
from gateway.web.api.endpoint import Endpoint, routes_of
from gateway.web.api.headers import CREATE_GIVES, CREATE_TAKES
from gateway.web.api.reading import parsed, read_json, unusable
from gateway.web.api.ticket_answer import answer_ticket
from gateway.web.api.ticket_request import TicketRequest
from gateway.web.arrival import read_arrival
from gateway.web.caller import caller_of
from gateway.web.keys import CALL_ID, CURRENT_RULES, PORTS, UPSTREAMS, UpstreamInfo

CREDENTIALS_HEADER: Final = "ITSM-Upstream-Authorization"


async def create_from_template(request: web.Request) -> web.Response:
    """Make a ticket from a template, or, with `dry_run`, show what would be sent."""
    ports, rules = request.config_dict[PORTS], request.config_dict[CURRENT_RULES]()
    asked = parsed(await read_json(request), TicketRequest)
    outcome = await handle_call(template_call(request, asked, rules), rules, ports, caller_of(request))
    return answer_ticket(outcome, required_variables(asked, rules))


def template_call(request: web.Request, asked: TicketRequest, rules: Rules) -> Call:
    """The call that makes the ticket; raises RequestError where no upstream would take it."""
    return _call(request, asked, _chosen(asked, request.config_dict[UPSTREAMS]), rules)


def required_variables(asked: TicketRequest, rules: Rules) -> tuple[str, ...]:
    """What the template cannot do without; nothing where it is not known."""
    template = rules.templates.get(asked.platform, {}).get(asked.template_name)
    return tuple(each.name for each in template.variables if each.required) if template else ()


def _chosen(asked: TicketRequest, upstreams: Mapping[str, UpstreamInfo]) -> UpstreamInfo:
    """The upstream that was named, or the platform's only one."""
    fitting = {name: info for name, info in upstreams.items() if info.platform is asked.platform}
    names = ", ".join(sorted(fitting))
    if not fitting:
        raise unusable(Violation("platform", Code.NOT_ALLOWED, f"no upstream of {asked.platform} is configured"))
    if asked.upstream is not None:
        if asked.upstream not in fitting:
            raise unusable(Violation("upstream", Code.NOT_ALLOWED, f"must be one of {names}"))
        return fitting[asked.upstream]
    if len(fitting) > 1:
        raise unusable(
            Violation("upstream", Code.REQUIRED, f"{asked.platform} has several upstreams; name one: {names}")
        )
    return next(iter(fitting.values()))


def _call(request: web.Request, asked: TicketRequest, upstream: UpstreamInfo, rules: Rules) -> Call:
    ports, wishes = request.config_dict[PORTS], read_arrival(request).wishes
    platform = ports.platforms[asked.platform]
    target = _target(asked, rules, platform)
    return Call(
        id=request[CALL_ID],
        upstream=upstream.name,
        platform=asked.platform,
        route=platform.route("POST", target.partition("?")[0]),
        method="POST",
        target=target,
        headers=_headers(request, asked, upstream),
        body=strict_json.write(asked.variables),
        received_at=ports.clock(),
        deadline=time.monotonic() + upstream.total_timeout_seconds,
        gateway_base=f"{request.scheme}://{request.host}",
        peer=request.remote or "",
        job_id=asked.job_id,
        template_name=asked.template_name,
        dry_run=asked.dry_run,
        idempotency_key=wishes.idempotency_key,
        repeats=wishes.repeats,
        respond_async=wishes.respond_async,
        source="template",
    )


def _target(asked: TicketRequest, rules: Rules, platform: Platform) -> str:
    """Where the template's ticket goes; for an unknown one the platform's default, as the pipeline will refuse it."""
    template = rules.templates.get(asked.platform, {}).get(asked.template_name)
    parts = template.target if template else {}
    return platform.create_target(
        Target(
            table=parts.get("table", ""),
            service_desk=parts.get("service_desk", ""),
            request_type=parts.get("request_type", ""),
        )
    )


def _headers(request: web.Request, asked: TicketRequest, upstream: UpstreamInfo) -> Headers:
    """What the call is sent with; the caller's own credentials live in it, and nowhere else."""
    headers: Headers = (
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
        ("User-Agent", f"itsm-gateway/{__version__}"),
    )
    headers += tuple((name, value) for name in TRACE_HEADERS if (value := request.headers.get(name)) is not None)
    if upstream.has_credentials or asked.dry_run:
        return headers
    authorization = request.headers.get(CREDENTIALS_HEADER)
    if not authorization:
        detail = (
            f"nobody has given credentials for upstream {upstream.name!r}: set upstreams.{upstream.name}.credentials "
            f"in the config, or send the header {CREDENTIALS_HEADER}"
        )
        raise RequestError(Problem(ProblemType.UPSTREAM_CREDENTIALS, 503, detail))
    return (*headers, ("Authorization", authorization))


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/tickets/from-template",
        create_from_template,
        {200: RehearsedDocument, 201: CreatedDocument, 202: QueuedDocument},
        takes=TicketRequest,
        problems=(400, 404, 413, 415, 422, 502, 503, 504),
        takes_headers=CREATE_TAKES,
        gives_headers=CREATE_GIVES,
    ),
)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
