"""Text of a certain form: who writes another is told in words, not by a pattern."""

import re
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from gateway.domain.frozen import frozen


@frozen
class Spelled:
    """`form` is a pattern that the whole text fits; `words` end the sentence that begins with a text that does not."""

    form: str
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"pattern": f"^{self.form}$"}

    def _checked(self, text: str) -> str:
        if re.fullmatch(self.form, text) is None:
            raise PydanticCustomError("spelled", "{text} {words}", {"text": repr(text[:60]), "words": self.words})
        return text
