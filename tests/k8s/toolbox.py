"""The Kubernetes tools, where `make test` has put them; one that is missing is a failure."""

import json
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".cache" / "k8s-tools"
K8S = ROOT / "k8s"
CHART = K8S / "chart" / "itsm-gateway"

KUBERNETES = ("1.29.0", "1.33.0", "1.36.0")
"""The first with native sidecars, the first that calls them stable, and the newest that the tools know."""

VALUE_SETS = {
    **{f"install/{path.stem}": path for path in sorted((K8S / "install" / "values").glob("*.yaml"))},
    **{path.stem: path for path in sorted((Path(__file__).parent / "values").glob("*.yaml"))},
}

Manifest = dict[str, Any]


def tool(name: str) -> Path:
    """A program or file among the tools."""
    path = TOOLS / name
    if not path.exists():
        pytest.fail(f"{path.relative_to(ROOT)} is missing: run `make test`, or tests/k8s/fetch_tools.py alone")
    return path


def run(name: str, *arguments: str | Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """A tool's run, whatever came of it."""
    return subprocess.run([tool(name), *arguments], input=given, capture_output=True, text=True, check=False)


@cache
def template(values: Path, kubernetes: str) -> tuple[Manifest, ...]:
    """What the chart renders for a cluster of that version."""
    arguments = ("--namespace", "itsm", "--kube-version", kubernetes, "--values", values)
    done = run("helm", "template", "release", CHART, *arguments)
    assert done.returncode == 0, done.stderr
    return manifests(done.stdout)


def manifests(text: str) -> tuple[Manifest, ...]:
    """Every document that is one."""
    return tuple(document for document in yaml.safe_load_all(text) if document)


def crd_faults(documents: Iterable[Manifest]) -> list[str]:
    """What the schemas of the operators' own resources have against them."""
    script = Path(__file__).parent / "crd_faults.mjs"
    modules = tool("crds") / "node_modules"
    command = ["node", str(script), str(modules)]
    done = subprocess.run(command, input=json.dumps(list(documents)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    faults: list[str] = json.loads(done.stdout)
    return faults
