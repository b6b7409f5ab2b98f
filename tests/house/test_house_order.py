"""The house is in order: style, types, and who may know whom."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "."], id="every lint rule holds"),
        pytest.param(["ruff", "format", "--check", "."], id="every file is formatted"),
        pytest.param(["mypy"], id="every type is right"),
        pytest.param(["lint-imports", "--no-cache"], id="every room keeps to its neighbours"),
    ],
)
def test_the_house_is_in_order(command: list[str]):
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_so_long_that_a_noun_must_be_missing():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
        for path in (ROOT / "gateway").rglob("*.py")
    }

    assert {name: lines for name, lines in lengths.items() if lines > 250} == {}


def test_values_are_declared_in_one_way():
    others = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "gateway").rglob("*.py")
        if re.search(r"dataclass\([^)]*frozen=True", path.read_text())
    }

    assert others == set()


def test_every_room_has_a_door_sign():
    signs = {
        package.parent.relative_to(ROOT).as_posix(): (package.read_text().partition('"""')[2].partition('"""')[0])
        for package in (ROOT / "gateway").rglob("__init__.py")
    }

    assert [room for room, sign in signs.items() if len(sign.strip().splitlines()) < 2] == []


def test_every_file_that_a_door_sign_names_is_there():
    missing = {
        (package.parent.relative_to(ROOT).as_posix(), name)
        for package in (ROOT / "gateway").rglob("__init__.py")
        for name in re.findall(r"`([a-z_/]+\.py)`", package.read_text())
        if not (package.parent / name).exists() and not (ROOT / name).exists()
    }

    assert missing == set()
