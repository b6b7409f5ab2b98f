"""The shipped dashboard and rules, read as what they ask Prometheus for."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import promql_parser
import yaml
from running import ROOT

MONITORING = ROOT / "k8s" / "monitoring"
RULE_FILES = tuple(sorted((MONITORING / "rules").glob("*.yaml")))

_CHILDREN = ("lhs", "rhs", "expr", "param", "args")


@dataclass(frozen=True)
class Selection:
    """One metric that an expression reads: with which matchers, and under which function its range stands."""

    name: str
    matchers: tuple[tuple[str, str], ...]
    under: str | None


@dataclass(frozen=True)
class Question:
    """One expression, and where it is written."""

    where: str
    expr: str

    def __str__(self) -> str:
        return self.where


@cache
def dashboard() -> Mapping[str, Any]:
    shown: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text())
    return shown


def panels() -> list[dict[str, Any]]:
    """The panels that show something."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def panel_questions() -> list[Question]:
    """Every expression of every panel."""
    return [
        Question(f"{panel['title']} {target['refId']}", target["expr"])
        for panel in panels()
        for target in panel["targets"]
    ]


def note_questions() -> list[Question]:
    """What the dashboard marks on its curves."""
    return [Question(note["name"], note["expr"]) for note in dashboard()["annotations"]["list"]]


def rules() -> list[dict[str, Any]]:
    """Every recording rule and every alert."""
    return [
        rule for file in RULE_FILES for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]
    ]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]


def recorded() -> set[str]:
    """The names that recording rules make."""
    return {rule["record"] for rule in rules() if "record" in rule}


def rule_questions() -> list[Question]:
    return [Question(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()]


def substituted(expr: str, rate_interval: str = "5m", shown: str = "1h", **chosen: str) -> str:
    """An expression as Grafana sends it; a variable that is not chosen stands for all."""
    expr = expr.replace("$__rate_interval", rate_interval).replace("$__range", shown)
    return re.sub(r"\$(\w+)", lambda found: chosen.get(found[1], ".+"), expr)


def selections(expr: str) -> list[Selection]:
    """Every metric that an expression reads."""
    return list(_selected(promql_parser.parse(expr), None))


def _selected(node: Any, under: str | None) -> Iterator[Selection]:
    if isinstance(node, promql_parser.VectorSelector):
        yield Selection(node.name, tuple((each.name, each.value) for each in node.matchers.matchers), under)
    elif isinstance(node, promql_parser.MatrixSelector):
        yield from _selected(node.vector_selector, under)
    else:
        inside = node.func.name if isinstance(node, promql_parser.Call) else None
        for child in _children(node):
            ranged = isinstance(child, promql_parser.MatrixSelector)
            yield from _selected(child, inside if ranged else None)


def _children(node: Any) -> Iterator[Any]:
    for name in _CHILDREN:
        child = getattr(node, name, None)
        if isinstance(child, list):
            yield from child
        elif isinstance(child, promql_parser.Expr) or type(child).__module__.startswith("promql_parser"):
            yield child
