"""Text an operator wrote, read strictly: plain data, the line of every value, or the faults that stand in the way."""

from pathlib import Path, PurePath
from typing import NamedTuple

from gateway.config.json_reader import read_json
from gateway.config.yaml_reader import read_yaml
from gateway.domain.fault import Fault
from gateway.policy.document import Document

LARGEST_FILE = 1_000_000
"""Bytes; whatever an operator means to write by hand is far smaller."""

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
"""The file names that are read; all others in a folder are none of ours."""


class Text(NamedTuple):
    """One file as it was on disk: `file` is how messages name it."""

    file: str
    content: bytes


def read_text(path: Path, file: str) -> Text | Fault:
    """The bytes of a file, or why there are none."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        return Fault(file, 0, "", f"cannot be read: {error.strerror or error}")
    if len(content) > LARGEST_FILE:
        return Fault(
            file, 0, "", f"is larger than {LARGEST_FILE:,} bytes; split it or remove what does not belong here"
        )
    return Text(file, content)


def parse(text: Text) -> Document | Fault:
    """The data of a YAML or JSON file by its suffix, or the first fault: after it the rest cannot be read reliably."""
    try:
        source = text.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.content.count(b"\n", 0, error.start) + 1
        return Fault(text.file, line, "", "is not UTF-8 text; save it as UTF-8")
    read = read_json if PurePath(text.file).suffix == ".json" else read_yaml
    parsed = read(text.file, source)
    if isinstance(parsed, Fault):
        return parsed
    return Document(text.file, parsed.data, parsed.lines.of)
