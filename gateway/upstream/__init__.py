"""Delivers calls to one upstream: attempts, waits, and the search for tickets whose answer was lost.

May import: `gateway.pipeline` and below; aiohttp and aiohttp-retry. Knows no policy file and no database.
Start at `courier.py`, then `fence.py`: how a create is sent again without being doubled.
"""
