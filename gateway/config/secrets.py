"""Secrets: named in the config, read from environment or file, and never shown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from gateway.policy.strict import Strict


class SecretReference(Strict):
    """Where a secret is to be found: `{"env": "NAME"}` or `{"file": "path"}`."""

    env: str | None = None
    file: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_a_reference(cls, given: object) -> object:
        if isinstance(given, SecretReference):
            return given
        if not isinstance(given, dict):
            raise PydanticCustomError(
                "secret_literal", 'secrets are never in the file: use {"env": "NAME"} or {"file": "path"}'
            )
        if len({"env", "file"} & given.keys()) != 1:
            raise PydanticCustomError("secret_place", 'needs exactly one of {"env": "NAME"} and {"file": "path"}')
        return given


class SecretMissing(Exception):
    """A reference leads nowhere; the message says where it looked and what to do."""


class Secret(Protocol):
    """A value that is shown nowhere: its `repr` and `str` are `***`."""

    def reveal(self) -> str:
        """The value as it is now; a file that changed is read again."""
        ...


def find_secret(reference: SecretReference, environ: Mapping[str, str]) -> Secret:
    """The secret that a reference names; raises SecretMissing."""
    if reference.file is not None:
        return _FileSecret(Path(reference.file))
    name = reference.env or ""
    if not environ.get(name):
        raise SecretMissing(f"the environment variable {name} is not set: export {name}=… before the start")
    return _FixedSecret(_usable(environ[name], f"the environment variable {name}"))


class _Hidden:
    """Shows stars wherever it is printed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


class _FixedSecret(_Hidden):
    """A secret from the environment, which does not change while the process lives."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value


class _FileSecret(_Hidden):
    """A secret from a file; each use asks for the file's stamp, which costs a microsecond, and seldom reads it."""

    __slots__ = ("_path", "_stamp", "_value")

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._stamp = _stamp(path)
            self._value = _read(path)
        except OSError as error:
            raise SecretMissing(f"the secret file {path} cannot be read: {error.strerror or error}") from error

    def reveal(self) -> str:
        """The file's text; while it is away or half written, the last good one."""
        try:
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._value = _read(self._path)
                self._stamp = stamp
        except (OSError, SecretMissing):
            return self._value
        return self._value


def _stamp(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SecretMissing(f"the secret file {path} is not UTF-8 text") from error
    return _usable(text.rstrip("\r\n"), f"the secret file {path}")


def _usable(value: str, place: str) -> str:
    if not value:
        raise SecretMissing(f"{place} is empty")
    if not value.isprintable():
        raise SecretMissing(f"{place} holds a control character or a line break, which no header can carry")
    return value
