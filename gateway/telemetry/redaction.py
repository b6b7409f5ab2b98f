"""Known secrets are cut out of whatever is about to be logged, by value."""

import json
from collections.abc import Callable
from typing import Any, Final

SHORTEST: Final = 4
"""Characters: cutting out anything shorter would leave no log to read, and hide nothing that could be called secret."""

STARS: Final = "***"

_encode: Final[Callable[[Any], str]] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


class Redaction:
    """Turns events into lines of JSON in which no known secret stands."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()
        self._as_written: tuple[str, ...] = ()

    def know(self, *secrets: str) -> None:
        """Cut these out from now on; to be told again when a secret changes."""
        known = {*self._secrets, *(secret for secret in secrets if len(secret) >= SHORTEST)}
        self._secrets = tuple(sorted(known, key=len, reverse=True))
        self._as_written = tuple(_encode(secret)[1:-1] for secret in self._secrets)

    def line(self, event: dict[str, Any]) -> str:
        """One event as one line."""
        line = _encode(event)
        for secret in self._as_written:
            if secret in line:
                return f"{_encode(self._cleared(event))}\n"
        return f"{line}\n"

    def clear(self, event: dict[str, Any]) -> dict[str, Any]:
        """The same event without secrets."""
        cleared: dict[str, Any] = self._cleared(event)
        return cleared

    def _cleared(self, value: Any) -> Any:
        """Only texts are touched, so that a line stays JSON whatever the secret is."""
        match value:
            case dict():
                return {self._cleared(key): self._cleared(item) for key, item in value.items()}
            case list() | tuple():
                return [self._cleared(item) for item in value]
            case None | bool() | int() | float():
                return value
            case _:
                return self._starred(str(value))

    def _starred(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, STARS)
        return text
