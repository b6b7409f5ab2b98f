"""What waits is found among a million calls that do not: through the small index over open rows alone."""

import sqlite3
from contextlib import closing

from sqlalchemy import event

from gateway.records import Records
from gateway.records.record import Window


async def test_a_page_of_the_outbox_never_walks_through_closed_calls(file):
    records = await Records.open(f"sqlite+aiosqlite:///{file}")
    asked = []
    engine = records.reports._engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))

    await records.reports.outbox(Window(), 10)

    await records.close()
    statement, parameters = next(each for each in asked if "itsm_gateway_calls" in each[0])
    with closing(sqlite3.connect(file)) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any("itsm_gateway_calls_open" in step for step in plan), plan
