"""AdmissionReviews as an API server sends them."""

import base64
import json
from typing import Any


def review_of(pod: Any, *, kind: str = "Pod", operation: str = "CREATE", uid: str = "705ab4f5") -> dict[str, Any]:
    """A pod of a ReplicaSet: it has no name yet, and everything that the API server has filled in by then."""
    return {
        "kind": "AdmissionReview",
        "apiVersion": "admission.k8s.io/v1",
        "request": {
            "uid": uid,
            "kind": {"group": "", "version": "v1", "kind": kind},
            "resource": {"group": "", "version": "v1", "resource": "pods"},
            "requestKind": {"group": "", "version": "v1", "kind": kind},
            "requestResource": {"group": "", "version": "v1", "resource": "pods"},
            "namespace": "batch",
            "operation": operation,
            "userInfo": {
                "username": "system:serviceaccount:kube-system:replicaset-controller",
                "uid": "1",
                "groups": [],
            },
            "object": pod,
            "oldObject": None,
            "dryRun": False,
            "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
        },
    }


def admitted_pod(annotations: dict[str, str] | None = None) -> dict[str, Any]:
    """As the API server hands a pod on: defaults filled in, the account's token mounted."""
    token = {"name": "kube-api-access-x2v8j", "mountPath": "/var/run/secrets", "readOnly": True}
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {
            "generateName": "reporter-6d4b75cb6d-",
            "creationTimestamp": None,
            "labels": {"app": "reporter", "pod-template-hash": "6d4b75cb6d"},
            "annotations": annotations,
        },
        "spec": {
            "volumes": [{"name": "kube-api-access-x2v8j", "projected": {"sources": [], "defaultMode": 420}}],
            "containers": [
                {
                    "name": "app",
                    "image": "reporter",
                    "resources": {},
                    "volumeMounts": [token],
                    "terminationMessagePath": "/dev/termination-log",
                    "imagePullPolicy": "IfNotPresent",
                }
            ],
            "restartPolicy": "Always",
            "terminationGracePeriodSeconds": 30,
            "dnsPolicy": "ClusterFirst",
            "serviceAccountName": "default",
            "securityContext": {},
            "schedulerName": "default-scheduler",
            "tolerations": [],
            "enableServiceLinks": True,
        },
        "status": {},
    }


def patch_in(response: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations of a review's answer."""
    operations: list[dict[str, Any]] = json.loads(base64.b64decode(response["patch"]))
    return operations
