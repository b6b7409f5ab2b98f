"""Whether the sidecar fits into a pod: what makes it impossible, and what the pod's owner should know."""

from collections.abc import Iterator

from gateway.injector.names import CONTAINER, DOMAIN, VOLUMES, Manifest
from gateway.injector.settings import SidecarSettings

DRAIN_SECONDS = 10
"""The gateway ends within this after SIGTERM, calls in flight included."""

APPLICATION_SECONDS = 10
"""What is left for the application, whose containers are stopped first, out of the same grace period."""

DEFAULT_GRACE_SECONDS = 30


def misshapen(pod: object) -> str | None:
    """What keeps a manifest from being a pod at all."""
    spec = pod.get("spec") if isinstance(pod, dict) else None
    if not isinstance(pod, dict) or not isinstance(spec, dict):
        return "has no spec; is it a whole manifest?"
    metadata = pod.get("metadata") or {}
    if not isinstance(metadata, dict) or not all(
        isinstance(metadata.get(key) or {}, dict) for key in ("labels", "annotations")
    ):
        return "has metadata, labels or annotations that are no objects"
    for key in ("containers", "initContainers", "volumes"):
        items = spec.get(key) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) and item.get("name") for item in items):
            return f"has spec.{key} that is no list of objects with names"
    if not spec.get("containers"):
        return "has no containers"
    return next(filter(None, (_misshapen_lists(container) for _, _, container in containers(pod))), None)


def containers(pod: Manifest) -> Iterator[tuple[str, int, Manifest]]:
    """Every container with the list it stands in and its place there."""
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(pod["spec"].get(kind) or []):
            yield kind, index, container


def refusals(pod: Manifest, settings: SidecarSettings, claims: frozenset[str]) -> Iterator[str]:
    """Why this pod cannot have this sidecar; `claims` are volumes that its workload adds to each pod."""
    spec = pod["spec"]
    if (spec.get("os") or {}).get("name") == "windows":
        yield "it is a Windows pod, and the gateway's image is for Linux"
    names = {container["name"] for _, _, container in containers(pod)}
    if CONTAINER in names:
        yield f"it has a container named {CONTAINER} that was not injected; rename that container"
    for missing in sorted(set(settings.containers) - names):
        yield f"annotation {DOMAIN}/containers names {missing}, which the pod does not have; it has {_listed(names)}"
    present = {volume["name"] for volume in spec.get("volumes") or []}
    for name in VOLUMES:
        if name in present:
            yield f"it has a volume named {name} that was not injected; rename that volume"
    if settings.data_volume and settings.data_volume not in present | claims:
        yield (
            f"annotation {DOMAIN}/data-volume names {settings.data_volume}, which is no volume of the pod; "
            f"it has {_listed(present | claims)}"
        )
    yield from _taken_ports(pod, settings)


def warnings(pod: Manifest, settings: SidecarSettings) -> Iterator[str]:
    """What works, and may surprise."""
    spec = pod["spec"]
    grace = spec.get("terminationGracePeriodSeconds")
    grace = DEFAULT_GRACE_SECONDS if grace is None else grace
    if isinstance(grace, int) and grace < DRAIN_SECONDS + APPLICATION_SECONDS:
        yield (
            f"terminationGracePeriodSeconds is {grace}: the gateway drains for up to {DRAIN_SECONDS} s after the "
            f"application has ended; set {DRAIN_SECONDS + APPLICATION_SECONDS} or more"
        )
    if spec.get("shareProcessNamespace"):
        yield "shareProcessNamespace lets other containers look into the gateway's process and at its secrets"
    if settings.data_volume and not (spec.get("securityContext") or {}).get("fsGroup"):
        yield (
            f"volume {settings.data_volume} must be writable by user {settings.run_as_user}: "
            "set securityContext.fsGroup for the pod"
        )


def _misshapen_lists(container: Manifest) -> str | None:
    for key in ("env", "ports"):
        items = container.get(key) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            return f"has {key} of container {container['name']} that is no list of objects"
    return None


def _taken_ports(pod: Manifest, settings: SidecarSettings) -> Iterator[str]:
    declared = {
        port.get("containerPort"): container["name"]
        for _, _, container in containers(pod)
        for port in container.get("ports") or []
    }
    for annotation, port in settings.ports().items():
        if port in declared:
            yield f"container {declared[port]} has port {port} already; move ours by annotation {DOMAIN}/{annotation}"


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"
