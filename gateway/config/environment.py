"""Settings from the environment: `ITSM_GATEWAY__STORE__URL` stands over `store.url` of the file, key by key."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from pydantic import BaseModel
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsError

from gateway.domain.fault import Fault
from gateway.policy.document import below
from gateway.policy.plain_words import unknown_key

PREFIX = "ITSM_GATEWAY__"
SEPARATOR = "__"
PLACE = "environment"
"""Stands for the file's name in a fault about a variable."""


class Overrides(NamedTuple):
    """What the environment says: values by JSON Pointer's nesting, and which variable said each of them."""

    values: dict[str, object]
    variables: Mapping[str, str]
    faults: tuple[Fault, ...]

    def variable_at(self, pointer: str) -> str | None:
        """The variable that set the value at a pointer, or a part of it, or what holds it."""
        while pointer:
            if pointer in self.variables:
                return self.variables[pointer]
            pointer = pointer.rpartition("/")[0]
        return None


def read_overrides(model: type[BaseModel], environ: Mapping[str, str]) -> Overrides:
    """Every variable under the prefix, each read by itself so that a fault can name it."""
    values: dict[str, object] = {}
    variables: dict[str, str] = {}
    faults: list[Fault] = []
    for name in sorted(name for name in environ if name.upper().startswith(PREFIX)):
        said = _read_one(model, name, environ[name])
        if isinstance(said, Fault):
            faults.append(said)
            continue
        values = merged(values, said)
        variables |= dict.fromkeys(_leaves(said, ""), name)
    return Overrides(values, variables, tuple(faults))


def merged(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """The first, with the second's keys over it; objects are merged, anything else is replaced."""
    result = dict(under)
    for key, value in over.items():
        below_it = result.get(key)
        if isinstance(value, dict) and isinstance(below_it, dict):
            result[key] = merged(below_it, value)
        else:
            result[key] = value
    return result


class _OneVariable(EnvSettingsSource):
    """pydantic-settings' reading of names and JSON values, over a mapping that is handed in."""

    def __init__(self, model: type[BaseModel], name: str, value: str) -> None:
        self._one = {name.lower(): value}
        super().__init__(cast("type[BaseSettings]", model), env_prefix=PREFIX, env_nested_delimiter=SEPARATOR)
        self.env_prefix = PREFIX.lower()

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._one


def _read_one(model: type[BaseModel], name: str, value: str) -> dict[str, object] | Fault:
    try:
        said = _OneVariable(model, name, value)()
    except SettingsError:
        return Fault(PLACE, 0, name, "must be JSON, because this key holds a list or an object")
    if not said:
        top = name[len(PREFIX) :].lower().split(SEPARATOR)[0]
        if top in model.model_fields:
            return Fault(PLACE, 0, name, f"must be JSON, because `{top}` holds an object; or name a key below it")
        return Fault(PLACE, 0, name, unknown_key(top, tuple(model.model_fields)))
    if isinstance(upstreams := said.get("upstreams"), dict):
        said["upstreams"] = {key.replace("_", "-"): value for key, value in upstreams.items()}
    return said


def _leaves(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict) or not value:
        yield pointer
        return
    for key, item in value.items():
        yield from _leaves(item, below(pointer, key))
