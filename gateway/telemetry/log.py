"""One log for everything: the gateway's events and what libraries say through `logging`.

A terminal is shown lines for people; everywhere else they are JSON.
"""

import atexit
import logging
import os
from collections.abc import Callable
from typing import Any, Final, TextIO

from gateway.telemetry.instants import instant
from gateway.telemetry.lines import BatchedLines, PromptLines
from gateway.telemetry.logger import Logger
from gateway.telemetry.redaction import Redaction

LEVELS: Final = ("debug", "info", "warning", "error")

EXTRAS: Final = ("call_id", "finding_id", "by", "work")
"""What a record of `logging` may bring along by `extra`; everything else of it stays out of the log."""


class Log:
    """The log in force; `logger` takes events, `redaction` is told the secrets. To be closed at the end.

    `readable` lets it be written for people, or not, whatever the stream is.
    """

    def __init__(self, level: str, stream: TextIO, *, readable: bool | None = None) -> None:
        self.redaction = Redaction()
        self._lines = PromptLines(stream) if stream.isatty() else BatchedLines(stream)
        self._line = self._for_people() if (stream.isatty() if readable is None else readable) else self.redaction.line
        self._handler = _JsonHandler(self)
        self._handler.addFilter(_is_worth_a_line)
        least = logging.getLevelNamesMapping()[level.upper()]
        self.logger = Logger(least, self.write)
        root = logging.getLogger()
        self._level_before = root.level
        root.addHandler(self._handler)
        root.setLevel(max(least, logging.INFO))

    def write(self, event: dict[str, Any]) -> None:
        """Take one event that is complete already."""
        self._lines.write(self._line(event))

    def close(self) -> None:
        """Write what is left and let go of `logging`; safe to call twice."""
        root = logging.getLogger()
        if self._handler in root.handlers:
            root.removeHandler(self._handler)
            root.setLevel(self._level_before)
        self._lines.close()
        atexit.unregister(self.close)

    def _for_people(self) -> Callable[[dict[str, Any]], str]:
        from gateway.telemetry.readable import Readable  # noqa: PLC0415 (5 MB: only where somebody looks)

        shown = Readable(colors="NO_COLOR" not in os.environ)
        return lambda event: shown.line(self.redaction.clear(event))


def configure_logging(level: str, stream: TextIO) -> Log:
    """Send every event of at least this level to the stream; lines still waiting are written at exit."""
    log = Log(level, stream)
    atexit.register(log.close)
    return log


class _JsonHandler(logging.Handler):
    """Libraries' records, in the same form and past the same redaction."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log
        self._tracebacks = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; a traceback becomes one text field, so that an event stays one line."""
        event: dict[str, Any] = {
            "event": _said(record),
            "timestamp": instant(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        event |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
        if record.exc_info:
            event["exception"] = self._tracebacks.formatException(record.exc_info)
        self._log.write(event)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Libraries are heard from warnings on: how they go about their work is nobody's business here."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] == "gateway"


def _said(record: logging.LogRecord) -> str:
    """What a library meant to say, also where its own format does not fit its arguments."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)
