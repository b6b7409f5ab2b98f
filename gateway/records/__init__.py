"""Remembers every call: the journal written before a call leaves, what the API may ask of it, and for how long.

May import: pipeline, policy, domain, and SQLAlchemy with its drivers, which live in this room only.
Start at `records.py`, then `journal.py` and `waiting.py` (write), `reports.py` (reads); `tables.py` says what is kept.
"""

from gateway.records.location import url_fault
from gateway.records.outbox import Depth, OutboxLimits
from gateway.records.records import Records, Settings, keep_leases, keep_sweeping
from gateway.records.upkeep import Retention, Swept

__all__ = [
    "Depth",
    "OutboxLimits",
    "Records",
    "Retention",
    "Settings",
    "Swept",
    "keep_leases",
    "keep_sweeping",
    "url_fault",
]
