"""What `POST /api/v1/tickets/from-template` is sent, and what is told where it cannot be used."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from gateway.domain.call import Json, PlatformName
from gateway.domain.problem import Code, Problem, ProblemType, RequestError, Violation
from gateway.policy.near_miss import nearest

_LONGEST: Final = 200
_MOST_TOLD: Final = 50

_CODES: Final = {
    "missing": Code.REQUIRED,
    "extra_forbidden": Code.UNKNOWN_FIELD,
    "enum": Code.NOT_ALLOWED,
    "string_too_long": Code.TOO_LONG,
    "string_too_short": Code.TOO_SHORT,
}
_TYPES: Final = {"string_type": "text", "dict_type": "an object", "bool_type": "true or false"}


class TicketRequest(BaseModel):
    """A ticket to be made from a template."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    platform: PlatformName = Field(strict=False)
    """Where the ticket is made."""
    template_name: str = Field(min_length=1, max_length=_LONGEST)
    """One of the platform's templates."""
    variables: dict[str, Any] = {}
    """The values of the template's variables, by name; any JSON value."""
    job_id: str | None = Field(default=None, min_length=1, max_length=_LONGEST)
    """The job the ticket is about; templates may use it as a variable."""
    dry_run: bool = False
    """Show the payload and its violations, and send nothing."""
    upstream: str | None = None
    """Which of the platform's upstreams, where there are several."""


def read_ticket_request(document: Json) -> TicketRequest:
    """The request in the document; raises RequestError that names every key at fault."""
    if not isinstance(document, dict):
        detail = "the body must be a JSON object with platform, template_name and variables"
        raise RequestError(Problem(ProblemType.MALFORMED_REQUEST, 400, detail))
    try:
        return TicketRequest.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False)[:_MOST_TOLD]
        raise unusable(*(_violation(each) for each in details)) from error


def unusable(*violations: Violation) -> RequestError:
    """A readable request that asks for something that cannot be."""
    detail = "; ".join(f"{each.field}: {each.message}" for each in violations)
    return RequestError(Problem(ProblemType.VALIDATION_FAILED, 422, detail, violations))


def _violation(error: ErrorDetails) -> Violation:
    kind = error["type"]
    field = ".".join(str(part) for part in error["loc"])[:_LONGEST]
    code = Code.WRONG_TYPE if kind in _TYPES else _CODES.get(kind, Code.INVALID)
    return Violation(field, code, _message(kind, field, error))


def _message(kind: str, field: str, error: ErrorDetails) -> str:
    if kind in _TYPES:
        return f"must be {_TYPES[kind]}"
    match kind:
        case "missing":
            return "is required"
        case "extra_forbidden":
            return _unknown(field)
        case "enum":
            return f"must be one of {', '.join(PlatformName)}"
        case "string_too_long" | "string_too_short":
            return f"must have 1 to {_LONGEST} characters"
        case _:
            return error["msg"]


def _unknown(name: str) -> str:
    near = nearest(name, TicketRequest.model_fields)
    hint = f"did you mean {near}?" if near else f"known keys are {', '.join(TicketRequest.model_fields)}"
    return f"is not known; {hint}"
