"""An event as a person reads it on a terminal."""

import json
from typing import Any, Final

from structlog.dev import Column, ConsoleRenderer, KeyValueColumnFormatter, LogLevelColumnFormatter

_EVENT_WIDTH: Final = 22
_DIVIDERS: Final = frozenset(" =\"'")


class Readable:
    """The time (UTC), how bad it is, what happened, and the facts beside it; a traceback below.

    What clients and platforms wrote may hold a terminal's control codes, so nothing unprintable gets through.
    """

    def __init__(self, *, colors: bool) -> None:
        styles = ConsoleRenderer.get_default_column_styles(colors)
        levels = ConsoleRenderer.get_default_level_styles(colors)
        named = KeyValueColumnFormatter(styles.kv_key, styles.kv_value, styles.reset, _value)
        self._renderer = ConsoleRenderer(
            sort_keys=False,
            columns=[
                Column("timestamp", KeyValueColumnFormatter(None, styles.timestamp, styles.reset, _time)),
                Column("level", LogLevelColumnFormatter(levels, styles.reset)),
                Column("event", KeyValueColumnFormatter(None, styles.bright, styles.reset, _printable, _EVENT_WIDTH)),
                Column("", named),
            ],
        )

    def line(self, event: dict[str, Any]) -> str:
        """One event, its last newline included."""
        facts = {name: value for name, value in event.items() if name != "exception"}
        said = self._renderer(None, "", facts)
        traceback = str(event.get("exception", "")).splitlines()
        return "".join(f"{line}\n" for line in (said, *map(_printable, traceback)))


def _time(timestamp: object) -> str:
    return f"{str(timestamp)[11:23]}Z"


def _value(value: object) -> str:
    """A plain word as it is, anything else as JSON."""
    if isinstance(value, str) and value and value.isprintable() and _DIVIDERS.isdisjoint(value):
        return value
    return _printable(json.dumps(value, ensure_ascii=False, default=str))


def _printable(text: object) -> str:
    said = str(text)
    return said if said.isprintable() else "".join(each if each.isprintable() else _escaped(each) for each in said)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
