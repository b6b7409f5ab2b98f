"""The audit: pods that should have the sidecar and do not, or run another image than they should."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from gateway.domain.frozen import frozen
from gateway.injector.fit import misshapen
from gateway.injector.inject import is_injected, labels, sidecar_of
from gateway.injector.names import DISABLED, DOMAIN, ENABLED, OPT_IN, Manifest
from gateway.injector.workloads import Workload, workloads


class Flaw(StrEnum):
    """What can be wrong with a pod."""

    MISSING = "missing"
    OTHER_IMAGE = "other_image"
    LABEL = "label"


@frozen
class Finding:
    """One pod, and what to do about it."""

    flaw: Flaw
    namespace: str
    workload: str
    detail: str


@frozen
class Audit:
    """What was looked at, and what was found."""

    looked_at: int
    injected: int
    findings: tuple[Finding, ...]


def audit(documents: Iterable[object], image: str) -> Audit:
    """Look at every pod; namespaces among the documents tell who opted in there."""
    everything = list(documents)
    enabled = frozenset(_enabled_namespaces(everything))
    found = [each for document in everything for each in workloads(document) if not misshapen(each.pod)]
    findings = tuple(finding for each in found for finding in _findings(each, enabled, image))
    return Audit(len(found), sum(is_injected(each.pod) for each in found), findings)


def _findings(workload: Workload, enabled: frozenset[str], image: str) -> Iterator[Finding]:
    pod = workload.pod
    label = labels(pod).get(OPT_IN)
    if label not in (None, ENABLED, DISABLED):
        detail = f"label {OPT_IN} is {label!r}, and must be {ENABLED} or {DISABLED}"
        yield _finding(Flaw.LABEL, workload, detail)
    elif is_injected(pod):
        yield from _image(workload, image)
    elif label == ENABLED or (label is None and workload.namespace in enabled and not pod["spec"].get("hostNetwork")):
        whose = "its label" if label == ENABLED else f"the label of namespace {workload.namespace}"
        detail = f"{whose} asks for the sidecar: was the injector down when it started? Delete the pod to start it anew"
        yield _finding(Flaw.MISSING, workload, detail)


def _image(workload: Workload, image: str) -> Iterator[Finding]:
    """A pod that names its own image has it on purpose."""
    wanted = (workload.pod["metadata"].get("annotations") or {}).get(f"{DOMAIN}/image", image)
    runs = (sidecar_of(workload.pod) or {}).get("image")
    if runs != wanted:
        yield _finding(Flaw.OTHER_IMAGE, workload, f"runs {runs}, and should run {wanted}; restart its workload")


def _finding(flaw: Flaw, workload: Workload, detail: str) -> Finding:
    return Finding(flaw, workload.namespace, str(workload), detail)


def _enabled_namespaces(documents: Iterable[object]) -> Iterator[str]:
    for document in documents:
        if not isinstance(document, dict):
            continue
        if isinstance(items := document.get("items"), list):
            yield from _enabled_namespaces(items)
        if document.get("kind") == "Namespace" and labels(document).get(OPT_IN) == ENABLED:
            yield str(_metadata(document).get("name", ""))


def _metadata(document: Manifest) -> Manifest:
    metadata = document.get("metadata")
    return metadata if isinstance(metadata, dict) else {}
