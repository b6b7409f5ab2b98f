"""Statements compiled once, their rows handed to the driver as they are: SQLAlchemy would bind each value anew."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import JSON, Connection, Dialect, Select, UpdateBase
from sqlalchemy.sql.compiler import SQLCompiler

from gateway.domain.frozen import frozen
from gateway.records.rows import Row
from gateway.records.upsert import Spelled

Parameters: TypeAlias = tuple[Any, ...]


@frozen
class _Way:
    """One statement in the words of one driver; the values at `documents` go as JSON, all others as they are."""

    text: str
    values: Callable[[Row], Parameters]
    documents: frozenset[int]

    def parameters(self, row: Row) -> Parameters:
        given = self.values(row)
        if not self.documents:
            return given
        return tuple([_json(value) if place in self.documents else value for place, value in enumerate(given)])


@frozen
class Question:
    """A query that is asked all the time and has an answer next to never; its parameters are all of a row's values."""

    query: Select[Any]
    _ways: dict[str, _Way] = field(default_factory=dict)

    def has_answer(self, connection: Connection, row: Row) -> bool:
        """Whether it finds anything."""
        dialect = connection.dialect
        way = self._ways.get(dialect.name)
        if way is None:
            way = self._ways[dialect.name] = _compiled(self.query, dialect, list(row))
        return connection.exec_driver_sql(way.text, way.parameters(row)).first() is not None


@frozen
class Prepared:
    """A statement whose parameters are all its rows' values; the rows are all of the same columns."""

    statement: UpdateBase | Spelled
    _ways: dict[tuple[str, ...], _Way] = field(default_factory=dict)

    def run(self, connection: Connection, given: Iterable[Row]) -> int:
        """Run it for every row given; how many rows of the table it changed."""
        rows = list(given)
        if not rows:
            return 0
        way = self._way(connection.dialect, rows[0])
        parameters = [way.parameters(row) for row in rows]
        return connection.exec_driver_sql(way.text, parameters[0] if len(rows) == 1 else parameters).rowcount

    def _way(self, dialect: Dialect, row: Row) -> _Way:
        key = (dialect.name, *row)
        way = self._ways.get(key)
        if way is None:
            way = self._ways[key] = _compiled(self._spelled(dialect), dialect, list(row))
        return way

    def _spelled(self, dialect: Dialect) -> UpdateBase:
        return self.statement[dialect.name] if isinstance(self.statement, Mapping) else self.statement


def _compiled(statement: UpdateBase | Select[Any], dialect: Dialect, columns: list[str]) -> _Way:
    compiled = statement.compile(dialect=dialect, column_keys=columns if statement.is_insert else None)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101  # what else a dialect makes of a statement
    names = compiled.positiontup or []
    kinds = [compiled.binds[name].type for name in names]
    documents = frozenset(place for place, kind in enumerate(kinds) if isinstance(kind, JSON))
    values = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    return _Way(str(compiled), values, documents)


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value)
