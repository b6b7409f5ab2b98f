"""Where pods lie: in lists, in lists of one kind, and never in somebody else's kinds."""

from typing import Any

from gateway.injector.workloads import changed, workloads

POD: dict[str, Any] = {"spec": {"containers": [{"name": "app"}]}}


def deployment(name: str) -> dict[str, Any]:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": {"template": POD}}


def test_every_item_of_a_list_is_found_in_its_order():
    nested = {"kind": "List", "apiVersion": "v1", "items": [deployment("a"), {"kind": "Service"}, deployment("b")]}

    assert [str(each) for each in workloads(nested)] == ["deployment/a", "deployment/b"]


def test_the_items_of_a_typed_list_need_no_kind():
    pods = {"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a", "namespace": "b"}, **POD}]}

    (found,) = workloads(pods)

    assert (found.kind, found.name, found.namespace) == ("Pod", "a", "b")


def test_a_job_of_another_group_is_somebody_elses():
    other = {"apiVersion": "batch.example.com/v1", "kind": "Job", "spec": {"template": POD}}

    assert changed(other, lambda _: {}) is other


def test_only_the_pod_is_replaced():
    before = deployment("a")

    after = changed(before, lambda _: {"spec": {}})

    assert after == {**before, "spec": {"template": {"spec": {}}}}
    assert before == deployment("a")


def test_a_workload_without_a_template_is_left_alone():
    broken = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": "oops"}

    assert changed(broken, lambda _: {}) is broken
