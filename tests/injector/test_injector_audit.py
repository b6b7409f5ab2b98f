"""The audit reads what kubectl prints, and finds what an injector that was down has left behind."""

from typing import Any

from injector.golden import DEFAULTS

from gateway.injector.audit import Flaw, audit
from gateway.injector.inject import Asked, Patched, inject
from gateway.injector.json_patch import applied

IMAGE = DEFAULTS.image


def pod(name: str, namespace: str = "batch", **labels: str) -> dict[str, Any]:
    labelled = {f"itsm-gateway.io/{key}": value for key, value in labels.items()}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labelled},
        "spec": {"containers": [{"name": "app", "image": "app"}]},
    }


def injected(name: str, **annotations: str) -> dict[str, Any]:
    before = pod(name, inject="enabled")
    before["metadata"]["annotations"] = {f"itsm-gateway.io/{key}": value for key, value in annotations.items()}
    found = inject(before, DEFAULTS, Asked.BY_POD)
    assert isinstance(found, Patched)
    return applied(before, found.operations)


def namespace(name: str, wish: str) -> dict[str, Any]:
    labels = {"itsm-gateway.io/inject": wish}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def listed(*items: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"apiVersion": "v1", "kind": "List", "items": list(items)}]


def flaws(*items: dict[str, Any], image: str = IMAGE) -> list[tuple[Flaw, str]]:
    return [(each.flaw, each.workload) for each in audit(listed(*items), image).findings]


def test_a_pod_that_asked_and_has_none_is_found():
    assert flaws(pod("a", inject="enabled"), pod("b")) == [(Flaw.MISSING, "pod/a")]


def test_a_pod_whose_namespace_asked_is_found_unless_it_opted_out():
    found = flaws(namespace("batch", "enabled"), pod("a"), pod("b", inject="disabled"), pod("c", "elsewhere"))

    assert found == [(Flaw.MISSING, "pod/a")]


def test_a_pod_on_the_hosts_network_is_left_out_rightly_where_only_the_namespace_asked():
    hosted = pod("a")
    hosted["spec"]["hostNetwork"] = True

    assert flaws(namespace("batch", "enabled"), hosted) == []


def test_a_pod_with_another_image_is_found_unless_it_names_that_image_itself():
    found = flaws(injected("a"), injected("b", image="mine:1"), image="itsm-gateway:2")

    assert found == [(Flaw.OTHER_IMAGE, "pod/a")]


def test_a_label_that_nobody_understands_is_found():
    assert flaws(pod("a", inject="yes")) == [(Flaw.LABEL, "pod/a")]


def test_what_is_well_is_counted():
    result = audit(listed(injected("a"), pod("b")), IMAGE)

    assert (result.looked_at, result.injected, result.findings) == (2, 1, ())
