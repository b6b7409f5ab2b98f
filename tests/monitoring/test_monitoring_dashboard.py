"""The dashboard as a file: what keeps it readable in any Grafana, whatever its data source is called."""

import itertools
import re
from typing import Any

import promql_parser
import pytest
from monitoring.shipped import (
    Question,
    dashboard,
    note_questions,
    panel_questions,
    panels,
    recorded,
    selections,
    substituted,
)

from gateway.telemetry.catalogue import all_metrics
from gateway.telemetry.metric import Kind

PANELS = panels()


def titled(panel: dict[str, Any]) -> str:
    return str(panel["title"])


def test_the_dashboard_is_of_the_classic_schema_and_has_a_fixed_address():
    assert dashboard()["schemaVersion"] == 39
    assert dashboard()["uid"] == "itsm-gateway"
    assert "id" not in dashboard()


def test_its_variables_are_the_data_source_the_installation_the_platform_and_the_upstream():
    variables = dashboard()["templating"]["list"]

    assert [variable["name"] for variable in variables] == ["datasource", "job", "platform", "upstream"]
    assert all(variable["datasource"]["uid"] == "${datasource}" for variable in variables[1:])


@pytest.mark.parametrize("panel", PANELS, ids=titled)
def test_every_panel_says_what_it_shows_in_which_unit_from_the_chosen_data_source(panel):
    assert panel["title"].strip()
    assert panel["description"].strip().endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert {panel["datasource"]["uid"], *(each["datasource"]["uid"] for each in panel["targets"])} == {"${datasource}"}


def test_no_two_panels_share_an_id_or_a_title():
    everything = dashboard()["panels"]

    assert len({panel["id"] for panel in everything}) == len(everything)
    assert len({panel["title"] for panel in everything}) == len(everything)


def test_no_two_panels_overlap_and_none_is_wider_than_the_screen():
    everything = dashboard()["panels"]

    overlapping = [(a["title"], b["title"]) for a, b in itertools.combinations(everything, 2) if cells(a) & cells(b)]
    assert overlapping == []
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in everything)


@pytest.mark.parametrize("question", [*panel_questions(), *note_questions()], ids=str)
def test_every_expression_parses(question: Question):
    promql_parser.parse(substituted(question.expr))


@pytest.mark.parametrize("panel", PANELS, ids=titled)
def test_a_curve_is_taken_over_the_rate_interval_and_a_figure_over_the_time_shown(panel):
    for target in panel["targets"]:
        windows = set(re.findall(r"\[([^\]]+)\]", target["expr"]))
        assert windows <= ({"$__range"} if target["instant"] else {"$__rate_interval"})


@pytest.mark.parametrize("question", [*panel_questions(), *note_questions()], ids=str)
def test_every_expression_obeys_the_variables(question: Question):
    asked = substituted(question.expr, job="JOB", platform="PLATFORM", upstream="UPSTREAM")

    for selection in selections(asked):
        labels = names()[selection.name]
        chosen = {value.rstrip("|") for _, value in selection.matchers}
        assert "JOB" in chosen or "job" not in labels
        assert chosen & {"PLATFORM", "UPSTREAM"} or not labels & {"platform", "upstream"}


def names() -> dict[str, set[str]]:
    """The labels that a choice can narrow, by series name."""
    narrowed = {name: {"job", "platform"} for name in recorded() if name.startswith("job_platform:")}
    narrowed["ALERTS"] = {"job"}
    for metric in all_metrics():
        suffixes = ("_bucket", "_sum", "_count") if metric.kind is Kind.HISTOGRAM else ("",)
        narrowed |= {metric.name + suffix: {"job", *metric.labels} for suffix in suffixes}
    return narrowed | {"itsm:create_error_budget:ratio": set()}


def cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
    pos = panel["gridPos"]
    return set(itertools.product(range(pos["x"], pos["x"] + pos["w"]), range(pos["y"], pos["y"] + pos["h"])))
