"""A stateful simulated ServiceNow and Jira with scripted faults: the upstreams of the demo and of the tests.

May import the standard library and aiohttp, nothing else of the gateway.
Start reading at `simulation.py`: how a request meets a fault and takes its effect.
"""

from gateway.simulator.faults import (
    ANY,
    CREATES,
    SEARCHES,
    Effect,
    Ending,
    Fault,
    When,
    answered,
    cut_body,
    delayed,
    hangs,
    html_200,
    late_effect,
    redirected_to_login,
    refused,
    reset,
    stored_then,
)
from gateway.simulator.jira import Deployment, Issue, JiraProject, SimulatedJira
from gateway.simulator.ledger import Exchange, Ledger
from gateway.simulator.messages import Kind
from gateway.simulator.plan import FaultPlan
from gateway.simulator.platform_faults import (
    jira_captcha,
    jira_edge_rate_limited,
    jira_login_failed_silently,
    jira_rate_limited,
    servicenow_asleep,
    servicenow_rate_limited,
    servicenow_semaphore,
    servicenow_session_full,
)
from gateway.simulator.servicenow import SimulatedServiceNow

__all__ = [
    "ANY",
    "CREATES",
    "SEARCHES",
    "Deployment",
    "Effect",
    "Ending",
    "Exchange",
    "Fault",
    "FaultPlan",
    "Issue",
    "JiraProject",
    "Kind",
    "Ledger",
    "SimulatedJira",
    "SimulatedServiceNow",
    "When",
    "answered",
    "cut_body",
    "delayed",
    "hangs",
    "html_200",
    "jira_captcha",
    "jira_edge_rate_limited",
    "jira_login_failed_silently",
    "jira_rate_limited",
    "late_effect",
    "redirected_to_login",
    "refused",
    "reset",
    "servicenow_asleep",
    "servicenow_rate_limited",
    "servicenow_semaphore",
    "servicenow_session_full",
    "stored_then",
]
