"""A simulated Jira site, Cloud or Data Center: issues, workflow, comments, JQL over a lagging index, in memory.

May import the standard library, aiohttp and the simulator's own files above; nothing of the ServiceNow side.
Start reading at `rest_api.py`: which path and method lead where.
"""

from gateway.simulator.jira.issues import Issue
from gateway.simulator.jira.simulated import SimulatedJira
from gateway.simulator.jira.site import Deployment, JiraProject

__all__ = ["Deployment", "Issue", "JiraProject", "SimulatedJira"]
