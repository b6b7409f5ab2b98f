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

from gateway.records.prepared import Prepared, Question
from gateway.records.upsert import insert_once

KEPT = Table("kept", MetaData(), Column("id", String, primary_key=True), Column("n", Integer), Column("story", JSON))
INSERT = Prepared(insert_once(KEPT), ("story", "id", "n"))
CHANGE = Prepared(update(KEPT).where(KEPT.c.id == bindparam("which")).values(n=bindparam("to")), ("which", "to"))
ANY = Question(select(KEPT.c.id).where(KEPT.c.n > bindparam("n")), ("n",))


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        KEPT.metadata.create_all(connection)
        yield connection
    engine.dispose()


def test_each_value_goes_where_its_name_stands(connection):
    INSERT.run(connection, [('[{"at": 1.5}]', "a", 1), (None, "b", 2)])

    assert connection.execute(select(KEPT)).all() == [("a", 1, [{"at": 1.5}]), ("b", 2, None)]


def test_names_that_stand_as_the_statement_asks_for_them_do_as_well(connection):
    Prepared(insert_once(KEPT), ("id", "n")).run(connection, [("a", 1), ("b", 2)])

    assert connection.execute(select(KEPT)).all() == [("a", 1, None), ("b", 2, None)]


def test_it_tells_how_many_rows_were_changed(connection):
    INSERT.run(connection, [(None, "a", 1), (None, "b", 1)])

    changed = CHANGE.count(connection, [("a", 7), ("nobody", 8)])

    assert changed == 1
    assert CHANGE.count(connection, []) == 0


def test_a_question_is_answered_by_yes_or_no(connection):
    INSERT.run(connection, [(None, "a", 1)])

    assert ANY.has_answer(connection, 0)
    assert not ANY.has_answer(connection, 1)
