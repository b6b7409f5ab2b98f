"""The steps, in the order of their revision.

May import: alembic and SQLAlchemy. Expand first; contract a release later.
Start at the lowest number.
"""
