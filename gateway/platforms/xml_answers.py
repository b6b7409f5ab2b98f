"""ServiceNow's answers to clients that accept XML only: the JSON's names and nesting, in elements."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from gateway.domain.call import Json

XML_UTF8: Final = "application/xml;charset=UTF-8"

_ROOT: Final = "response"
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML can hold, not even escaped."""

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'


def is_wanted(accept: str) -> bool:
    """Whether an `Accept` asks for XML, and would not take JSON as well."""
    lower = accept.lower()
    return "xml" in lower and "json" not in lower


def parse_xml(body: bytes) -> Json:
    """The same document as JSON; raises ValueError for what is no such answer.

    A document type could make a small body large, and no platform sends one.
    """
    if b"<!DOCTYPE" in body:
        raise ValueError("a document type")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314  # without a document type there is nothing to expand
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    if root.tag != _ROOT:
        raise ValueError(f"<{root.tag}> is no answer of an API")
    parsed = _value(root)
    return parsed if isinstance(parsed, dict) else {}


def as_xml(document: Mapping[str, Json]) -> bytes:
    """A document as the platform writes it."""
    inner = "".join(_written(name, value) for name, value in document.items())
    return f"{_DECLARATION}<{_ROOT}>{inner}</{_ROOT}>".encode("utf-8", "replace")


def _value(element: ElementTree.Element) -> Json:
    """Elements of one name are a list."""
    if not len(element):
        return element.text or ""
    found: dict[str, Json] = {}
    for child in element:
        value, known = _value(child), found.get(child.tag)
        if known is None:
            found[child.tag] = value
        else:
            found[child.tag] = [*known, value] if isinstance(known, list) else [known, value]
    return found


def _written(name: str, value: Json) -> str:
    if isinstance(value, list):
        return "".join(_written(name, each) for each in value)
    return f"<{name}>{''.join(_content(value))}</{name}>"


def _content(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (_written(name, each) for name, each in value.items())
    elif isinstance(value, bool):
        yield str(value).lower()
    elif value is not None:
        yield escape(_FORBIDDEN.sub("", str(value)))
