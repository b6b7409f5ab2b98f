"""`GET /api/v1/policies`: the set in force, its version, and the faults of the last edit."""

from collections.abc import Mapping

from aiohttp import web

from gateway.domain.call import Json
from gateway.domain.fault import Fault
from gateway.pipeline import strict_json
from gateway.policy.policy import Policy
from gateway.sla.targets import SlaTargets
from gateway.web.api.documents.policies import PolicySet
from gateway.web.api.endpoint import Endpoint, routes_of
from gateway.web.keys import CURRENT_RULES


async def show_policies(request: web.Request) -> web.Response:
    """Policies in the order they are tried."""
    rules = request.config_dict[CURRENT_RULES]()
    shown: dict[str, Json] = {
        "version": rules.version,
        "faults": [_shown_fault(fault) for fault in rules.faults],
        "policies": [_shown(policy) for policy in rules.policies],
    }
    return web.Response(body=strict_json.write(shown), content_type="application/json")


def _shown_fault(fault: Fault) -> Json:
    return {
        "file": fault.file,
        "line": fault.line,
        "pointer": fault.pointer,
        "message": fault.message,
        "excerpt": [{"line": number, "text": text} for number, text in fault.excerpt],
    }


def _shown(policy: Policy) -> Json:
    return {
        "name": policy.name.name,
        "version": policy.name.version,
        "description": policy.description,
        "file": policy.file,
        "platform": policy.platform,
        "upstream": policy.upstream,
        "mode": policy.mode,
        "retry_policy": _shown_retry(policy.retry),
        "carrier": policy.carrier,
        "record": policy.record,
        "sla": _shown_sla(policy.sla),
    }


def _shown_retry(retry: Mapping[str, object]) -> Json:
    """Only what the policy overrides; a set of statuses as the list it was written as."""
    return {key: sorted(value) if isinstance(value, frozenset) else value for key, value in retry.items()}  # type: ignore[misc]  # the doors have validated every key's type


def _shown_sla(sla: SlaTargets | None) -> Json:
    if sla is None:
        return None
    return {
        "response_seconds": dict(sla.response),
        "resolution_seconds": dict(sla.resolution),
        "calendar": sla.calendar.name or None,
    }


ENDPOINTS = (Endpoint("GET", "/api/v1/policies", show_policies, {200: PolicySet}),)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
