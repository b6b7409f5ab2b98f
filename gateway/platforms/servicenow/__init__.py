"""ServiceNow's language: its routes, answers, errors, and how a create is found again.

May import: `gateway.domain` and the pieces of `gateway.platforms` that both platforms share.
Start at `servicenow.py`, which names the file for every question.
"""

from gateway.platforms.servicenow.servicenow import ServiceNow

__all__ = ["ServiceNow"]
