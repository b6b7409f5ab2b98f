"""A policy's `match` as an operator writes it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from gateway.policy.spelled import Spelled
from gateway.policy.strict import Strict

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def _plain_path(path: str) -> str:
    for segment in path[1:].split("/"):
        inner = segment.removeprefix("{").removesuffix("}")
        wild = segment == "*" or (segment.startswith("{") and segment.endswith("}") and inner.isidentifier())
        if not segment and path != "/":
            raise PydanticCustomError(
                "path", "has an empty segment; write the path without // and without / at its end"
            )
        if not wild and any(sign in segment for sign in "*{}?#"):
            raise PydanticCustomError(
                "path",
                "`*` and `{name}` stand for a whole segment, as in /api/now/table/*; {segment} mixes them with text",
                {"segment": repr(segment)},
            )
    return path


def _condition(given: JsonValue) -> JsonValue:
    values = given if isinstance(given, list) and given else [given]
    asks_existence = isinstance(given, dict) and given.keys() == {"exists"} and isinstance(given["exists"], bool)
    if asks_existence or all(isinstance(value, str | bool | int | float) for value in values):
        return given
    raise PydanticCustomError(
        "condition", 'must be a value, a list of values, or {"exists": true} or {"exists": false}'
    )


PathPattern = Annotated[
    str,
    Spelled(r"/.*", "must begin with /, as in /api/now/table/incident"),
    AfterValidator(_plain_path),
    Field(examples=["/api/now/table/incident", "/rest/api/2/issue/{key}"]),
]
_VALUE = {"type": ["string", "number", "boolean"]}
Condition = Annotated[
    JsonValue,
    AfterValidator(_condition),
    WithJsonSchema(
        {
            "anyOf": [
                _VALUE,
                {"type": "array", "minItems": 1, "items": _VALUE},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["exists"],
                    "properties": {"exists": {"type": "boolean"}},
                },
            ]
        }
    ),
]


class MatchRule(Strict):
    """Which calls a policy is for."""

    methods: Annotated[frozenset[Method], Field(min_length=1)] = frozenset[Method]({"POST"})
    """The HTTP methods, in capitals."""
    path: PathPattern | None = None
    """The path without query, version aliases folded; `*` and `{name}` stand for one segment. Give this or `paths`."""
    paths: tuple[PathPattern, ...] = ()
    """Several paths. Give this or `path`."""
    fields: dict[str, Condition] = Field(default={}, examples=[{"category": ["network", "database"]}])
    """Conditions that all hold: a field (`project.key` looks inside an object) is a value, one of a list, or exists."""

    @model_validator(mode="after")
    def _some_path(self) -> "MatchRule":
        if (self.path is None) == (not self.paths):
            raise PydanticCustomError(
                "some_path", "give either `path` or `paths`, such as path: /api/now/table/incident"
            )
        return self

    @property
    def all_paths(self) -> tuple[str, ...]:
        """Every path pattern, whichever key gave it."""
        return self.paths if self.path is None else (self.path,)
