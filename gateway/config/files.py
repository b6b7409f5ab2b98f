"""Which files are read: the config, the policies below the folder, and the schemas that policies refer to."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from gateway.config.documents import SUFFIXES, Text, read_text
from gateway.domain.fault import Fault
from gateway.domain.frozen import frozen

DEEPEST_FOLDER = 8
"""Folders below the policies folder; it also ends the walk through links that lead in a circle."""


@frozen
class Files:
    """Everything that was read, as bytes, and what could not be read."""

    config: Text | None
    policies: tuple[Text, ...]
    schemas: tuple[Text, ...]
    faults: tuple[Fault, ...]

    @property
    def digest(self) -> str:
        """Short name of exactly these texts under these names."""
        digest = hashlib.sha256()
        for text in (*((self.config,) if self.config else ()), *self.policies, *self.schemas):
            digest.update(f"{text.file}\0{len(text.content)}\0".encode())
            digest.update(text.content)
        for fault in self.faults:
            digest.update(str(fault).encode())
        return digest.hexdigest()[:12]


def read_files(config_file: Path, policies_dir: Path) -> Files:
    """Read everything once, so that what is compiled is what the digest names."""
    config = config_text(config_file)
    read = [read_text(path, str(path)) for path in _below(policies_dir)]
    texts = [each for each in read if isinstance(each, Text)]
    return Files(
        config if isinstance(config, Text) else None,
        tuple(text for text in texts if not is_schema(text.file)),
        tuple(text for text in texts if is_schema(text.file)),
        tuple(each for each in (config, _folder_fault(policies_dir), *read) if isinstance(each, Fault)),
    )


def is_schema(file: str) -> bool:
    """A file named `*.schema.json` (or `.yaml`) is what a policy's `$ref` names, and no policy."""
    return Path(file).stem.endswith(".schema")


def config_text(config_file: Path) -> Text | Fault:
    """The config, or why there is none."""
    if not os.path.lexists(config_file):
        return Fault(
            str(config_file), 0, "", "there is no such file; write one with `itsm-gateway init`, or name it by --config"
        )
    return read_text(config_file, str(config_file))


def _folder_fault(policies_dir: Path) -> Fault | None:
    if os.path.isdir(policies_dir):  # noqa: PTH112 (where it may not look, pathlib raises)
        return None
    return Fault(
        str(policies_dir), 0, "", "there is no such folder; make it (it may be empty), or name it by --policies"
    )


def _below(folder: Path) -> Iterator[Path]:
    """Policy and schema files in path order.

    Names with a leading dot are passed over: editors' and Kubernetes' own (`..data`) would be read twice.
    """
    found: list[Path] = []
    for where, folders, names in os.walk(folder, followlinks=True):
        here = Path(where)
        too_deep = len(here.relative_to(folder).parts) >= DEEPEST_FOLDER
        folders[:] = [] if too_deep else [name for name in folders if not name.startswith(".")]
        found.extend(here / name for name in names if Path(name).suffix in SUFFIXES and not name.startswith("."))
    return iter(sorted(found))
