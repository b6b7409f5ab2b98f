"""The one way every call goes, a file per stage; pure, but for the ports it is handed.

May import: `gateway.platforms`, `gateway.policy`, `gateway.domain`.
Start at `handle.py`; `ports.py` says what the way needs from outside.
"""
