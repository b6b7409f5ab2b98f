"""Policies with a rule of each kind, and tickets that break every one of them."""

from collections.abc import Mapping
from typing import Any

from flows.desks import SERVICENOW, Desk
from running import RunningGateway

STRICT = """\
name: strict-{platform}
platform: {platform}
match: {{path: {path}}}
mode: "{mode}"
schema:
  type: object
  required: [{required}]
  properties:
    {title}: {{type: string, maxLength: 20}}
    {choice}: {{enum: [red, amber, green]}}
    {code}: {{type: string, pattern: '^[A-Z]{{3}}-[0-9]+$', x-hint: as in ABC-1}}
"""
IN_SERVICENOW = {
    "platform": "servicenow",
    "path": "/api/now/table/incident",
    "required": "caller_id",
    "title": "short_description",
    "choice": "u_colour",
    "code": "u_code",
}
IN_JIRA = {
    "platform": "jira",
    "path": "/rest/api/2/issue",
    "required": "project",
    "title": "summary",
    "choice": "customfield_10001",
    "code": "customfield_10002",
}
BAD_INCIDENT = {"short_description": "far too long to be a title", "u_colour": "blue", "u_code": "abc"}
BAD_ISSUE = {"summary": "far too long to be a title", "customfield_10001": "blue", "customfield_10002": "abc"}
FAULTS = {"required", "too_long", "not_allowed", "pattern_mismatch"}


async def file_ticket(gateway: RunningGateway, desk: Desk, fields: Mapping[str, Any], **headers: str):
    body = dict(fields) if desk is SERVICENOW else {"fields": dict(fields)}
    return await gateway.post(gateway.address(desk.platform) + desk.create_path, body, **headers)
