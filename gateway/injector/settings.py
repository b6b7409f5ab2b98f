"""What may be set for one pod's sidecar, and how its annotations are read: every fault is named, none is guessed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from gateway.domain.frozen import frozen
from gateway.injector.env_mapping import HIGHEST_PORT, BaseUrl, parse_env
from gateway.injector.names import DOMAIN, INJECTED
from gateway.injector.quantities import amount
from gateway.policy.near_miss import nearest


@frozen
class SidecarSettings:
    """One pod's sidecar; empty texts stand for what is not wanted."""

    image: str
    image_pull_policy: str = "IfNotPresent"
    config: str = "itsm-gateway"
    policies: str = ""
    secret: str = ""
    env: tuple[BaseUrl, ...] = ()
    containers: tuple[str, ...] = ()
    mode: str = ""
    log_level: str = "info"
    data_volume: str = ""
    data_size: str = "1Gi"
    store_secret: str = ""
    proxy_port: int = 18080
    api_port: int = 18090
    ops_port: int = 18091
    ops_host: str = "0.0.0.0"  # noqa: S104 (probes and metrics only: the kubelet dials the pod's address)
    cpu_request: str = "50m"
    memory_request: str = "128Mi"
    memory_limit: str = "384Mi"
    run_as_user: int = 65532

    def ports(self) -> dict[str, int]:
        """Every port the sidecar takes, by the annotation that moves it."""
        own = {"proxy-port": self.proxy_port, "api-port": self.api_port, "ops-port": self.ops_port}
        return own | {f"env ({entry.upstream})": entry.port for entry in self.env if entry.port is not None}


class Faulty(NamedTuple):
    """Every annotation that cannot be followed, each with what to do."""

    faults: tuple[str, ...]


def read_settings(annotations: Mapping[str, str], defaults: SidecarSettings) -> SidecarSettings | Faulty:
    """The defaults, with what the annotations say over them."""
    said: dict[str, Any] = {}
    faults: list[str] = []
    for annotation, text in annotations.items():
        domain, _, name = annotation.partition("/")
        if domain != DOMAIN or annotation == INJECTED:
            continue
        try:
            said[name.replace("-", "_")] = _parser(name)(str(text).strip())
        except ValueError as error:
            faults.append(f"annotation {annotation} {error}")
    if faults:
        return Faulty(tuple(faults))
    settings = replace(defaults, **said)
    wrong = tuple(_clashes(settings))
    return Faulty(wrong) if wrong else settings


def _parser(name: str) -> Callable[[str], object]:
    if name in ANNOTATIONS:
        return ANNOTATIONS[name]
    meant = nearest(name, ANNOTATIONS)
    raise ValueError(f"is not known{f'; did you mean {DOMAIN}/{meant}?' if meant else ''}")


def _clashes(settings: SidecarSettings) -> list[str]:
    """What is right by itself and wrong together."""
    faults: list[str] = []
    request, limit = amount(settings.memory_request), amount(settings.memory_limit)
    if request is not None and limit is not None and request > limit:
        faults.append(
            f"annotation {DOMAIN}/memory-limit ({settings.memory_limit}) is less than the request "
            f"({settings.memory_request}); raise it or lower {DOMAIN}/memory-request"
        )
    taken: dict[int, str] = {}
    for name, port in settings.ports().items():
        if port in taken:
            faults.append(f"annotation {DOMAIN}/{name} takes port {port}, which {DOMAIN}/{taken[port]} takes as well")
        taken.setdefault(port, name)
    return faults


_DNS_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_IMAGE: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._/:@-]*")
_HOST: Final = re.compile(r"[0-9.]+|\[[0-9A-Fa-f:.]+\]")
_STORE_SECRET: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[A-Za-z0-9._-]+")


def _form(pattern: re.Pattern[str], wanted: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"is {text!r}, and must be {wanted}")
        return text

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"is {text!r}, and must be one of {', '.join(choices)}")
        return text

    return parse


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", text) or not lowest <= int(text) <= highest:
            raise ValueError(f"is {text!r}, and must be a number from {lowest} to {highest}")
        return int(text)

    return parse


def _quantity(text: str) -> str:
    if not amount(text):
        raise ValueError(f"is {text!r}, and must be a quantity such as 50m or 128Mi")
    return text


def _list(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    return tuple(_form(_DNS_NAME, "containers' names with commas between them")(name) for name in names)


_port = _number(1024, HIGHEST_PORT)
_name = _form(_DNS_NAME, "the name of an object in the pod's namespace")

ANNOTATIONS: Final[Mapping[str, Callable[[str], object]]] = {
    "image": _form(_IMAGE, "an image's name"),
    "image-pull-policy": _one_of("IfNotPresent", "Always", "Never"),
    "config": _name,
    "policies": _name,
    "secret": _name,
    "env": parse_env,
    "containers": _list,
    "mode": _one_of("enforce", "warn", "off"),
    "log-level": _one_of("debug", "info", "warning", "error"),
    "data-volume": _form(_DNS_NAME, "the name of a volume of the pod"),
    "data-size": _quantity,
    "store-secret": _form(_STORE_SECRET, "SECRET/KEY, whose value is the store's URL"),
    "proxy-port": _port,
    "api-port": _port,
    "ops-port": _port,
    "ops-host": _form(_HOST, "an address such as 0.0.0.0 or [::]"),
    "cpu-request": _quantity,
    "memory-request": _quantity,
    "memory-limit": _quantity,
    "run-as-user": _number(1, 4_294_967_294),
}
"""Each annotation below the domain, and how its text is read; the names are those of the settings."""
