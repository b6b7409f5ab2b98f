"""What differs between ServiceNow and Jira, as pure functions behind one protocol.

May import: `gateway.domain`. The two platforms do not know each other.
Start at `platform.py`, then open `servicenow/` or `jira/`.
"""
