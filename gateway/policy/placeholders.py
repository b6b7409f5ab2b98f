"""Placeholders in text: `{name}`, and `{{`, `}}` for braces; `str.format` would reach into the values' attributes."""

import re
from typing import TypeAlias

from gateway.domain.frozen import frozen

_NAME = "[a-z_][a-z0-9_]*"
_TOKEN = re.compile(rf"\{{\{{|\}}\}}|\{{({_NAME})\}}|[{{}}]")


@frozen
class Placeholder:
    """Stands for the value of the variable `name`."""

    name: str


Text: TypeAlias = tuple[str | Placeholder, ...]
"""A text taken apart: literal pieces and placeholders, in order, no two literal pieces side by side."""


@frozen
class BadPlaceholder:
    """Why a text cannot be taken apart; `position` counts characters from 1."""

    position: int
    found: str

    def __str__(self) -> str:
        """What is wrong, and how it is written right."""
        return (
            f"character {self.position}: {self.found!r} is no placeholder; write {{name}} in lower-case letters, "
            "digits and _ (not beginning with a digit), and {{ or }} where a brace itself is meant"
        )


def take_apart(text: str) -> Text | BadPlaceholder:
    """Read the text once, left to right; values are never read for placeholders again."""
    pieces: list[str | Placeholder] = []
    literal, end = "", 0
    for token in _TOKEN.finditer(text):
        literal += text[end : token.start()]
        end = token.end()
        if token.group() in ("{{", "}}"):
            literal += token.group()[0]
        elif token.group(1) is None:
            return BadPlaceholder(token.start() + 1, _excerpt(text, token.start()))
        else:
            pieces += [literal, Placeholder(token.group(1))] if literal else [Placeholder(token.group(1))]
            literal = ""
    literal += text[end:]
    return (*pieces, literal) if literal else tuple(pieces)


def is_name(name: str) -> bool:
    """Whether a placeholder can have this name."""
    return re.fullmatch(_NAME, name) is not None


def escaped(text: str) -> str:
    """The text whose placeholders, once read, give `text` itself."""
    return text.replace("{", "{{").replace("}", "}}")


def _excerpt(text: str, start: int) -> str:
    end = text.find("}", start + 1)
    return text[start : min(end + 1, start + 30)] if end >= 0 else text[start : start + 15]
