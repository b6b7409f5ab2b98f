"""What a database raises, and what it means."""

import re
import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, StatementError

DATABASE_ERRORS: Final = (SQLAlchemyError, sqlite3.Error, OSError)
"""SQLite's own come from the statements that it is handed directly; a connection that fails is an OSError anywhere."""

ROW_ERRORS: Final = (*DATABASE_ERRORS, ValueError, TypeError, OverflowError)
"""What writing a row may raise beside: a value that cannot be made into one."""

_STORE_WIDE: Final = ("08", "25", "53", "55", "57", "58")
"""Classes of SQLSTATE that speak of the server: no connection, read-only, out of resources, shutting down."""


_TYPE: Final = re.compile(r"^<class '[^']*'>: ")
_VALUE: Final = re.compile(r"(invalid input for query argument \$\d+): .*")
"""What SQLAlchemy and asyncpg put around: the name of a class, and the very value that did not fit."""


def said(error: BaseException) -> str:
    """What the database itself said, in one line: no statement and no parameter, which may hold a user's text."""
    cause = error.orig if isinstance(error, StatementError) else error
    line = _TYPE.sub("", str(cause).partition("\n")[0])
    return _VALUE.sub(r"\1", line)


def is_store_wide(error: BaseException | None) -> bool:
    """Whether the database refused because of its own state (locked, full, away), whatever was to be written."""
    if isinstance(error, OperationalError | sqlite3.OperationalError | OSError):
        return True
    if not isinstance(error, DBAPIError):
        return isinstance(error, SQLAlchemyError) and not isinstance(error, StatementError)
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(_STORE_WIDE)
