"""Protects the platform from the gateway: who may go now, who waits, who is turned away.

May import: `gateway.domain` and `gateway.platforms`; no HTTP library. Time is passed in, in monotonic seconds.
Start at `protection.py`; `ask.py` holds its words.
"""
