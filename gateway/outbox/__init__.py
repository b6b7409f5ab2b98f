"""Brings a repeated create together with the one it repeats, and goes on with creates that nobody waits for.

May import: `gateway.upstream`, `gateway.records` and below. Sends nothing itself: the upstream's couriers do.
Start at `flights.py`: the creates of this process.
"""
