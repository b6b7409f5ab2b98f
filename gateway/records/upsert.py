"""Statements that each database spells in its own way."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, UpdateBase

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

POSTGRESQL = "postgresql"

Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"


class Spelled(dict[str, UpdateBase]):
    """One statement as each dialect spells it, by the dialect's name; spelt when it is first asked for."""

    def __init__(self, spell: Callable[[Callable[[Table], Insert]], UpdateBase]) -> None:
        super().__init__()
        self._spell = spell

    def __missing__(self, dialect: str) -> UpdateBase:
        """Spell it."""
        made = self[dialect] = self._spell(_insert_of(dialect))
        return made


def insert_once(table: Table) -> Spelled:
    """Insert a row, or do nothing where one of its unique values is there already."""
    return Spelled(lambda insert: insert(table).on_conflict_do_nothing())


def insert_or_change(table: Table, changes: Mapping[str, ColumnElement[object] | None]) -> Spelled:
    """Insert a row, or change these columns of the one with its primary key; None takes the new value."""

    def spell(insert: Callable[[Table], Insert]) -> UpdateBase:
        given = insert(table)
        told = {column: given.excluded[column] if to is None else to for column, to in changes.items()}
        return given.on_conflict_do_update(index_elements=[*table.primary_key], set_=told)

    return Spelled(spell)


def _insert_of(dialect: str) -> Callable[[Table], Insert]:
    """A dialect that nobody uses is not loaded."""
    module = import_module(f"sqlalchemy.dialects.{dialect}")
    insert: Callable[[Table], Insert] = module.insert
    return insert


def insert_or_add(table: Table, counts: Sequence[str]) -> Spelled:
    """Insert a row, or add its counts to those of the row with its primary key."""

    def spell(insert: Callable[[Table], Insert]) -> UpdateBase:
        given = insert(table)
        added = {column: table.c[column] + given.excluded[column] for column in counts}
        return given.on_conflict_do_update(index_elements=[*table.primary_key], set_=added)

    return Spelled(spell)


def is_postgresql(connection: Connection) -> bool:
    """Whether other processes may be writing to the same tables."""
    return connection.dialect.name == POSTGRESQL
