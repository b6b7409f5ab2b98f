"""A container without a cluster: the injected sidecar's very command from the built wheel, in a tree that is read-only.

The process runs as the user that the manifest names; folders of the manifest lie below a scratch folder instead of `/`.
"""

import json
import os
import socket
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from k8s.toolbox import ROOT

from gateway.injector.inject import Asked, Patched, inject
from gateway.injector.json_patch import applied
from gateway.injector.settings import SidecarSettings

FOLDERS = ("/etc/itsm-gateway", "/var/lib/itsm-gateway")
OPT = "opt/itsm-gateway"


def build_wheel(folder: Path) -> Path:
    """The wheel, from the tree as it is."""
    _run("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (wheel,) = folder.glob("itsm_gateway-*.whl")
    return wheel


def install(wheel: Path, root: Path) -> None:
    """The wheel alone in an environment of its own; its libraries are those that the tests run with."""
    place = root / OPT
    _run("-m", "venv", "--without-pip", str(place))
    _run("-m", "pip", "--python", str(place), "install", "--quiet", "--no-deps", "--no-compile", str(wheel))
    (site,) = place.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")


def free_ports(count: int) -> list[int]:
    """Ports that nobody has just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@dataclass(frozen=True)
class Ports:
    """Where one sidecar listens."""

    proxy: int
    api: int
    ops: int
    servicenow: int


@dataclass(frozen=True)
class Container:
    """One sidecar's container; `root` stands for the `/` of its image."""

    root: Path
    manifest: dict[str, Any]
    ports: Ports

    @property
    def data(self) -> Path:
        return self.root / "var/lib/itsm-gateway"

    def start(self) -> subprocess.Popen[str]:
        """The command of the manifest, with its environment and nothing else."""
        command = [*self.manifest["command"], *self.manifest["args"]]
        return subprocess.Popen(
            [*self._as_its_user(), *(self._placed(part) for part in command)],
            env={"PATH": str(self.root / OPT / "bin"), **self._environment()},
            cwd=self.data,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Another command in the same container."""
        full = [*self._as_its_user(), *command]
        environment = {"PATH": str(self.root / OPT / "bin")}
        return subprocess.run(full, env=environment, cwd=self.data, capture_output=True, text=True, check=False)

    def _environment(self) -> dict[str, str]:
        return {each["name"]: self._placed(each["value"]) for each in self.manifest["env"]}

    def _placed(self, text: str) -> str:
        for folder in FOLDERS:
            text = text.replace(folder, f"{self.root}{folder}")
        return text

    def _as_its_user(self) -> list[str]:
        """Whoever is not root is unprivileged already.

        The one capability lets the user read an interpreter that lies in somebody's home; it allows no writing.
        """
        if os.geteuid():
            return []
        user = self.manifest["securityContext"]["runAsUser"]
        only = "-all,+dac_read_search"
        sets = (f"--inh-caps={only}", f"--ambient-caps={only}", f"--bounding-set={only}")
        return ["/usr/bin/setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs", *sets]


def container(root: Path, config: dict[str, Any], password: str) -> Container:
    """Lay the folders as the pod's volumes would be mounted, and give all but the data to root, read-only."""
    ports = Ports(*free_ports(4))
    manifest = _sidecar(ports)
    placed = Container(root, manifest, ports)
    etc = root / "etc/itsm-gateway"
    _mount(etc / "config", {"itsm_config.json": placed._placed(json.dumps(config))})
    _mount(etc / "secrets", {"servicenow-password": password})
    (site,) = (root / OPT).glob("lib/python*/site-packages")
    shipped = site / "gateway" / "shipped_files" / "policies"
    _mount(etc / "policies", {path.name: path.read_text() for path in sorted(shipped.rglob("*.yaml"))})
    placed.data.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        user = manifest["securityContext"]["runAsUser"]
        os.chown(placed.data, user, user)
    return placed


def seal(container: Container) -> None:
    """Take the right to write from everything but the data."""
    for path in [container.root, *container.root.rglob("*")]:
        if path != container.data and not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


def unseal(root: Path) -> None:
    """Give it back, so that the scratch folder can be removed."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink() and path.is_dir():
            path.chmod(path.stat().st_mode | 0o700)


def _sidecar(ports: Ports) -> dict[str, Any]:
    annotations = {
        "itsm-gateway.io/env": f"SERVICENOW_URL=servicenow:{ports.servicenow}",
        "itsm-gateway.io/secret": "credentials",
        "itsm-gateway.io/policies": "policies",
        "itsm-gateway.io/proxy-port": str(ports.proxy),
        "itsm-gateway.io/api-port": str(ports.api),
        "itsm-gateway.io/ops-port": str(ports.ops),
    }
    pod = {"metadata": {"annotations": annotations}, "spec": {"containers": [{"name": "app", "image": "app"}]}}
    found = inject(pod, SidecarSettings(image="itsm-gateway"), Asked.BY_POD)
    assert isinstance(found, Patched), found
    sidecar: dict[str, Any] = applied(pod, found.operations)["spec"]["initContainers"][0]
    return sidecar


def _mount(folder: Path, files: dict[str, str]) -> None:
    """A ConfigMap or Secret as Kubernetes mounts it: links through a folder whose name changes."""
    version = folder / "..2026_01_01"
    version.mkdir(parents=True)
    (folder / "..data").symlink_to(version.name)
    for name, text in files.items():
        (version / name).write_text(text)
        (folder / name).symlink_to(Path("..data") / name)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
