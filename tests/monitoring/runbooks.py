"""The runbooks, read as what they tell somebody to type."""

import re
from dataclasses import dataclass
from pathlib import Path

from monitoring.shipped import MONITORING

FOLDER = MONITORING / "runbooks"

_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
_ADDRESS = re.compile(r"http://127\.0\.0\.1:8090(/[^'\"\s]*)")


@dataclass(frozen=True)
class Block:
    """One thing to type, or to put into Prometheus."""

    file: Path
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.file.stem}: {self.text.splitlines()[0]}"


def runbooks() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def blocks(language: str) -> list[Block]:
    """All blocks of one language, in all runbooks."""
    return [
        Block(file, found[1], found[2].strip())
        for file in runbooks()
        for found in _BLOCK.finditer(file.read_text())
        if found[1] == language
    ]


def api_addresses() -> list[str]:
    """Every address of the API listener that a runbook tells to ask; `CALL_ID` stands for a call's id."""
    return sorted({address for block in blocks("console") for address in _ADDRESS.findall(block.text)})
