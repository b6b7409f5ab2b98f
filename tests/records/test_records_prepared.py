"""Statements that are compiled once and take their rows as they are."""

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    select,
    update,
)

from gateway.records.prepared import Prepared
from gateway.records.upsert import insert_once

KEPT = Table("kept", MetaData(), Column("id", String, primary_key=True), Column("n", Integer), Column("story", JSON))
INSERT = Prepared(insert_once(KEPT))
CHANGE = Prepared(update(KEPT).where(KEPT.c.id == bindparam("which")).values(n=bindparam("to")))


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        KEPT.metadata.create_all(connection)
        yield connection
    engine.dispose()


def test_each_row_brings_its_own_values_and_a_document_goes_as_json(connection):
    INSERT.run(connection, [{"id": "a", "n": 1, "story": [{"at": 1.5}]}, {"story": None, "n": 2, "id": "b"}])

    assert connection.execute(select(KEPT)).all() == [("a", 1, [{"at": 1.5}]), ("b", 2, None)]


def test_a_document_that_is_none_is_null_and_not_the_word_null(connection):
    INSERT.run(connection, [{"id": "a", "n": 1, "story": None}])

    assert connection.exec_driver_sql("SELECT count(*) FROM kept WHERE story IS NULL").scalar_one() == 1


def test_rows_of_other_columns_make_a_statement_of_their_own(connection):
    INSERT.run(connection, [{"id": "a", "n": 1}])
    INSERT.run(connection, [{"id": "b", "story": []}])

    assert connection.execute(select(KEPT)).all() == [("a", 1, None), ("b", None, [])]


def test_it_tells_how_many_rows_were_changed(connection):
    INSERT.run(connection, [{"id": "a", "n": 1}, {"id": "b", "n": 1}])

    changed = CHANGE.run(connection, [{"which": "a", "to": 7}, {"to": 8, "which": "nobody"}])

    assert changed == 1
    assert CHANGE.run(connection, []) == 0
