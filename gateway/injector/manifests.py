"""Manifests as text: read, changed where something changes, and otherwise handed back byte for byte."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import yaml

_BETWEEN_DOCUMENTS: Final = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_TEXT_ALONE: Final = frozenset({"tag:yaml.org,2002:timestamp"})
_INTEGER: Final = re.compile(r"([-+]?(0|[1-9][0-9]*)|0[0-7]+|0x[0-9a-fA-F]+)\Z")


class NoManifest(Exception):
    """A text cannot be read as manifests; the message says where and why."""


def documents(text: str) -> Iterator[object]:
    """Every document of a YAML or JSON text; raises NoManifest."""
    if _is_json(text):
        yield _json(text)
        return
    for part in _parts(text):
        document = _yaml(part)
        if document is not None:
            yield document


def rewritten(text: str, change: Callable[[object], object]) -> str:
    """The text with its documents changed; raises NoManifest.

    JSON stays JSON. A YAML document that nothing changes in stays as it is written; of one that changes, the comments
    above it are kept, and the order of its keys.
    """
    if _is_json(text):
        before = _json(text)
        after = change(before)
        return text if after == before else json.dumps(after, indent=2, ensure_ascii=False) + "\n"
    return "---".join(_rewritten_part(part, change) for part in _parts(text))


def _rewritten_part(part: str, change: Callable[[object], object]) -> str:
    before = _yaml(part)
    after = change(before)
    if after == before:
        return part
    dumped = yaml.dump(
        after, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000, default_flow_style=False
    )
    return _above(part) + dumped


def _above(part: str) -> str:
    """The rest of the marker's line, blank lines and comments before the first key."""
    kept: list[str] = []
    for line in part.splitlines(keepends=True):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        kept.append(line)
    return "".join(kept)


def _parts(text: str) -> list[str]:
    """`---` at the beginning of a line can be nothing but a document's, not even within a text block."""
    return _BETWEEN_DOCUMENTS.split(text)


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _json(text: str) -> object:
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoManifest(f"is not JSON: {error}") from error
    return document


def _yaml(part: str) -> Any:
    try:
        return yaml.load(part, Loader=_Loader)  # noqa: S506 (the loader below is a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1} of that document)" if error.problem_mark else ""
        raise NoManifest(f"is not YAML: {error.problem or 'it cannot be read'}{line}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NoManifest(f"is not YAML: {str(error).splitlines()[0]}") from error


class _Loader(yaml.SafeLoader):
    """Reads as Kubernetes does: no dates, and `22:30` is a text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (the library's own shape)
        first: [
            (tag, _INTEGER if tag == "tag:yaml.org,2002:int" else pattern)
            for tag, pattern in resolvers
            if tag not in _TEXT_ALONE
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and nothing by alias."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
