"""What ServiceNow stored, compared with what was sent: it ignores, defaults, recomputes and cuts without a word."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl

from gateway.domain.call import Fields, Json, Route
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer
from gateway.platforms.servicenow.payload import JOURNALS, shows_display_values
from gateway.platforms.servicenow.presented import result_of
from gateway.platforms.servicenow.routes import ROUTE_NAMES

_OF_RECORDS: Final = frozenset(name for name in ROUTE_NAMES if name.startswith(("table.", "change.", "change_task.")))
_CHOICE: Final = re.compile(r"(?P<value>-?\d+) - .+")
_CODE: Final = re.compile(r"-?\d+|[0-9a-f]{32}|\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?|true|false")
"""What people are shown under another name: choices, references, instants, booleans."""


def changed_fields(route: Route, target: str, sent: Fields, answer: Answer) -> tuple[str, ...] | None:
    """An answer that shows the whole record shows also what it has no column for; journals never show what was sent."""
    record = result_of(answer) if route.name in _OF_RECORDS else {}
    if not record:
        return None
    otherwise = {name: value for name, value in sent.items() if name not in record or value != record[name]}
    return _changed(otherwise, record, _manner(route, target)) if otherwise else ()


def changed_in(sent: Fields, row: Fields, *, given_in_words: bool) -> tuple[str, ...]:
    """The same for a row that was asked for all the fields that were sent, and shows what is stored."""
    return _changed(sent, row, _Manner(whole=True, in_words=False, given_in_words=given_in_words))


@frozen
class _Manner:
    """How the record is shown: in whole or in part, in values or in words; and how the fields were given."""

    whole: bool
    in_words: bool
    given_in_words: bool


def _changed(sent: Fields, record: Fields, manner: _Manner) -> tuple[str, ...]:
    return tuple(
        name for name, value in sent.items() if name not in JOURNALS and _is_changed(name, value, record, manner)
    )


def _manner(route: Route, target: str) -> _Manner:
    query = target.partition("?")[2]
    parameters = dict(parse_qsl(query))
    whole = "sysparm_fields" not in parameters and "sysparm_view" not in parameters
    in_words = parameters.get("sysparm_display_value", "").lower() == "true"
    return _Manner(whole, in_words, shows_display_values(route, query))


def _is_changed(name: str, value: Json, record: Fields, manner: _Manner) -> bool:
    if name not in record:
        return manner.whole
    sent = _text(value)
    if sent is None:
        return False
    shown = tuple(_shown(record[name]))
    if any(_same(sent, text) for text in shown):
        return False
    return not _tells_nothing(sent, record[name], shown, manner)


def _tells_nothing(sent: str, field: Json, shown: tuple[str, ...], manner: _Manner) -> bool:
    """A value and its word cannot be compared, unless the field is empty or holds the beginning of what was sent."""
    if not any(shown) or any(text and sent.startswith(text) for text in shown):
        return False
    if manner.in_words:
        return _CODE.fullmatch(sent) is not None
    return manner.given_in_words and not (isinstance(field, dict) and "display_value" in field)


def _shown(field: Json) -> Iterator[str]:
    """Every form that the answer gives the field in; a link ends in the id that it leads to."""
    if not isinstance(field, dict):
        yield _text(field) or ""
        return
    for form in ("value", "display_value"):
        if (text := _text(field.get(form))) is not None and form in field:
            yield text
    if isinstance(link := field.get("link"), str):
        yield link.rpartition("/")[2]


def _text(value: Json) -> str | None:
    """A value as ServiceNow keeps it; None for what has no such form."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            return _text(value.get("value")) if "value" in value else None
        case list():
            return None
        case _:
            return str(value)


def _same(sent: str, shown: str) -> bool:
    left, right = _plain(sent), _plain(shown)
    return left == right or _choice(left) == _choice(right)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _choice(text: str) -> str:
    match = _CHOICE.fullmatch(text)
    return match["value"] if match else text
