"""What a database raises, and what it means."""

from typing import Final

from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, StatementError

DATABASE_ERRORS: Final = (SQLAlchemyError, PostgresError, InterfaceError, OSError)
"""While connecting, the driver's own errors come as they are."""

ROW_ERRORS: Final = (*DATABASE_ERRORS, ValueError, TypeError, OverflowError)
"""What writing a row may raise beside: a value that cannot be made into one."""

_STORE_WIDE: Final = ("08", "25", "53", "55", "57", "58")
"""Classes of SQLSTATE that speak of the server: no connection, read-only, out of resources, shutting down."""


def said(error: BaseException) -> str:
    """What the database itself said, in one line: no statement and no parameter, which may hold a user's text."""
    cause = error.orig if isinstance(error, StatementError) else error
    return str(cause).partition("\n")[0]


def is_store_wide(error: BaseException | None) -> bool:
    """Whether the database refused because of its own state (locked, full, away), whatever was to be written."""
    if isinstance(error, OperationalError | OSError | PostgresError | InterfaceError):
        return True
    if not isinstance(error, DBAPIError):
        return isinstance(error, SQLAlchemyError) and not isinstance(error, StatementError)
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(_STORE_WIDE)
