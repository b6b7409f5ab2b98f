"""The restricted Pod Security Standard, rule by rule, as the Kubernetes documentation lists them."""

from collections.abc import Iterator

from k8s.toolbox import Manifest

VOLUME_TYPES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}


def unrestricted(spec: Manifest) -> list[str]:
    """What keeps a pod out of a namespace that enforces `restricted`."""
    return [*_pod(spec), *(fault for each in _containers(spec) for fault in container_faults(each, spec))]


def container_faults(container: Manifest, spec: Manifest) -> Iterator[str]:
    """The rules for one container, with the pod's own security context behind it."""
    name, own = container["name"], container.get("securityContext") or {}
    inherited = {**(spec.get("securityContext") or {}), **own}
    if own.get("privileged"):
        yield f"{name} is privileged"
    if own.get("allowPrivilegeEscalation") is not False:
        yield f"{name} may escalate privileges"
    capabilities = own.get("capabilities") or {}
    if "ALL" not in capabilities.get("drop", []) or set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
        yield f"{name} keeps capabilities"
    if inherited.get("runAsNonRoot") is not True or inherited.get("runAsUser") == 0:
        yield f"{name} may run as root"
    if (inherited.get("seccompProfile") or {}).get("type") not in ("RuntimeDefault", "Localhost"):
        yield f"{name} has no seccomp profile"
    if own.get("procMount", "Default") != "Default":
        yield f"{name} unmasks /proc"
    if any(port.get("hostPort") for port in container.get("ports") or []):
        yield f"{name} takes a port of the host"


def _pod(spec: Manifest) -> Iterator[str]:
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(key):
            yield f"the pod uses {key}"
    for volume in spec.get("volumes") or []:
        if not set(volume) - {"name"} <= VOLUME_TYPES:
            yield f"volume {volume['name']} is of a type that is not allowed"
    if (spec.get("securityContext") or {}).get("sysctls"):
        yield "the pod sets sysctls"


def _containers(spec: Manifest) -> list[Manifest]:
    return [*(spec.get("initContainers") or []), *spec["containers"]]
