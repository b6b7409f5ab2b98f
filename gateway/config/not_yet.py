"""Keys that belong to the config but do not work in this release: refused, saying what to do instead."""

from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


def refuse(advice: str) -> Any:
    """A marker for `Annotated[None, ...]`: any value but null is a fault with this advice."""
    return _Refuse(advice)


class _Refuse:
    def __init__(self, advice: str) -> None:
        self._advice = advice

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check)

    def _check(self, given: object) -> None:
        if given not in (None, [], {}):
            raise PydanticCustomError("not_yet", "{advice}", {"advice": self._advice})
