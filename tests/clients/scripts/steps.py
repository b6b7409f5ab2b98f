"""The steps that every client goes through, and what is printed of each."""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

MISSING = "0123456789abcdef0123456789abcdef"


def tell(steps: Mapping[str, Callable[[], object]]) -> None:
    """Take the steps in their order, and print each one's result, or the exception that the library raised."""
    json.dump({name: _taken(step) for name, step in steps.items()}, sys.stdout)


def fingerprint(content: bytes) -> str:
    """What tells one file from another."""
    return f"{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}"


def fingerprint_of(file: str | Path) -> str:
    """The same of a file on disk."""
    return fingerprint(Path(file).read_bytes())


def _taken(step: Callable[[], object]) -> dict[str, object]:
    try:
        return {"result": step()}
    except Exception as error:  # noqa: BLE001  # whatever a library raises is what is compared
        return {"exception": type(error).__name__, "text": str(getattr(error, "text", error))}
