"""What operators may declare, parsed and compiled: policies, templates, retry settings, SLA targets.

May import: `gateway.domain`; pydantic, jsonschema, referencing, re2. `gateway.config` reads the files for it.
Start at `rules.py`: everything that is in force; `compile.py` and `templates.py` make it from the files.
"""
