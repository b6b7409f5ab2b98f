"""Taking the sidecar out again: exactly what was put in, and nothing of the application's own."""

import json
from typing import Any

from gateway.injector.fit import misshapen
from gateway.injector.inject import MARKS, annotations, is_injected
from gateway.injector.names import CONTAINER, INJECTED, VOLUMES, Manifest


def uninject(pod: Manifest) -> Manifest:
    """The pod without the sidecar; one that has none comes back as it was."""
    if misshapen(pod) or not is_injected(pod):
        return pod
    env = _env_put_in(annotations(pod)[INJECTED])
    spec = dict(pod["spec"])
    _keep(spec, "volumes", [each for each in spec.get("volumes") or [] if each["name"] not in VOLUMES])
    for kind in ("containers", "initContainers"):
        others = [each for each in spec.get(kind) or [] if each["name"] != CONTAINER]
        _keep(spec, kind, [_without(each, env.get(each["name"], {})) for each in others])
    return _unmarked({**pod, "spec": spec})


def _env_put_in(story: str) -> dict[str, dict[str, str]]:
    """Variables by container; an annotation that somebody has edited tells nothing."""
    try:
        told: Any = json.loads(story)
    except ValueError:
        return {}
    env = told.get("env") if isinstance(told, dict) else None
    return {name: given for name, given in (env or {}).items() if isinstance(given, dict)}


def _without(container: Manifest, given: dict[str, str]) -> Manifest:
    """A variable whose value has been changed since is the application's own."""
    rest = dict(container)
    kept = [each for each in container.get("env") or [] if given.get(each.get("name")) != each.get("value", "")]
    _keep(rest, "env", kept)
    return rest


def _unmarked(pod: Manifest) -> Manifest:
    metadata = dict(pod["metadata"])
    for key, name in MARKS:
        _keep(metadata, key, {each: value for each, value in (metadata.get(key) or {}).items() if each != name})
    result = dict(pod)
    _keep(result, "metadata", metadata)
    return result


def _keep(place: Manifest, key: str, value: object) -> None:
    """Set what is left, or nothing where nothing is."""
    if value:
        place[key] = value
    else:
        place.pop(key, None)
