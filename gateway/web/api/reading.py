"""What the API is sent, read strictly: JSON in one encoding, and every key at fault named at once."""

from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from gateway.domain.call import Json
from gateway.domain.problem import Code, Problem, ProblemType, RequestError, Violation
from gateway.pipeline import strict_json
from gateway.policy.near_miss import nearest
from gateway.web.body import read_body

LARGEST_BODY: Final = 1_000_000
"""Bytes; variables are values for a form, not attachments."""

_LONGEST_NAME: Final = 200
_MOST_TOLD: Final = 50

_CODES: Final = {
    "missing": Code.REQUIRED,
    "extra_forbidden": Code.UNKNOWN_FIELD,
    "enum": Code.NOT_ALLOWED,
    "literal_error": Code.NOT_ALLOWED,
    "string_too_long": Code.TOO_LONG,
    "string_too_short": Code.TOO_SHORT,
}
_TYPES: Final = {"string_type": "text", "dict_type": "an object", "bool_type": "true or false"}


class Request(BaseModel):
    """The body of a request: nothing is guessed, and no key is let pass unread."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


Asked = TypeVar("Asked", bound=Request)


async def read_json(request: web.Request) -> Json:
    """The body; raises RequestError (400, 413, 415) where it is not JSON that can be read in one way only."""
    if request.content_type != "application/json" or request.headers.get("Content-Encoding", "identity") != "identity":
        detail = "send the body as Content-Type: application/json, without Content-Encoding"
        raise RequestError(Problem(ProblemType.UNSUPPORTED_ENCODING, 415, detail))
    return strict_json.parse(await read_body(request, LARGEST_BODY))


def parsed(document: Json, model: type[Asked]) -> Asked:
    """The request in the document; raises RequestError that names every key at fault."""
    if not isinstance(document, dict):
        needed = " and ".join(name for name, field in model.model_fields.items() if field.is_required())
        detail = f"the body must be a JSON object{f' with {needed}' if needed else ''}"
        raise RequestError(Problem(ProblemType.MALFORMED_REQUEST, 400, detail))
    try:
        return model.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False)[:_MOST_TOLD]
        raise unusable(*(_violation(each, model) for each in details)) from error


def unusable(*violations: Violation) -> RequestError:
    """A readable request that asks for something that cannot be."""
    detail = "; ".join(f"{each.field}: {each.message}" for each in violations)
    return RequestError(Problem(ProblemType.VALIDATION_FAILED, 422, detail, violations))


def _violation(error: ErrorDetails, model: type[Request]) -> Violation:
    kind = error["type"]
    field = ".".join(str(part) for part in error["loc"])[:_LONGEST_NAME]
    code = Code.WRONG_TYPE if kind in _TYPES else _CODES.get(kind, Code.INVALID)
    return Violation(field, code, _message(error, model))


def _message(error: ErrorDetails, model: type[Request]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _TYPES:
        return f"must be {_TYPES[kind]}"
    match kind:
        case "missing":
            return "is required"
        case "extra_forbidden":
            return _unknown(str(error["loc"][-1]), model)
        case "enum" | "literal_error":
            return f"must be {context['expected']}".replace("'", "")
        case "string_too_long":
            return f"must have at most {context['max_length']} characters"
        case "string_too_short":
            return "must not be empty"
        case _:
            return error["msg"]


def _unknown(name: str, model: type[Request]) -> str:
    near = nearest(name, model.model_fields)
    hint = f"did you mean {near}?" if near else f"known keys are {', '.join(model.model_fields)}"
    return f"is not known; {hint}"
