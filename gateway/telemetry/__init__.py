"""Counts and tells: the metrics, and the log as structured events.

May import: domain, policy, pipeline (the protocols it fulfils); it alone knows prometheus_client.
Start at `catalogue.py` for what is counted, `events.py` for what is told.
"""
