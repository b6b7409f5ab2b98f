"""A process whose time is our own: where nothing is left to do but wait, the clock goes to the end of the wait.

Import this first. Nothing else is changed: sockets are real ones on loopback, the records are a real database, written
by their own thread. Minutes pass in milliseconds.
"""

import asyncio
import selectors
import sys
import time
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from weakref import WeakSet

Done = TypeVar("Done")

START = 1_800_000_000.0
STUCK_SECONDS = 30.0
"""So much real time without any sign of life means that nothing will ever happen any more."""


class OwnClock:
    """Unix seconds and monotonic seconds, moved by the loop alone."""

    def __init__(self) -> None:
        self.passed = 0.0

    def unix(self) -> float:
        """In place of `time.time`."""
        return START + self.passed

    def monotonic(self) -> float:
        """In place of `time.monotonic`."""
        return 1000.0 + self.passed

    def utc(self) -> datetime:
        """As the simulator takes it."""
        return datetime.fromtimestamp(self.unix(), UTC)


CLOCK = OwnClock()
if any(name == "gateway" or name.startswith("gateway.") for name in sys.modules):
    raise ImportError("own_time must be imported before the gateway, which takes its clocks at import")
time.time, time.monotonic = CLOCK.unix, CLOCK.monotonic


@dataclass(slots=True)
class Belongings:
    """What was begun, and which connections were opened, by one of several programs that share the loop."""

    tasks: "WeakSet[asyncio.Task[Any]]" = field(default_factory=WeakSet)
    connections: "WeakSet[asyncio.Transport]" = field(default_factory=WeakSet)
    killed: bool = False

    def kill(self) -> None:
        """Its connections break, and nobody goes on with anything, or begins."""
        self.killed = True
        for connection in tuple(self.connections):
            connection.abort()
        for task in tuple(self.tasks):
            task.cancel()

    def connected(self, connection: asyncio.Transport) -> None:
        """A connection more; whoever is dead accepts none."""
        self.connections.add(connection)
        if self.killed:
            connection.abort()

    def began(self, task: "asyncio.Task[Any]") -> None:
        """A task more."""
        self.tasks.add(task)
        if self.killed:
            task.cancel()


OWNER: ContextVar[Belongings | None] = ContextVar("owner", default=None)
"""Whose everything is that begins in this context, and in what it begins."""


class _Jumping(selectors.DefaultSelector):
    """Waits for sockets only while another thread is at work; else the wait is over at once."""

    elsewhere = 0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is None or self.elsewhere:
            ready = super().select(STUCK_SECONDS)
            if not ready:
                raise RuntimeError("nothing happens any more")
            return ready
        CLOCK.passed += timeout
        return []


class OwnTimeLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits for time to pass."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)
        self.set_task_factory(_owned_task)

    def time(self) -> float:
        """The clock that the whole process has."""
        return CLOCK.monotonic()

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        """A thread of the pool is work elsewhere, too."""
        return self.elsewhere(super().run_in_executor(executor, func, *args))

    def elsewhere(self, awaited: "asyncio.Future[Done]") -> "asyncio.Future[Done]":
        """Until this is done another thread is at work, and time stands still."""
        self._jumping.elsewhere += 1
        awaited.add_done_callback(self._back)
        return awaited

    def _make_socket_transport(self, *arguments: Any, **named: Any) -> Any:
        transport = super()._make_socket_transport(*arguments, **named)  # type: ignore[misc]
        if (owner := OWNER.get()) is not None:
            owner.connected(transport)
        return transport

    def _back(self, _done: object) -> None:
        self._jumping.elsewhere -= 1


def _owned_task(loop: asyncio.AbstractEventLoop, work: Any, **named: Any) -> "asyncio.Task[Any]":
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **named)
    if (owner := OWNER.get()) is not None:
        owner.began(task)
    return task


def stand_still_for(writer: type[Any]) -> None:
    """Let the clock stand still while a writer's own thread is at work."""
    write: Callable[..., asyncio.Future[Any]] = writer.write

    def counted(self: Any, entry: Any) -> "asyncio.Future[Any]":
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnTimeLoop)
        return loop.elsewhere(write(self, entry))

    writer.write = counted


def run(main: Coroutine[Any, Any, Done]) -> Done:
    """Run a program in its own time."""
    with asyncio.Runner(loop_factory=OwnTimeLoop) as runner:
        return runner.run(main)
