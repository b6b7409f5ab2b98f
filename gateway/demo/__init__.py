"""A gateway to look at: simulated platforms on loopback, the real gateway before them, and a little traffic.

May import: `gateway.web`, `gateway.simulator` and what they may. Nothing in it serves production.
Start at `stage.py`, then `scenes.py`.
"""
