"""Read a call's ticket: from its body, or from the template it names. Only where somebody will use what is read."""

import re
from typing import Final

from gateway.domain.call import Call, Fields, Json
from gateway.domain.frozen import frozen
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.pipeline import strict_json
from gateway.platforms.platform import Platform
from gateway.policy.policy import Mode, Policy
from gateway.policy.rules import Expanded, Missing, Rules, Template

_JSON_IN_UTF8: Final = re.compile(r'\s*application/json\s*(?:;\s*(?:charset=)?"*(?:utf-?8)?"*\s*)?', re.IGNORECASE)


@frozen
class Read:
    """A body as its policy sees it: the whole document, and the ticket's fields in it."""

    document: Json
    fields: Fields


def read_fields(call: Call, rules: Rules, platform: Platform, candidates: tuple[Policy, ...]) -> Read | None:
    """The call's ticket, or None where no policy wants to know; raises RequestError for what cannot be read one way."""
    if call.template_name is not None:
        return _from_template(call, rules, platform)
    if not _wanted(call, candidates):
        return None
    require_plain_json(call)
    document = strict_json.parse(call.body or b"")
    fields = platform.fields_of(call.route, document)
    if fields is None:
        where = f"{call.method} {call.route.path}"
        raise _malformed(f"the body of {where} must be a JSON object that holds one ticket's fields")
    return Read(document, fields)


def _wanted(call: Call, candidates: tuple[Policy, ...]) -> bool:
    """A policy that is off reads nothing, unless it must look at fields to know whether it covers the call."""
    if not call.body and not call.is_ticket_call:
        return False
    for policy in candidates:
        if policy.match.needs_fields:
            return True
        return policy.mode is not Mode.OFF
    return False


def _from_template(call: Call, rules: Rules, platform: Platform) -> Read:
    if not call.is_create:
        raise _malformed("ITSM-Template makes a ticket; it belongs on a request that creates one")
    template = _known_template(call, rules)
    variables = strict_json.parse(call.body or b"{}")
    if not isinstance(variables, dict):
        raise _malformed("with ITSM-Template the body is the variables: a JSON object of names and values")
    if call.job_id is not None:
        variables.setdefault("job_id", call.job_id)
    match template.expand(variables):
        case Missing(violations=violations, required=required):
            needs = f" (it needs {', '.join(required)})" if required else ""
            detail = f"template {template.name!r} cannot be filled in{needs}; nothing was sent"
            raise RequestError(Problem(ProblemType.MISSING_VARIABLES, 400, detail, violations))
        case Expanded(fields=fields):
            made = platform.rich_text(call.route, fields)
            return Read(platform.with_fields(call.route, {}, made), made)


def _known_template(call: Call, rules: Rules) -> Template:
    known = rules.templates.get(call.platform, {})
    template = known.get(call.template_name or "")
    if template is None:
        names = ", ".join(sorted(known)) or "none"
        detail = f"there is no template {call.template_name!r} for {call.platform}; known templates: {names}"
        raise RequestError(Problem(ProblemType.UNKNOWN_TEMPLATE, 400, detail))
    return template


def require_plain_json(call: Call) -> None:
    """A policy can only judge what is sent as plain JSON; anything else would be read differently behind it."""
    coding = call.header("content-encoding")
    if coding and coding.lower() != "identity":
        raise _unsupported(call, f"without Content-Encoding, not {coding[:40]!r}")
    content_type = call.header("content-type") or ""
    if not _JSON_IN_UTF8.fullmatch(content_type):
        instead = repr(content_type[:80]) if content_type else "without a type"
        raise _unsupported(call, f"as Content-Type: application/json in UTF-8, not {instead}")


def _malformed(detail: str) -> RequestError:
    return RequestError(Problem(ProblemType.MALFORMED_REQUEST, 400, detail))


def _unsupported(call: Call, mend: str) -> RequestError:
    detail = f"a policy covers {call.route.path}: send its body {mend}"
    return RequestError(Problem(ProblemType.UNSUPPORTED_ENCODING, 415, detail))
