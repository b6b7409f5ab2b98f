"""Golden pods: each kind of workload and each trouble, with the patch or the refusal that was reviewed for it."""

import json
from typing import Any

import pytest
from injector.golden import DEFAULTS, PODS, document, golden, injection, told, workload
from k8s.pod_security import container_faults, unrestricted
from k8s.schemas import faults
from k8s.toolbox import KUBERNETES

from gateway.injector.inject import Asked, Left, Patched, inject
from gateway.injector.json_patch import applied
from gateway.injector.uninject import uninject
from gateway.injector.workloads import changed

PATCHED = [name for name in PODS if isinstance(injection(name), Patched)]


def patched_pod(name: str) -> dict[str, Any]:
    found = injection(name)
    assert isinstance(found, Patched)
    return applied(workload(name).pod, found.operations)


@pytest.mark.parametrize("name", PODS)
def test_what_becomes_of_the_pod_is_what_was_reviewed(name: str):
    assert told(injection(name)) == golden(name).read_text()


def test_every_reviewed_answer_belongs_to_a_pod():
    kept = {path.stem for path in golden("any").parent.iterdir()}

    assert kept == set(PODS)


@pytest.mark.parametrize("kubernetes", KUBERNETES)
@pytest.mark.parametrize("name", PATCHED)
def test_the_workload_is_still_what_the_api_server_knows(name: str, kubernetes: str):
    whole = changed(document(name), lambda _: patched_pod(name))

    assert isinstance(whole, dict)
    assert faults(whole, kubernetes) == []


@pytest.mark.parametrize("name", PATCHED)
def test_the_sidecar_starts_first_and_never_decides_readiness(name: str):
    first, *_ = patched_pod(name)["spec"]["initContainers"]

    assert first["name"] == "itsm-gateway"
    assert first["restartPolicy"] == "Always"
    assert {"startupProbe", "livenessProbe"} <= first.keys()
    assert "readinessProbe" not in first
    assert first["resources"]["requests"].keys() == {"cpu", "memory"}
    assert first["resources"]["limits"].keys() == {"memory"}


@pytest.mark.parametrize("name", PATCHED)
def test_the_sidecar_may_run_in_a_restricted_namespace(name: str):
    spec = patched_pod(name)["spec"]

    assert list(container_faults(spec["initContainers"][0], {})) == []


def test_a_restricted_pod_stays_restricted():
    context = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    pod = {"spec": {"containers": [{"name": "app", "image": "app", "securityContext": context}]}}
    found = inject(pod, DEFAULTS, Asked.BY_POD)
    assert isinstance(found, Patched)

    spec = applied(pod, found.operations)["spec"]

    assert unrestricted(pod["spec"]) == unrestricted(spec) == []
    assert len(spec["initContainers"]) == 1


@pytest.mark.parametrize("name", PATCHED)
def test_no_other_container_can_see_the_secret(name: str):
    spec = patched_pod(name)["spec"]
    others = [each for each in spec["containers"] + spec["initContainers"] if each["name"] != "itsm-gateway"]

    mounted = {mount["name"] for each in others for mount in each.get("volumeMounts", [])}

    assert "itsm-gateway-secret" not in mounted
    assert "itsm" not in json.dumps([each.get("envFrom") for each in others])


@pytest.mark.parametrize("name", PATCHED)
def test_a_second_injection_leaves_the_pod_as_it_is(name: str):
    once = patched_pod(name)

    assert inject(once, DEFAULTS, Asked.BY_POD) == Left("it has the sidecar already")


@pytest.mark.parametrize("name", PATCHED)
def test_taking_the_sidecar_out_gives_back_the_pod_that_was(name: str):
    before = workload(name).pod

    assert without_empty(uninject(patched_pod(name))) == without_empty(before)


@pytest.mark.parametrize("name", PODS)
def test_taking_out_of_a_pod_that_has_none_changes_nothing(name: str):
    pod = workload(name).pod

    assert uninject(pod) is pod


def test_a_variable_that_was_changed_since_is_not_taken_out():
    pod = patched_pod("pod-existing-sidecars")
    pod["spec"]["containers"][0]["env"][0]["value"] = "http://elsewhere"

    assert uninject(pod)["spec"]["containers"][0]["env"] == [{"name": "JIRA_URL", "value": "http://elsewhere"}]


def without_empty(value: Any) -> Any:
    """Empty lists and objects are as good as none."""
    if isinstance(value, dict):
        return {key: rest for key, each in value.items() if (rest := without_empty(each)) not in ({}, [])}
    return [without_empty(each) for each in value] if isinstance(value, list) else value
