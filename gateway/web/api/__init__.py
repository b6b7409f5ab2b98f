"""The API's endpoints: a file per resource, each parses, asks, and renders.

May import: the rooms it asks, and the doors' own rendering.
Start at `calls.py`; `filters.py` and `paging.py` are what all listings share.
"""
