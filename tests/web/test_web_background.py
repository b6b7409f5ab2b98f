"""Background work that meets a bug is begun again, and somebody hears of it."""

import asyncio
import logging

from gateway.web.background import in_background


async def test_work_that_fails_is_told_and_begun_again(caplog):
    begun = 0
    third = asyncio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise KeyError("a bug")
        third.set()
        await asyncio.sleep(60)

    async with in_background(work, pause_seconds=0.001):
        await asyncio.wait_for(third.wait(), 5)

    failures = [record for record in caplog.records if record.getMessage() == "background work failed"]
    assert (begun, len(failures)) == (3, 2)
    assert all(record.levelno == logging.ERROR and record.exc_info for record in failures)
    assert all(record.work.endswith("<locals>.work") for record in failures)


async def test_what_fails_leaves_other_work_alone():
    went_on = asyncio.Event()

    async def fails() -> None:
        raise ValueError("a bug")

    async def goes_on() -> None:
        await asyncio.sleep(0.01)
        went_on.set()

    async with in_background(fails, goes_on, pause_seconds=0.001):
        await asyncio.wait_for(went_on.wait(), 5)


async def test_work_ends_with_the_context():
    ended = False

    async def work() -> None:
        nonlocal ended
        try:
            await asyncio.sleep(60)
        finally:
            ended = True

    async with in_background(work):
        await asyncio.sleep(0)

    assert ended
