"""Rich text in its two forms: wiki markup in version 2, an Atlassian Document in version 3."""

import json
from collections.abc import Iterator

LONGEST_TEXT = 32_767

RichText = str | dict[str, object] | None


def is_document(value: object) -> bool:
    """Whether the value is an Atlassian Document."""
    return isinstance(value, dict) and value.get("type") == "doc" and isinstance(value.get("content"), list)


def length_of(value: object) -> int:
    """The length that counts against the limit: UTF-16 units, of a document its serialised JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return len(text.encode("utf-16-le")) // 2


def in_version(value: RichText, version: int) -> RichText:
    """The text as that version of the API shows it."""
    if value is None or (version == 2) == isinstance(value, str):  # noqa: PLR2004 - the API's version 2
        return value
    return _as_document(value) if isinstance(value, str) else "\n".join(_paragraphs(value))


def _as_document(text: str) -> dict[str, object]:
    content = [{"type": "text", "text": text}] if text else []
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": content}]}


def _paragraphs(document: dict[str, object]) -> Iterator[str]:
    content = document.get("content")
    for node in content if isinstance(content, list) else []:
        yield "".join(_texts(node))


def _texts(node: object) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    if isinstance(node.get("text"), str):
        yield node["text"]
    content = node.get("content")
    for child in content if isinstance(content, list) else []:
        yield from _texts(child)
