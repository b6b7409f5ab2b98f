"""Promises of time: business calendars, due times and how they were worked out, and how a promise stands. Pure.

May import only `domain`, zoneinfo and the `holidays` library: policies hold calendars, so this room lies below them.
Start reading in `calendar.py`, then `standing.py`.
"""
