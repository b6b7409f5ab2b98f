"""The only room that reads files and environment: settings, secrets, policies, and the watch over them.

May import: `gateway.policy`, `gateway.domain`; pydantic, pydantic-settings, PyYAML, watchfiles.
Start at `load.py`: everything an operator wrote becomes one value, or all of its faults at once.
"""
