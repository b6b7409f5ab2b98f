"""Renders the plain manifests from the chart: `python k8s/render.py HELM` writes them, `--check` only compares."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CHART = HERE / "chart" / "itsm-gateway"
KUBERNETES = "1.33.0"
"""The version rendered for; the manifests hold nothing that 1.30 does not know."""

HEAD = "# Rendered from k8s/chart/itsm-gateway with {values} by k8s/render.py: change the chart, not this file.\n"


def rendered(helm: Path) -> Iterator[tuple[Path, str]]:
    """Every file that is kept, with what it must hold."""
    for values in sorted((HERE / "install" / "values").glob("*.yaml")):
        yield HERE / "install" / values.name, _render(helm, values)
    yield HERE / "base" / "gateway.yaml", _render(helm, HERE / "base" / "values.yaml")


def stale(helm: Path) -> list[str]:
    """The kept files that are not what the chart renders."""
    return [str(path) for path, text in rendered(helm) if not path.is_file() or path.read_text() != text]


def main(helm: str, *options: str) -> int:
    """Write the files, or say which are stale."""
    if "--check" in options:
        found = stale(Path(helm))
        sys.stdout.write("\n".join(f"{path} is stale" for path in found) + "\n" if found else "all current\n")
        return 1 if found else 0
    for path, text in rendered(Path(helm)):
        path.write_text(text)
        sys.stdout.write(f"wrote {path}\n")
    return 0


def _render(helm: Path, values: Path) -> str:
    namespace = ["--namespace", "itsm-gateway"]
    command = [helm, "template", "itsm-gateway", CHART, *namespace, "--kube-version", KUBERNETES, "--values", values]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own arguments)
    if done.returncode:
        raise SystemExit(done.stderr)
    return HEAD.format(values=values.relative_to(HERE.parent)) + done.stdout


if __name__ == "__main__":
    _, *arguments = sys.argv
    if not arguments:
        raise SystemExit("which helm? python k8s/render.py .cache/k8s-tools/helm")
    raise SystemExit(main(*arguments))
