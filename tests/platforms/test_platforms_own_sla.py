"""Answers about the platforms' own SLAs are believed only as far as they go."""

import json

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.jira import Jira
from gateway.platforms.platform import SearchDenied
from gateway.platforms.servicenow import ServiceNow

DOCUMENTED = {
    "size": 1,
    "values": [
        {
            "name": "Time To First Response",
            "completedCycles": [
                {
                    "startTime": {"iso8601": "2015-10-09T10:45:23+0700", "epochMillis": 1444362323000},
                    "stopTime": {"epochMillis": 1444362743000},
                    "breachTime": {"iso8601": "2015-10-09T14:45:23+0700"},
                    "breached": False,
                    "goalDuration": {"millis": 14400000},
                    "elapsedTime": {"millis": 420000},
                }
            ],
            "ongoingCycle": {
                "startTime": {"epochMillis": 1444372323000},
                "breachTime": {"epochMillis": 1444386723000},
                "breached": False,
                "paused": True,
                "goalDuration": {"millis": 14400000},
                "elapsedTime": {"millis": 5640000},
            },
        }
    ],
}


def ended(talk, status: int, body: object):
    """What a talk of one question makes of this answer."""
    next(talk)
    with pytest.raises(StopIteration) as stop:
        talk.send(Answer(status, (), json.dumps(body).encode()))
    return stop.value.value


def test_of_several_cycles_the_one_that_runs_counts():
    read = ended(Jira().own_slas(["10001"]), 200, DOCUMENTED)

    (reading,) = read.by_ticket["10001"]
    assert (reading.state, reading.due_at, reading.percentage) == ("paused", 1444386723.0, 39.17)


def test_without_one_that_runs_the_last_that_ended_counts():
    (value,) = DOCUMENTED["values"]
    over = {name: part for name, part in value.items() if name != "ongoingCycle"}

    read = ended(Jira().own_slas(["10001"]), 200, {"values": [over]})

    (reading,) = read.by_ticket["10001"]
    assert (reading.state, reading.due_at, reading.ended_at) == ("completed", 1444376723.0, 1444362743.0)


def test_an_sla_that_never_began_tells_nothing():
    read = ended(Jira().own_slas(["10001"]), 200, {"values": [{"name": "Idle", "completedCycles": []}]})

    assert read.by_ticket == {"10001": ()}


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_refusal_says_with_which_status(status):
    jira = ended(Jira().own_slas(["10001"]), status, {})
    servicenow = ended(ServiceNow().own_slas(["a" * 32]), status, {})

    assert isinstance(jira, SearchDenied)
    assert isinstance(servicenow, SearchDenied)
    assert (jira.status, servicenow.status) == (status, status)


def test_each_record_gets_the_rows_of_its_own_task_and_figures_that_are_none_are_left_out():
    mine, other = "a" * 32, "b" * 32
    row = {"task": mine, "sla.name": "P1", "stage": "paused", "has_breached": "true", "business_percentage": "1,204.5"}

    read = ended(ServiceNow().own_slas([mine, other]), 200, {"result": [row, row | {"business_percentage": ""}]})

    first, second = read.by_ticket[mine]
    assert (first.state, first.breached, first.percentage, first.due_at) == ("paused", True, 1204.5, None)
    assert (second.percentage, read.by_ticket[other]) == (None, ())


def test_a_list_that_was_cut_off_is_not_believed():
    rows = [{"task": "a" * 32}] * 1_000

    assert isinstance(ended(ServiceNow().own_slas(["a" * 32]), 200, {"result": rows}), SearchDenied)


@pytest.mark.parametrize(("platform", "name"), [(Jira(), "OPS-1/../x"), (ServiceNow(), "a^ORb"), (Jira(), "")])
def test_a_name_that_could_mean_something_else_is_not_asked_for(platform, name):
    with pytest.raises(StopIteration):
        next(platform.own_slas([name]))
