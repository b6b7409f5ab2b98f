"""What the API is made of, in the order people read it."""

from typing import Final

from gateway.web.api import (
    activity,
    audit,
    calls,
    events,
    explain,
    findings,
    from_alertmanager,
    from_template,
    me,
    outbox,
    policies,
    priorities,
    sla,
    templates,
    tickets,
)

RESOURCES: Final = (
    templates, from_template, from_alertmanager, tickets, calls, events, activity, outbox, findings, audit, sla,
    priorities, policies, explain, me,
)  # fmt: skip
