"""The API's documents as types: what the handlers answer with, and what `/openapi.json` is built from.

May import: the domain's closed sets, pydantic, and each other.
Start at `common.py`, then `calls.py`.
"""
