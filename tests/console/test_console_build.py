"""The console's own checks, run by node: types, format, component tests, and a build that is the committed one."""

import filecmp
import subprocess
from pathlib import Path

import pytest
from running import ROOT

UI = ROOT / "gateway" / "ui"
STATIC = ROOT / "gateway" / "web" / "static"
PARTS = "gateway/ui/node_modules/.package-lock.json"


@pytest.fixture(scope="module", autouse=True)
def parts() -> None:
    """What package-lock.json names, installed; nothing to do where it is."""
    subprocess.run(["make", PARTS], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["tsc", "--noEmit"], id="every type is right"),
        pytest.param(["prettier", "--check", "."], id="every file is formatted"),
        pytest.param(["vitest", "run"], id="every component test passes"),
    ],
)
def test_the_console_is_in_order(command: list[str]):
    done = _node(*command)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_committed_build_can_be_made_again_byte_for_byte(tmp_path: Path):
    built = _node("vite", "build", "--outDir", str(tmp_path / "static"))

    made, committed = _files(tmp_path / "static"), _files(STATIC)
    assert built.returncode == 0, built.stderr
    assert made == committed
    assert filecmp.cmpfiles(tmp_path / "static", STATIC, made, shallow=False)[0] == made


def _node(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [UI / "node_modules" / ".bin" / command, *arguments], cwd=UI, capture_output=True, text=True, check=False
    )


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
