"""A real Prometheus and a real Alertmanager before gateways at which everything goes wrong at once."""

import pytest
from monitoring.incidents import INCIDENTS, Incident
from monitoring.observation import Observation
from monitoring.shipped import Question, panel_questions


def by_name(incident: Incident) -> str:
    return incident.name


@pytest.mark.parametrize("incident", INCIDENTS, ids=by_name)
def test_an_incident_notifies_somebody_of_its_own_alert_and_of_no_other(observation: Observation, incident: Incident):
    expected = {(incident.alert, incident.platform)} if incident.alert else set()

    assert observation.notified[incident.name] == expected


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
