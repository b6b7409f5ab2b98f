"""Texts that must have a form, with a message in words in place of the pattern."""

import re

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def form(pattern: str, message: str) -> AfterValidator:
    """Put it beside `str` in an `Annotated`: the whole text must match."""
    compiled = re.compile(pattern)

    def check(given: str) -> str:
        if not compiled.fullmatch(given):
            raise PydanticCustomError("form", "{message}", {"message": message})
        return given

    return AfterValidator(check)
