"""The reviewed answers: each pod of `pods/` with what becomes of it in `patches/`; run as a program it writes them."""

import json
from pathlib import Path
from typing import Any

import yaml

from gateway.injector.inject import Asked, Injection, Left, Patched, Refused, inject
from gateway.injector.names import ENABLED, OPT_IN
from gateway.injector.settings import SidecarSettings
from gateway.injector.workloads import Workload, workloads

HERE = Path(__file__).parent
PODS = {path.stem: path for path in sorted((HERE / "pods").glob("*.yaml"))}
DEFAULTS = SidecarSettings(image="itsm-gateway:test")


def document(name: str) -> dict[str, Any]:
    """The manifest of one case."""
    loaded: dict[str, Any] = yaml.safe_load(PODS[name].read_text())
    return loaded


def workload(name: str) -> Workload:
    """The one workload of a case."""
    (only,) = workloads(document(name))
    return only


def injection(name: str) -> Injection:
    """What becomes of a case's pod, asked as the webhook asks."""
    pod, claims = workload(name).pod, workload(name).claims
    label = (pod.get("metadata") or {}).get("labels", {}).get(OPT_IN)
    return inject(pod, DEFAULTS, Asked.BY_POD if label == ENABLED else Asked.BY_NAMESPACE, claims)


def told(injection: Injection) -> str:
    """An injection as a person reviews it."""
    match injection:
        case Patched(operations=operations, warnings=warnings):
            return json.dumps({"warnings": warnings, "patch": operations}, indent=1) + "\n"
        case Refused(reasons=reasons):
            return json.dumps({"refused": reasons}, indent=1) + "\n"
        case Left(reason=reason):
            return json.dumps({"left": reason}, indent=1) + "\n"


def golden(name: str) -> Path:
    """Where a case's reviewed answer is kept."""
    return HERE / "patches" / f"{name}.json"


if __name__ == "__main__":
    for each in PODS:
        golden(each).write_text(told(injection(each)))
