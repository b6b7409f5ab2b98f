"""The runbooks: what they tell to type can be typed."""

import re
import shlex

import pytest
from monitoring.observation import Observation
from monitoring.runbooks import Block, api_addresses, blocks, runbooks
from monitoring.shipped import alerts, recorded, selections
from typer.main import get_command

from gateway.cli.app import app
from gateway.telemetry.catalogue import all_metrics

CONSOLE, PROMQL = blocks("console"), blocks("promql")


def test_every_runbook_belongs_to_an_alert():
    assert {file.stem for file in runbooks()} == {alert["alert"] for alert in alerts()}


@pytest.mark.parametrize("file", runbooks(), ids=lambda file: file.stem)
def test_every_runbook_says_what_it_means_where_to_look_what_to_do_and_when_it_is_over(file):
    text = file.read_text()

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["What it means", "Look", "Mend", "When it is over"]
    assert "```console" in text


@pytest.mark.parametrize("file", runbooks(), ids=lambda file: file.stem)
def test_every_runbook_names_only_alerts_that_exist(file):
    assert set(re.findall(r"\bItsm[A-Z]\w+", file.read_text())) <= {alert["alert"] for alert in alerts()}


@pytest.mark.parametrize("block", CONSOLE, ids=str)
def test_every_command_of_ours_exists_with_the_options_it_is_given(block: Block):
    commands = get_command(app).commands

    for line in block.text.splitlines():
        words = shlex.split(line.removeprefix("$ "))
        if words[0] == "itsm-gateway":
            known = {option for parameter in commands[words[1]].params for option in parameter.opts}
            assert {word for word in words[2:] if word.startswith("--")} <= known


@pytest.mark.parametrize("block", PROMQL, ids=str)
def test_every_query_parses_and_names_only_metrics_that_exist(block: Block):
    names = recorded() | {metric.name for metric in all_metrics()}

    for selection in selections(block.text):
        assert selection.name.removesuffix("_bucket") in names


@pytest.mark.parametrize("address", api_addresses())
def test_every_address_is_answered_by_a_running_gateway(observation: Observation, address: str):
    assert observation.links[address] == 200
