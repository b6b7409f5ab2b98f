"""Where the pod lies in each kind of workload, and every pod in a manifest or a list of them."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

from gateway.injector.names import Manifest

_TEMPLATE: Final = ("spec", "template")
KINDS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): _TEMPLATE,
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("batch", "Job"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}
"""By API group and kind; a `Job` of another group is somebody else's and stays as it is."""


class Workload(NamedTuple):
    """A pod, or the template of pods, in what it was found in; `claims` are volumes that every pod is given."""

    kind: str
    name: str
    namespace: str
    pod: Manifest
    claims: frozenset[str]

    def __str__(self) -> str:
        """As kubectl writes it."""
        return f"{self.kind.lower()}/{self.name}"


Change: TypeAlias = Callable[[Workload], Manifest]


def workloads(document: object) -> Iterator[Workload]:
    """Every workload in a document, lists opened."""
    seen: list[Workload] = []

    def look(workload: Workload) -> Manifest:
        seen.append(workload)
        return workload.pod

    changed(document, look)
    return iter(seen)


def changed(document: object, change: Change) -> object:
    """The document with every pod replaced by what the change makes of it; other objects stay."""
    if not isinstance(document, dict):
        return document
    items, kind = document.get("items"), str(document.get("kind", ""))
    if kind.endswith("List") and isinstance(items, list):
        return {**document, "items": [changed(_typed(item, document), change) for item in items]}
    group = str(document.get("apiVersion", "")).rpartition("/")[0]
    way = KINDS.get((group, kind))
    pod = None if way is None else _at(document, way)
    if way is None or pod is None:
        return document
    after = change(_workload(document, pod))
    return document if after is pod else _with(document, way, after)


def _workload(document: Manifest, pod: Manifest) -> Workload:
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = str(metadata.get("name") or metadata.get("generateName") or "(without a name)")
    return Workload(str(document["kind"]), name, str(metadata.get("namespace") or ""), pod, _claims(document))


def _claims(document: Manifest) -> frozenset[str]:
    spec = document.get("spec")
    claims = spec.get("volumeClaimTemplates") if isinstance(spec, dict) else None
    names = (each.get("metadata", {}).get("name") for each in claims or [] if isinstance(each, dict))
    return frozenset(str(name) for name in names if name)


def _typed(item: object, document: Manifest) -> object:
    """The items of a `PodList` need not say that they are pods."""
    if not isinstance(item, dict) or "kind" in item or document["kind"] == "List":
        return item
    return {"apiVersion": document.get("apiVersion", ""), "kind": document["kind"].removesuffix("List"), **item}


def _at(document: Manifest, way: tuple[str, ...]) -> Manifest | None:
    place: object = document
    for step in way:
        place = place.get(step) if isinstance(place, dict) else None
    return place if isinstance(place, dict) else None


def _with(document: Manifest, way: tuple[str, ...], value: Manifest) -> Manifest:
    if not way:
        return value
    return {**document, way[0]: _with(document[way[0]], way[1:], value)}
