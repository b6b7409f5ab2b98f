"""A real Prometheus and a real Alertmanager before gateways at which everything goes wrong at once."""

import re

import pytest
import yaml
from monitoring.incidents import INCIDENTS, Incident
from monitoring.observation import Observation
from monitoring.shipped import Question, panel_questions
from running import ROOT

INHIBITIONS = yaml.safe_load((ROOT / "k8s" / "monitoring" / "alertmanager.yaml").read_text())["inhibit_rules"]


def muted_by(alert: str | None) -> set[str]:
    """The alerts that this one mutes in the shipped Alertmanager fragment."""
    muted = set()
    for rule in INHIBITIONS:
        (source,), (target,) = rule["source_matchers"], rule["target_matchers"]
        if alert in _names(source):
            muted |= _names(target)
    return muted


def _names(matcher: str) -> set[str]:
    return set(re.findall(r"Itsm\w+", matcher))


def by_name(incident: Incident) -> str:
    return incident.name


@pytest.mark.parametrize("incident", INCIDENTS, ids=by_name)
def test_an_incident_notifies_somebody_of_its_own_alert_and_of_none_that_it_does_not_mute(
    observation: Observation, incident: Incident
):
    told = observation.notified[incident.name]

    if incident.alert is None:
        assert told == []
        return
    own = (incident.alert, incident.platform)
    assert told[-1:] == [own]  # what it mutes may have fired, and been told, before it, and is not told after it
    assert set(told[:-1]) <= {(symptom, incident.platform) for symptom in muted_by(incident.alert)}


@pytest.mark.parametrize("incident", INCIDENTS, ids=by_name)
def test_an_incident_fires_its_alert_and_the_symptoms_that_follow_from_it(observation: Observation, incident: Incident):
    assert observation.fired[incident.name] == incident.firing


def test_somebody_is_told_when_no_gateway_is_left(observation: Observation):
    assert observation.gone


def test_nothing_fires_outside_the_incidents(observation: Observation):
    assert observation.fired.keys() == {incident.name for incident in INCIDENTS}


@pytest.mark.parametrize("question", panel_questions(), ids=str)
def test_every_query_of_the_dashboard_is_answered_with_numbers(observation: Observation, question: Question):
    assert observation.answers[question.where] > 0


def test_every_variable_of_the_dashboard_offers_what_is_there(observation: Observation):
    assert set(observation.variables["job"]) == {incident.name for incident in INCIDENTS}
    assert observation.variables["platform"] == ["jira", "servicenow"]
    assert observation.variables["upstream"] == ["jira", "servicenow"]
