"""The injection: a pod in, and a JSON patch, a refusal or nothing to do out."""

import json
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, TypeAlias

from gateway.domain.frozen import frozen
from gateway.injector.fit import containers, misshapen, refusals, warnings
from gateway.injector.json_patch import add, add_items
from gateway.injector.names import (
    CONTAINER,
    DISABLED,
    ENABLED,
    INJECTED,
    OPT_IN,
    SIDECAR_LABEL,
    Manifest,
)
from gateway.injector.settings import Faulty, SidecarSettings, read_settings
from gateway.injector.sidecar import sidecar, volumes


class Asked(Enum):
    """Who wants the sidecar: this very pod, or its namespace for all that it can be put into."""

    BY_POD = auto()
    BY_NAMESPACE = auto()


@frozen
class Patched:
    """The sidecar goes in by these operations."""

    operations: tuple[Manifest, ...]
    warnings: tuple[str, ...]


@frozen
class Refused:
    """The sidecar was asked for in a way that cannot be carried out; every reason, each with what to do."""

    reasons: tuple[str, ...]


@frozen
class Left:
    """The pod stays as it is, rightly."""

    reason: str


Injection: TypeAlias = Patched | Refused | Left


def inject(pod: Manifest, defaults: SidecarSettings, asked: Asked, claims: frozenset[str] = frozenset()) -> Injection:
    """What it takes to give this pod the sidecar; `claims` are volumes that its workload adds to each pod."""
    wrong = misshapen(pod)
    if wrong:
        return Refused((wrong,))
    decided = _not_wanted(pod, asked)
    if decided:
        return decided
    settings = read_settings(annotations(pod), defaults)
    if isinstance(settings, Faulty):
        return Refused(settings.faults)
    reasons = tuple(refusals(pod, settings, claims))
    if reasons:
        return Refused(reasons)
    given = tuple(_variables(pod, settings))
    said = (*warnings(pod, settings), *(each.kept_warning for each in given if each.kept))
    return Patched(tuple(_operations(pod, settings, given)), said)


def annotations(pod: Manifest) -> dict[str, str]:
    """The pod's annotations, none where there are none."""
    return (pod.get("metadata") or {}).get("annotations") or {}


def labels(pod: Manifest) -> dict[str, str]:
    """The pod's labels, none where there are none."""
    return (pod.get("metadata") or {}).get("labels") or {}


def is_injected(pod: Manifest) -> bool:
    """Whether the sidecar in the pod is ours."""
    return INJECTED in annotations(pod) and sidecar_of(pod) is not None


def sidecar_of(pod: Manifest) -> Manifest | None:
    """The container of our name among those that start first."""
    named = (each for each in pod["spec"].get("initContainers") or [] if each["name"] == CONTAINER)
    return next(named, None)


def _not_wanted(pod: Manifest, asked: Asked) -> Refused | Left | None:
    label = labels(pod).get(OPT_IN)
    if label == DISABLED:
        return Left(f"label {OPT_IN} says {DISABLED}")
    if label not in (None, ENABLED):
        return Refused((f"label {OPT_IN} is {label!r}, and must be {ENABLED} or {DISABLED}",))
    if is_injected(pod):
        return Left("it has the sidecar already")
    if not pod["spec"].get("hostNetwork"):
        return None
    reason = "it uses the host's network, where every process of the node would reach the gateway"
    if asked is Asked.BY_POD or label == ENABLED:
        return Refused((f"{reason}; remove hostNetwork, or use the gateway as a service",))
    return Left(reason)


@frozen
class _Given:
    """What one container is told, and what it had said itself."""

    kind: str
    index: int
    container: Manifest
    added: tuple[tuple[str, str], ...]
    kept: tuple[str, ...]

    @property
    def kept_warning(self) -> str:
        return f"container {self.container['name']} sets {', '.join(self.kept)} itself, which was not overwritten"


def _variables(pod: Manifest, settings: SidecarSettings) -> Iterator[_Given]:
    """A variable that the container has is never overwritten."""
    wanted = {entry.variable: entry.url(settings.proxy_port) for entry in settings.env}
    for kind, index, container in containers(pod):
        if settings.containers and container["name"] not in settings.containers:
            continue
        has = {variable.get("name") for variable in container.get("env") or []}
        added = tuple((name, url) for name, url in wanted.items() if name not in has)
        yield _Given(kind, index, container, added, tuple(name for name in wanted if name in has))


def _operations(pod: Manifest, settings: SidecarSettings, given: tuple[_Given, ...]) -> Iterator[Manifest]:
    """Variables first: the sidecar in front moves the places of the other init containers."""
    for each in given:
        added = [{"name": name, "value": url} for name, url in each.added]
        yield from add_items(["spec", each.kind, each.index, "env"], each.container.get("env"), added)
    spec = pod["spec"]
    yield from add_items(["spec", "volumes"], spec.get("volumes"), volumes(settings))
    first, ours = ["spec", "initContainers"], sidecar(settings)
    yield add([*first, 0], ours) if spec.get("initContainers") else add(first, [ours])
    yield from _marks(pod, _story(settings, given))


def _story(settings: SidecarSettings, given: tuple[_Given, ...]) -> str:
    env = {each.container["name"]: dict(each.added) for each in given if each.added}
    story = {"image": settings.image, "env": env}
    return json.dumps(story, separators=(",", ":"), sort_keys=True)


MARKS: Final = (("labels", SIDECAR_LABEL), ("annotations", INJECTED))


def _marks(pod: Manifest, story: str) -> Iterator[Manifest]:
    """A label to be found by, and an annotation that tells what was put in."""
    if not pod.get("metadata"):
        yield add(["metadata"], {"labels": {SIDECAR_LABEL: "true"}, "annotations": {INJECTED: story}})
        return
    for (key, name), value in zip(MARKS, ("true", story), strict=True):
        if pod["metadata"].get(key):
            yield add(["metadata", key, name], value)
        else:
            yield add(["metadata", key], {name: value})
