"""How the tables came to be what they are, one step a file; shipped with the program and run at its start.

May import: alembic and SQLAlchemy; no table of today's code, which would change a step after it was taken.
Start at `versions/`; `env.py` is alembic's door.
"""
