"""A program: Hypothesis drives clients, faults, crashes and the clock over a gateway, and looks for a broken promise.

`python tests/fence/stateful.py 25` tries so many stories, always the same ones; with a second number, others. It ends
with 0 where every one held; one that does not is printed as the steps that lead to it.
"""

from fence.own_time import OwnTimeLoop, stand_still_for  # isort: skip  # before whatever takes a clock at import

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from fence import promises
from fence.clients import ticket
from fence.faultspace import Space
from fence.own_world import LATER, PLATFORMS, Job, Told, World, write_policies
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gateway.records.writer import Writer

LATE_SECONDS = 55.0
FOLDER = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
which_one = st.integers(0, 200)


class Fence(RuleBasedStateMachine):
    """Every client goes on until it has a final answer, unless it hung up for good."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = OwnTimeLoop()
        asyncio.set_event_loop(self.loop)
        self.world = World(FOLDER)
        self.rows: dict[str, promises.Row] = {}
        self.does(self.world.begin())

    def does(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Let the loop do something to its end."""
        return self.loop.run_until_complete(work)

    @rule(
        platform=st.sampled_from(PLATFORMS),
        keyed=st.booleans(),
        later=st.sampled_from(("", "", "queue", "respond-async")),
        patience=st.sampled_from((3.0, 20.0, 70.0)),
        persistent=st.sampled_from((True, True, True, False)),
    )
    def files(self, platform: str, keyed: bool, later: str, patience: float, persistent: bool) -> None:
        """Somebody files a ticket, and asks again as long as need be; some hang up and never come back."""
        title = f"Job {len(self.world.jobs)}"
        headers = {"Idempotency-Key": title} if keyed else {}
        headers |= {"Prefer": later} if later == "respond-async" else {}
        upstream = platform + LATER if later else platform
        self.does(self.world.file(Job(platform, upstream, title, headers, patience, persistent)))

    @rule(platform=st.sampled_from(PLATFORMS), which=which_one, of_creates=st.booleans())
    def goes_wrong(self, platform: str, which: int, of_creates: bool) -> None:
        """One of the next exchanges meets a fault."""
        space = Space(platform, late=LATE_SECONDS, slow=12.0, retry_after=2)
        faults = space.of_creates() if of_creates else space.of_searches()
        self.world.simulated[platform].faults.add(faults[which % len(faults)])

    @rule(seconds=st.sampled_from((0.1, 2.0, 10.0, 40.0, 100.0)))
    def time_passes(self, seconds: float) -> None:
        """Nothing else happens."""
        self.does(asyncio.sleep(seconds))

    @precondition(lambda self: self.world.jobs)
    @rule()
    def crash(self) -> None:
        """The process dies, and another one starts on what it left."""
        self.does(self.world.crash())

    @precondition(lambda self: self.world.keyed(200, 201))
    @rule(which=which_one)
    def comes_again(self, which: int) -> None:
        """Somebody who has a ticket asks once more by the same key."""
        answered = self.world.keyed(200, 201)
        self.does(self.world.ask_again(answered[which % len(answered)]))

    @precondition(lambda self: self.world.keyed(200, 201))
    @rule(which=which_one)
    def means_another(self, which: int) -> None:
        """Somebody uses a key again for something else, which is refused and not sent."""
        answered = self.world.keyed(200, 201)
        job = answered[which % len(answered)]
        told: Told = self.does(self.world.post(job, ticket(job.platform, f"not {job.title}")))
        assert told.status in {0, 422}, f"{job.title}: another body under its key was answered {told.status}"

    @invariant()
    def i1_i2_i5_held_in_every_moment_that_counts(self) -> None:
        """They were looked at whenever a create arrived, and whenever an answer came."""
        if self.world.broken:
            raise self.world.broken[0]

    @invariant()
    def i3_i7_only_the_owner_settles_and_no_row_vanishes(self) -> None:
        """Between the last look and this one."""
        now = self.world.rows()
        promises.i3_only_the_owner_settles(self.rows, now, self.world.alive)
        promises.i7_no_row_vanishes_or_changes_its_end(self.rows, now)
        self.rows, self.world.alive = now, {self.world.life.owner}

    @invariant()
    def i4_every_attempt_carries_the_value_of_its_row(self) -> None:
        """Over all that ever arrived."""
        arrived = [one for each in self.world.simulated.values() for one in each.ledger]
        promises.i4_every_attempt_carries_the_value_of_its_row(arrived, self.world.rows().values())

    @invariant()
    def no_ticket_is_there_twice(self) -> None:
        """What all of it is for."""
        promises.no_ticket_is_there_twice(self.world.books())

    def teardown(self) -> None:
        """Everything ends well: each client has its one ticket, or was refused and there is none."""
        try:
            self.does(self.world.calm_down())
            self.does(self._everybody_asks_again())
            self.i1_i2_i5_held_in_every_moment_that_counts()
            self.i3_i7_only_the_owner_settles_and_no_row_vanishes()
            self.i4_every_attempt_carries_the_value_of_its_row()
            self.no_ticket_is_there_twice()
            promises.everything_came_to_an_end(self.world.rows())
            told = {title: (one.status, one.ticket) for title, one in self.world.told.items()}
            promises.each_has_what_it_was_told_of(told, self.world.books(), self.world.rows())
        finally:
            self.does(self.world.end())
            self.loop.close()

    async def _everybody_asks_again(self) -> None:
        """I6: who got a ticket gets the same bytes; where there was none the key is free."""
        for job in self.world.keyed(200, 201):
            await self.world.ask_again(job)
        for job in self.world.keyed(*range(400, 500)):
            told = await self.world.post(job, ticket(job.platform, job.title))
            assert told.status in {201, 202}, f"{job.title} was refused, and its key is not free: {told}"


def main(stories: int, other: int | None = None) -> None:
    """Try so many; raises what Hypothesis found."""
    stand_still_for(Writer)
    write_policies(FOLDER / "policies")
    tried = settings(
        max_examples=stories,
        stateful_step_count=20,
        deadline=None,
        derandomize=other is None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Fence if other is None else seed(other)(Fence), settings=tried)


if __name__ == "__main__":
    try:
        main(*map(int, sys.argv[1:]))
    finally:
        shutil.rmtree(FOLDER)
    print("every promise held")
