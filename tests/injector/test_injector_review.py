"""AdmissionReviews in and out, in the API server's own words."""

from typing import Any

import pytest
from injector.golden import DEFAULTS
from injector.reviews import admitted_pod, patch_in, review_of
from k8s.schemas import faults
from k8s.toolbox import KUBERNETES

from gateway.injector.inject import Left
from gateway.injector.json_patch import applied
from gateway.injector.review import NoReview, review


def response_to(document: Any) -> dict[str, Any]:
    answer = review(document, DEFAULTS).answer
    response: dict[str, Any] = answer["response"]
    assert (answer["kind"], answer["apiVersion"]) == ("AdmissionReview", "admission.k8s.io/v1")
    return response


def test_a_pod_is_patched_and_its_uid_comes_back():
    pod = admitted_pod({"itsm-gateway.io/env": "JIRA_URL=jira"})

    response = response_to(review_of(pod, uid="one"))

    after = applied(pod, patch_in(response))
    assert (response["uid"], response["allowed"], response["patchType"]) == ("one", True, "JSONPatch")
    assert after["spec"]["initContainers"][0]["name"] == "itsm-gateway"
    after["metadata"].pop("creationTimestamp")
    assert [fault for kubernetes in KUBERNETES for fault in faults(after, kubernetes)] == []


def test_a_refusal_names_every_reason():
    response = response_to(review_of(admitted_pod({"itsm-gateway.io/mode": "x", "itsm-gateway.io/secrt": "y"})))

    assert response["allowed"] is False
    assert response["status"]["code"] == 400
    assert "itsm-gateway.io/mode" in response["status"]["message"]
    assert "did you mean itsm-gateway.io/secret?" in response["status"]["message"]


def test_what_may_surprise_is_a_warning_that_kubectl_shows():
    pod = admitted_pod()
    pod["spec"]["terminationGracePeriodSeconds"] = 3

    response = response_to(review_of(pod))

    assert response["warnings"][0].startswith("itsm-gateway: terminationGracePeriodSeconds is 3")
    assert all(len(warning) <= 256 for warning in response["warnings"])


@pytest.mark.parametrize("changes", [{"kind": "Deployment"}, {"operation": "UPDATE"}])
def test_what_is_no_new_pod_is_allowed_as_it_is(changes: dict[str, str]):
    reviewed = review(review_of(admitted_pod(), **changes), DEFAULTS)

    assert isinstance(reviewed.injection, Left)
    assert reviewed.answer["response"] == {"uid": "705ab4f5", "allowed": True}


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1beta1", "request": {"uid": "a"}},
        {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1"},
        {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {"uid": ""}},
        review_of("a pod"),
        review_of({"metadata": ["a"]}),
    ],
)
def test_what_is_no_review_is_told_so(document: Any):
    with pytest.raises(NoReview):
        review(document, DEFAULTS)
