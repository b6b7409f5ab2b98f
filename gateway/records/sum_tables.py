"""The tables of hourly sums, beside those of `tables.py`."""

from typing import Final

from sqlalchemy import Column, Integer, String, Table

from gateway.records.tables import PREFIX, metadata

_HOURLY: Final = (("hour", Integer), ("platform", String(20)), ("upstream", String(100)), ("policy", String(200)))

sla_hours = Table(
    PREFIX + "sla_hours",
    metadata,
    *(Column(name, of, primary_key=True, autoincrement=False) for name, of in _HOURLY),
    Column("response_promised", Integer, nullable=False),
    Column("response_kept", Integer, nullable=False),
    Column("response_breached", Integer, nullable=False),
    Column("resolution_promised", Integer, nullable=False),
    Column("resolution_kept", Integer, nullable=False),
    Column("resolution_breached", Integer, nullable=False),
)
"""Promises that are decided, by the hour (since 1970) in which their tickets were accepted; an empty policy is none.

Those made are counted in `sla_durations`, and here only where an earlier release counted them.
"""

sla_durations = Table(
    PREFIX + "sla_durations",
    metadata,
    *(Column(name, of, primary_key=True, autoincrement=False) for name, of in _HOURLY),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("tickets", Integer, nullable=False),
    Column("response_promised", Integer, nullable=False, server_default="0"),
    Column("resolution_promised", Integer, nullable=False, server_default="0"),
)
"""How long tickets took to make, and what was promised of them, by the hour; a step is a tenth longer than the last."""

sla_priorities = Table(
    PREFIX + "sla_priorities",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    *(Column(name, of, primary_key=True, autoincrement=False) for name, of in _HOURLY[1:]),
    Column("priority", String(100), primary_key=True),
    Column("response_kept", Integer, nullable=False),
    Column("response_breached", Integer, nullable=False),
    Column("resolution_kept", Integer, nullable=False),
    Column("resolution_breached", Integer, nullable=False),
)
"""Promises that are decided, by the day (UTC, since 1970) of their tickets' acceptance; no priority is an empty one."""

upstream_hours = Table(
    PREFIX + "upstream_hours",
    metadata,
    *(Column(name, of, primary_key=True, autoincrement=False) for name, of in _HOURLY[:3]),
    Column("exchanges", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("turned_away", Integer, nullable=False),
    Column("minutes_asked", Integer, nullable=False),
    Column("minutes_answered", Integer, nullable=False),
)
"""How each upstream answered; `turned_away` are the calls that an open circuit kept from it."""
