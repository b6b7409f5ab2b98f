"""Statements compiled once, their rows handed to the driver as they are: SQLAlchemy would bind each value anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect, Select, UpdateBase
from sqlalchemy.sql.compiler import SQLCompiler

from gateway.domain.frozen import frozen
from gateway.records.upsert import Spelled, is_postgresql

Parameters: TypeAlias = tuple[Any, ...]
"""The values of one row, in the order of the statement's `names`; documents as JSON text."""


@frozen
class _Way:
    """One statement in the words of one driver; `ordered` puts a row as the text asks, None where it stands so."""

    text: str
    ordered: Callable[[Parameters], Parameters] | None

    def parameters(self, rows: Sequence[Parameters]) -> Sequence[Parameters]:
        return rows if self.ordered is None else [self.ordered(row) for row in rows]


@frozen
class Question:
    """A query that is asked all the time and has an answer next to never."""

    query: Select[Any]
    names: tuple[str, ...]
    _ways: dict[str, _Way] = field(default_factory=dict)

    def has_answer(self, connection: Connection, *values: Any) -> bool:
        """Whether it finds anything."""
        way = _way(self._ways, connection.dialect, self.query, self.names)
        (row,) = way.parameters([values])
        if is_postgresql(connection):
            return connection.exec_driver_sql(way.text, row).first() is not None
        return _driver(connection).execute(way.text, row).fetchone() is not None


@frozen
class Prepared:
    """A statement whose rows are tuples of values for its `names`."""

    statement: UpdateBase | Spelled
    names: tuple[str, ...]
    _ways: dict[str, _Way] = field(default_factory=dict)

    def run(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Run it for every row given."""
        if not rows:
            return
        way = _way(self._ways, connection.dialect, self.statement, self.names)
        if is_postgresql(connection):
            connection.exec_driver_sql(way.text, list(way.parameters(rows)))
        else:
            _driver(connection).executemany(way.text, way.parameters(rows))

    def count(self, connection: Connection, rows: Sequence[Parameters]) -> int:
        """Run it for every row given; how many rows of the table it changed. PostgreSQL tells that of one at a time."""
        if not rows:
            return 0
        way = _way(self._ways, connection.dialect, self.statement, self.names)
        if is_postgresql(connection):
            return sum(connection.exec_driver_sql(way.text, row).rowcount for row in way.parameters(rows))
        return int(_driver(connection).executemany(way.text, way.parameters(rows)).rowcount)


def _driver(connection: Connection) -> Any:
    """SQLite's own connection: asked by way of SQLAlchemy, a short statement takes twice as long."""
    return connection.connection.dbapi_connection


def _way(
    ways: dict[str, _Way], dialect: Dialect, statement: UpdateBase | Spelled | Select[Any], names: tuple[str, ...]
) -> _Way:
    way = ways.get(dialect.name)
    if way is None:
        spelled = statement[dialect.name] if isinstance(statement, Mapping) else statement
        way = ways[dialect.name] = _compiled(spelled, dialect, names)
    return way


def _compiled(statement: UpdateBase | Select[Any], dialect: Dialect, names: tuple[str, ...]) -> _Way:
    compiled = statement.compile(dialect=dialect, column_keys=list(names) if statement.is_insert else None)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101  # what else a dialect makes of a statement
    asked = tuple(compiled.positiontup or ())
    return _Way(str(compiled), None if asked == names else itemgetter(*map(names.index, asked)))
