"""Whatever a manifest holds, the answer is a patch, a refusal or nothing to do; never a crash or a changed original."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from injector.golden import DEFAULTS

from gateway.injector.inject import Asked, Patched, inject
from gateway.injector.json_patch import applied
from gateway.injector.settings import ANNOTATIONS
from gateway.injector.uninject import uninject

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
containers = st.lists(
    st.fixed_dictionaries(
        {"name": names},
        optional={
            "env": st.none() | st.lists(st.fixed_dictionaries({"name": names, "value": names}), max_size=2),
            "ports": st.lists(st.fixed_dictionaries({"containerPort": st.integers(1, 65535)}), max_size=2),
        },
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each["name"],
)
annotations = st.dictionaries(
    st.sampled_from([f"itsm-gateway.io/{name}" for name in ANNOTATIONS] + ["example.com/other"]),
    st.sampled_from(["a", "1", "2000", "18090", "A=b,C=d:2000", "64Mi", "off", "a/b", "[::]", "", "~/:"]),
    max_size=3,
)
pods = st.fixed_dictionaries(
    {"spec": st.fixed_dictionaries({"containers": containers}, optional={"volumes": st.none() | st.just([])})},
    optional={"metadata": st.fixed_dictionaries({}, optional={"annotations": annotations, "labels": st.none()})},
)


@given(anything, anything, anything)
def test_a_manifest_of_any_shape_is_answered(metadata: Any, spec: Any, containers: Any):
    for pod in (spec, {"metadata": metadata, "spec": spec}, {"metadata": metadata, "spec": {"containers": containers}}):
        inject(pod, DEFAULTS, Asked.BY_NAMESPACE)
        uninject(pod)


@given(pods)
def test_what_goes_in_comes_out_again_and_the_original_is_never_touched(pod: dict[str, Any]):
    before = copy.deepcopy(pod)

    found = inject(pod, DEFAULTS, Asked.BY_POD)

    assert pod == before
    if isinstance(found, Patched):
        after = applied(pod, found.operations)
        assert after["spec"]["initContainers"][0]["name"] == "itsm-gateway"
        assert inject(after, DEFAULTS, Asked.BY_POD) != found
        assert [each["name"] for each in uninject(after)["spec"]["containers"]] == [
            each["name"] for each in pod["spec"]["containers"]
        ]
        assert "initContainers" not in uninject(after)["spec"]
