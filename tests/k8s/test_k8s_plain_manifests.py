"""What is kept rendered is what the chart renders now, and the kustomize base builds without a server."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

from k8s.schemas import faults
from k8s.toolbox import K8S, KUBERNETES, manifests, run, tool


def renderer() -> ModuleType:
    specification = importlib.util.spec_from_file_location("render", K8S / "render.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_kept_manifests_are_what_the_chart_renders():
    assert renderer().stale(tool("helm")) == []


def test_the_kept_manifests_hold_nothing_secret_and_nothing_random():
    for path in (K8S / "install").glob("*.yaml"):
        kinds = [each["kind"] for each in manifests(path.read_text())]
        assert kinds, path
        assert "Secret" not in kinds, path


def test_the_base_builds_and_is_sound():
    built = run("kubectl", "kustomize", K8S / "base")

    documents = manifests(built.stdout)
    assert built.returncode == 0, built.stderr
    assert {each["metadata"]["namespace"] for each in documents} == {"itsm-gateway"}
    assert [fault for each in documents for fault in faults(each, KUBERNETES[-1])] == []


def test_an_overlay_brings_its_own_config_and_policies(tmp_path: Path):
    base = tmp_path / "base"
    base.mkdir()
    for path in (K8S / "base").iterdir():
        (base / path.name).write_text(path.read_text())
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    (overlay / "itsm_config.json").write_text('{"upstreams": {}}')
    (overlay / "incidents.yaml").write_text("name: incidents\n")
    (overlay / "kustomization.yaml").write_text(readme_block("kustomization.yaml"))

    built = run("kubectl", "kustomize", overlay)

    assert built.returncode == 0, built.stderr
    documents = {(each["kind"], each["metadata"]["name"]): each for each in manifests(built.stdout)}
    config = documents["ConfigMap", "itsm-gateway-config"]["data"]["itsm_config.json"]
    assert json.loads(config) == {"upstreams": {}}
    assert documents["ConfigMap", "itsm-gateway-policies"]["data"] == {"incidents.yaml": "name: incidents\n"}
    pod = documents["StatefulSet", "itsm-gateway"]["spec"]["template"]["spec"]
    mounts = {each["mountPath"]: each["name"] for each in pod["containers"][0]["volumeMounts"]}
    assert mounts["/etc/itsm-gateway/policies"] == "policies"
    assert [fault for each in documents.values() for fault in faults(each, KUBERNETES[-1])] == []


def readme_block(name: str) -> str:
    """The example of the README, so that what is shown there is what is tried here."""
    text = (K8S / "README.md").read_text()
    return text.partition(f"```yaml\n# {name}\n")[2].partition("```")[0].replace("../../k8s/base", "../base")
