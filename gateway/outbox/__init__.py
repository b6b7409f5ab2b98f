"""Goes on with calls that nobody waits for: joins repeats, settles what is open, delivers what was queued.

May import what every room below the doors offers. Start with `settler.py`, then `worker.py`.
"""
