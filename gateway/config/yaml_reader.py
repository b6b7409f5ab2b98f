"""Strict YAML with line numbers: plain data only, no duplicate keys, no value that YAML reads unlike people do."""

import math
import re
from typing import NoReturn

import yaml

from gateway.config.lines import Lines, Parsed
from gateway.domain.fault import Fault
from gateway.policy.document import below

MOST_VALUES = 50_000
"""Values in one file, each use of an alias counted: a few nested aliases can stand for billions."""

DEEPEST = 100
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq"))
_READ_TOO_MUCH = frozenset({"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"})
_NUMBER_IN_DISGUISE = re.compile(r"[-+]?(0[0-7_]+|\d[\d_]*(:[0-5]?\d)+(\.\d*)?)")


class _PlainLoader(yaml.SafeLoader):
    """Knows no dates, and no switches but true and false: `2024-01-01` and `off` stay the texts that they look like."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (the library's own shape)
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _READ_TOO_MUCH]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read_yaml(file: str, source: str) -> Parsed | Fault:
    """The data of the file's one document, and the line of every value."""
    try:
        loader = _PlainLoader(source)
        node = loader.get_single_node()
        if node is None:
            return Fault(file, 1, "", "is empty")
        walk = _Walk(file)
        walk.value(node, "", 0)
        return Parsed(loader.construct_document(node), Lines(walk.lines))
    except _Refused as refused:
        return refused.fault
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Fault(file, mark.line + 1 if mark else 0, "", f"is not YAML: {_explain(error)}")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Fault(file, 0, "", f"is not YAML: {str(error).splitlines()[0]}")


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "it cannot be read"
    if "\\t" in problem:
        return "a tab stands where spaces must; indent with spaces"
    if "expected a single document" in str(error):
        return "a file holds one document; put what follows --- into a file of its own"
    if "mapping values are not allowed" in problem:
        return "a colon stands where none can; put the text in quotes"
    return problem


class _Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class _Walk:
    """Goes through the nodes before any data is made of them, and notes where every value stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[str, int] = {}
        self._values = 0

    def value(self, node: yaml.Node, pointer: str, depth: int) -> None:
        """One node and everything below it, aliases followed."""
        self.lines.setdefault(pointer, node.start_mark.line + 1)
        self._values += 1
        if self._values > MOST_VALUES:
            self._refuse(node, pointer, f"holds more than {MOST_VALUES:,} values once its aliases are followed")
        if depth > DEEPEST:
            self._refuse(node, pointer, f"is nested more than {DEEPEST} levels deep, or holds itself by an alias")
        if node.tag not in _PLAIN_TAGS:
            self._refuse(node, pointer, f"the tag {_short(node.tag)} is not plain data; remove it")
        match node:
            case yaml.MappingNode():
                self._mapping(node, pointer, depth)
            case yaml.SequenceNode():
                for index, item in enumerate(node.value):
                    self.value(item, below(pointer, index), depth + 1)
            case _:
                self._scalar(node, pointer)

    def _mapping(self, node: yaml.MappingNode, pointer: str, depth: int) -> None:
        seen: set[str] = set()
        for key, item in node.value:
            name = self._key(key, pointer)
            if name in seen:
                self._refuse(key, below(pointer, name), f"the key {name!r} stands here twice; keep one of them")
            seen.add(name)
            self.lines[below(pointer, name)] = key.start_mark.line + 1
            self.value(item, below(pointer, name), depth + 1)

    def _key(self, key: yaml.Node, pointer: str) -> str:
        if not isinstance(key, yaml.ScalarNode):
            self._refuse(key, pointer, "a key must be text")
        name = str(key.value)
        if key.tag == "tag:yaml.org,2002:merge":
            self._refuse(key, pointer, "merge keys (<<) are not read; write the keys out")
        if key.tag != "tag:yaml.org,2002:str":
            kind = key.tag.rpartition(":")[2]
            self._refuse(key, below(pointer, name), f'the key {name} is read as {kind}, not as text; write "{name}"')
        return name

    def _scalar(self, node: yaml.Node, pointer: str) -> None:
        text = str(node.value)
        numeric = node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
        if numeric and _NUMBER_IN_DISGUISE.fullmatch(text):
            self._refuse(node, pointer, f'{text} is read as another number; write "{text}" if you mean the text')
        if node.tag == "tag:yaml.org,2002:float" and not _is_finite(text):
            self._refuse(node, pointer, f"{text} is not a number that JSON knows")

    def _refuse(self, node: yaml.Node, pointer: str, message: str) -> NoReturn:
        raise _Refused(Fault(self.file, node.start_mark.line + 1, pointer, message))


def _is_finite(text: str) -> bool:
    if text.lower().lstrip("+-") in (".inf", ".nan"):
        return False
    return math.isfinite(float(text.replace("_", "")))


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
