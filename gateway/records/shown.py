"""Texts of clients as they may be kept: without what may be secret, in characters that every database takes."""

import re

_QUERY_VALUE = re.compile(r"(?P<name>[^&=]*)(?P<value>=[^&]*)?(?P<end>&|$)")
_KEPT = r"(?:sysparm_\w*|jql|expand|updateHistory|notifyUsers|returnIssue|overrideScreenSecurity|overrideEditableFlag)"
_KEPT_NAME = re.compile(_KEPT, re.ASCII)
_KEPT_QUERY = re.compile(rf"{_KEPT}=[^&]*(?:&{_KEPT}=[^&]*)*", re.ASCII)
_HIDDEN = "***"
_LONGEST = 200
"""As many characters as the columns for names hold; PostgreSQL takes no more."""


def shown_target(target: str) -> str:
    """A target without its query's values, which may be secret; `sysparm_*` and `jql` say what was asked and stay."""
    path, question, query = target.partition("?")
    if not query:
        return storable(path, None) or ""
    if _KEPT_QUERY.fullmatch(query):
        return storable(target, None) or ""
    return storable(path + question + _QUERY_VALUE.sub(_shown_value, query), None) or ""


def is_whole(shown: str) -> bool:
    """Whether a shown target is the target itself, with nothing hidden in it."""
    return _HIDDEN not in shown


def storable(text: str | None, most: int | None = _LONGEST) -> str | None:
    """Text that every database takes: what UTF-8 cannot say, and NUL, written as an escape; cut; empty is None."""
    if not text:
        return None
    if not text.isascii() or "\0" in text:
        text = text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    return text[:most]


def _shown_value(match: re.Match[str]) -> str:
    name, value, end = match["name"], match["value"], match["end"]
    if not value:
        return (_HIDDEN if name else "") + end
    return name + (value if _KEPT_NAME.fullmatch(name) else f"={_HIDDEN}") + end
