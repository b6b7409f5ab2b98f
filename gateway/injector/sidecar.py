"""The container and the volumes that a pod is given."""

from collections.abc import Iterator

from gateway.injector.names import (
    CONFIG_DIR,
    CONFIG_VOLUME,
    CONTAINER,
    DATA_DIR,
    DATA_VOLUME,
    OPS_PORT_NAME,
    POLICIES_DIR,
    POLICIES_VOLUME,
    SECRET_VOLUME,
    SECRETS_DIR,
    Manifest,
)
from gateway.injector.settings import SidecarSettings

READABLE = 0o444
"""Secret files belong to root and the gateway does not run as root; no other container mounts the volume."""


def sidecar(settings: SidecarSettings) -> Manifest:
    """A native sidecar: it starts before the application, ends after it, and never decides its readiness."""
    return {
        "name": CONTAINER,
        "image": settings.image,
        "imagePullPolicy": settings.image_pull_policy,
        "restartPolicy": "Always",
        "command": ["itsm-gateway"],
        "args": _arguments(settings),
        "env": list(_environment(settings)),
        "ports": [{"name": OPS_PORT_NAME, "containerPort": settings.ops_port, "protocol": "TCP"}],
        "startupProbe": _probe("/readyz", period=1, failures=60),
        "livenessProbe": _probe("/livez", period=10, failures=3),
        "resources": {
            "requests": {"cpu": settings.cpu_request, "memory": settings.memory_request},
            "limits": {"memory": settings.memory_limit},
        },
        "securityContext": _restricted(settings.run_as_user),
        "volumeMounts": list(_mounts(settings)),
    }


def volumes(settings: SidecarSettings) -> list[Manifest]:
    """What the container mounts and the pod does not have yet."""
    wanted: list[Manifest] = [{"name": CONFIG_VOLUME, "configMap": {"name": settings.config}}]
    if settings.policies:
        wanted.append({"name": POLICIES_VOLUME, "configMap": {"name": settings.policies}})
    if settings.secret:
        secret = {"secretName": settings.secret, "defaultMode": READABLE}
        wanted.append({"name": SECRET_VOLUME, "secret": secret})
    if not settings.data_volume:
        wanted.append({"name": DATA_VOLUME, "emptyDir": {"sizeLimit": settings.data_size}})
    return wanted


def _arguments(settings: SidecarSettings) -> list[str]:
    files = ["--config", f"{CONFIG_DIR}/itsm_config.json", "--policies", POLICIES_DIR]
    return ["--log-level", settings.log_level, "serve", *files]


def _environment(settings: SidecarSettings) -> Iterator[Manifest]:
    """The config file may be anyone's; where it listens and writes in this pod is decided here."""
    yield _variable("LISTEN__PROXY", f"127.0.0.1:{settings.proxy_port}")
    yield _variable("LISTEN__API", f"127.0.0.1:{settings.api_port}")
    yield _variable("LISTEN__OPS", f"{settings.ops_host}:{settings.ops_port}")
    listeners = {entry.upstream: entry.port for entry in settings.env if entry.port is not None}
    for upstream, port in listeners.items():
        yield _variable(f"UPSTREAMS__{upstream.replace('-', '_').upper()}__LISTEN", f"127.0.0.1:{port}")
    if settings.mode:
        yield _variable("MODE", settings.mode)
    yield _store(settings)
    yield {"name": "TMPDIR", "value": DATA_DIR}


def _store(settings: SidecarSettings) -> Manifest:
    if not settings.store_secret:
        return _variable("STORE__URL", f"sqlite+aiosqlite:///{DATA_DIR}/records.db")
    name, _, key = settings.store_secret.partition("/")
    return {"name": "ITSM_GATEWAY__STORE__URL", "valueFrom": {"secretKeyRef": {"name": name, "key": key}}}


def _variable(key: str, value: str) -> Manifest:
    return {"name": f"ITSM_GATEWAY__{key}", "value": value}


def _probe(path: str, *, period: int, failures: int) -> Manifest:
    return {
        "httpGet": {"path": path, "port": OPS_PORT_NAME},
        "periodSeconds": period,
        "timeoutSeconds": 3,
        "failureThreshold": failures,
    }


def _restricted(user: int) -> Manifest:
    """What the restricted Pod Security Standard asks for, and a root file system that nobody can write."""
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def _mounts(settings: SidecarSettings) -> Iterator[Manifest]:
    """Whole folders, never single files: a mount by subPath would not follow edits."""
    yield {"name": CONFIG_VOLUME, "mountPath": CONFIG_DIR, "readOnly": True}
    if settings.policies:
        yield {"name": POLICIES_VOLUME, "mountPath": POLICIES_DIR, "readOnly": True}
    if settings.secret:
        yield {"name": SECRET_VOLUME, "mountPath": SECRETS_DIR, "readOnly": True}
    if settings.data_volume:
        yield {"name": settings.data_volume, "mountPath": DATA_DIR, "subPath": CONTAINER}
    else:
        yield {"name": DATA_VOLUME, "mountPath": DATA_DIR}
