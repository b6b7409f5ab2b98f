"""Texts of clients as they may be kept: without what may be secret, in characters that every database takes."""

import re

_QUERY_VALUE = re.compile(r"(?P<name>[^&=]*)(?P<value>=[^&]*)?(?P<end>&|$)")
_KEPT_QUERY = re.compile(r"sysparm_\w*|jql", re.ASCII)


def shown_target(target: str) -> str:
    """A target without its query's values, which may be secret; `sysparm_*` and `jql` say what was asked and stay."""
    path, question, query = target.partition("?")
    if not query:
        return storable(path) or ""
    return storable(path + question + _QUERY_VALUE.sub(_shown_value, query)) or ""


def storable(text: str | None) -> str | None:
    """Text that every database takes: what UTF-8 cannot say, and NUL, written as an escape; empty is None."""
    if not text:
        return None
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def _shown_value(match: re.Match[str]) -> str:
    name, value, end = match["name"], match["value"], match["end"]
    if not value:
        return ("***" if name else "") + end
    return name + (value if _KEPT_QUERY.fullmatch(name) else "=***") + end
