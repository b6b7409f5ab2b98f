"""Statements that each database spells in its own way."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, UpdateBase
from sqlalchemy.dialects import postgresql, sqlite

POSTGRESQL = "postgresql"

_INSERT: Final[Mapping[str, Callable[[Table], sqlite.Insert | postgresql.Insert]]] = {
    "sqlite": sqlite.insert,
    POSTGRESQL: postgresql.insert,
}


Spelled: TypeAlias = Mapping[str, UpdateBase]
"""One statement as each dialect spells it, by the dialect's name."""


def insert_once(table: Table) -> Spelled:
    """Per dialect: insert a row, or do nothing where one of its unique values is there already."""
    return {name: insert(table).on_conflict_do_nothing() for name, insert in _INSERT.items()}


def insert_or_change(table: Table, changes: Mapping[str, ColumnElement[object] | None]) -> Spelled:
    """Per dialect: insert a row, or change these columns of the one with its primary key; None takes the new value."""
    made: dict[str, UpdateBase] = {}
    for name, insert in _INSERT.items():
        given = insert(table)
        told = {column: given.excluded[column] if to is None else to for column, to in changes.items()}
        made[name] = given.on_conflict_do_update(index_elements=[*table.primary_key], set_=told)
    return made


def is_postgresql(connection: Connection) -> bool:
    """Whether other processes may be writing to the same tables."""
    return connection.dialect.name == POSTGRESQL
