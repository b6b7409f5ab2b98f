"""How the tables came to be what they are, one step a file; shipped with the program and run at its start.

May import: alembic and SQLAlchemy; no table of today's code, which would change a step after it was taken.
Start at `versions/`; `env.py` is alembic's door.
"""

from typing import Final

HEAD: Final = "0007"
"""The last step; a database that says so is left alone."""

VERSION_TABLE: Final = "itsm_gateway_schema"
"""Where the step is kept that a database is at: alembic's usual name may be in use by a neighbour."""
