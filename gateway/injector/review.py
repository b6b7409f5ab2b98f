"""An AdmissionReview in, the same with an answer out: the API server's language around the injection."""

import base64
import json
from typing import Final, NamedTuple

from gateway.injector.inject import Asked, Injection, Left, Patched, Refused, inject, labels
from gateway.injector.names import ENABLED, OPT_IN, Manifest
from gateway.injector.settings import SidecarSettings

API_VERSION: Final = "admission.k8s.io/v1"
LONGEST_WARNING: Final = 256
"""A longer one is cut by the API server, with a warning about the warning."""


class NoReview(Exception):
    """What was sent is no AdmissionReview; the message says what is wrong with it."""


class Reviewed(NamedTuple):
    """The document to answer with, and what was decided about which pod, for the log."""

    answer: Manifest
    pod: str
    namespace: str
    injection: Injection


def review(document: object, defaults: SidecarSettings) -> Reviewed:
    """Decide about the pod that a review holds; raises NoReview."""
    request = _request(document)
    pod = request.get("object")
    if request.get("operation", "CREATE") != "CREATE" or _kind(request) != "Pod":
        return _reviewed(request, Left("only pods that are being created are injected"))
    if not isinstance(pod, dict):
        raise NoReview("request.object is no object")
    asked = Asked.BY_POD if _label(pod) == ENABLED else Asked.BY_NAMESPACE
    return _reviewed(request, inject(pod, defaults, asked))


def _request(document: object) -> Manifest:
    if not isinstance(document, dict) or document.get("kind") != "AdmissionReview":
        raise NoReview("kind must be AdmissionReview")
    if document.get("apiVersion") != API_VERSION:
        raise NoReview(f"apiVersion must be {API_VERSION}")
    request = document.get("request")
    if not isinstance(request, dict) or not isinstance(request.get("uid"), str) or not request["uid"]:
        raise NoReview("request.uid must be a text")
    return request


def _kind(request: Manifest) -> str:
    kind = request.get("kind")
    return str(kind.get("kind", "")) if isinstance(kind, dict) else ""


def _label(pod: Manifest) -> str | None:
    try:
        return labels(pod).get(OPT_IN)
    except AttributeError as error:
        raise NoReview("request.object.metadata is no object") from error


def _reviewed(request: Manifest, injection: Injection) -> Reviewed:
    response = {"uid": request["uid"], **_response(injection)}
    answer = {"apiVersion": API_VERSION, "kind": "AdmissionReview", "response": response}
    return Reviewed(answer, _name(request), str(request.get("namespace") or ""), injection)


def _response(injection: Injection) -> Manifest:
    match injection:
        case Patched(operations=operations, warnings=said):
            patch = base64.b64encode(json.dumps(operations, separators=(",", ":")).encode()).decode()
            return {"allowed": True, "patchType": "JSONPatch", "patch": patch, **_warnings(said)}
        case Refused(reasons=reasons):
            message = "the ITSM Gateway cannot be injected: " + "; ".join(reasons)
            return {"allowed": False, "status": {"code": 400, "reason": "BadRequest", "message": message}}
        case Left():
            return {"allowed": True}


def _warnings(said: tuple[str, ...]) -> Manifest:
    return {"warnings": [f"itsm-gateway: {each}"[:LONGEST_WARNING] for each in said]} if said else {}


def _name(request: Manifest) -> str:
    """A pod of a workload has no name yet when it is admitted."""
    pod = request.get("object")
    metadata = pod.get("metadata") if isinstance(pod, dict) else None
    metadata = metadata if isinstance(metadata, dict) else {}
    return str(request.get("name") or metadata.get("name") or metadata.get("generateName") or "")
