"""The doors: the proxy listeners, the API, the probes; and the wiring of all rooms into one process.

May import: every other room. Holds no rule of the domain: a door parses, calls the pipeline, renders.
Start at `proxy.py`, then `app.py`, which ties the knot.
"""
