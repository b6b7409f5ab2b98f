"""Plain text in the form that version 3 of the API takes: the Atlassian Document Format."""

import re
from typing import Final

from gateway.domain.call import Fields, Json, Route

_RICH: Final = frozenset({"description", "environment"})
_RICH_BY_ROUTE: Final = {"comment.create": frozenset({"body"}), "comment.edit": frozenset({"body"})}
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t]*\n)+")
_DOCUMENT_VERSION: Final = 1
_RICH_VERSION: Final = "3"


def rich_text(route: Route, fields: Fields) -> Fields:
    """Version 3 refuses strings where version 2 takes them; documents and everything else pass as they are."""
    if route.version != _RICH_VERSION:
        return fields
    rich = _RICH_BY_ROUTE.get(route.name, _RICH)
    return {
        name: document_of(value) if name in rich and isinstance(value, str) else value for name, value in fields.items()
    }


def document_of(text: str) -> Json:
    """A document with a paragraph per block of text and a hard break per line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    blocks = [block for block in _BLANK_LINES.split(lines) if block.strip()]
    return {"type": "doc", "version": _DOCUMENT_VERSION, "content": [_paragraph(block) for block in blocks]}


def _paragraph(block: str) -> Json:
    nodes: list[Json] = []
    for number, line in enumerate(block.split("\n")):
        if number:
            nodes.append({"type": "hardBreak"})
        if line:
            nodes.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": nodes}
