"""Goes on with calls that nobody waits for: joins, settles and delivers them, and compares them with the platforms.

May import what every room below the doors offers. Start with `settler.py`, then `worker.py` and `sweeper.py`.
"""
