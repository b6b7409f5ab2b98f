"""The rules in force: read again when a file changes, swapped as one value, and kept when the edit is faulty."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from watchfiles import awatch

from gateway.config.excerpt import with_excerpts
from gateway.config.files import read_files
from gateway.config.load import Loaded, compile_files
from gateway.config.restart import restart_notes
from gateway.domain.fault import ConfigError, Fault
from gateway.policy.rules import Rules, UpstreamRules

POLL_SECONDS = 3.0
"""Notices what the system does not report: network mounts, and Kubernetes swapping a folder's link."""

OnChange = Callable[[Rules, tuple[Fault, ...]], None]


class RulesWatch:
    """Holds the rules in force. `current` is one attribute read; calls in flight keep what they have read."""

    def __init__(self, loaded: Loaded, config_file: Path, policies_dir: Path, environ: Mapping[str, str]) -> None:
        self.current: Rules = loaded.rules
        self.on_change: OnChange = _tell_nobody
        self._started = loaded
        self._config_file = config_file
        self._policies_dir = policies_dir
        self._environ = dict(environ)
        self._seen = loaded.digest
        self._stopped = asyncio.Event()
        self._nudge = asyncio.Event()

    def stop(self) -> None:
        """Let `run` end soon."""
        self._stopped.set()
        self._nudge.set()

    async def run(self, poll_seconds: float = POLL_SECONDS) -> None:
        """Follow the files until stopped; all reading and compiling happens off the event loop."""
        listener = asyncio.create_task(self._listen())
        try:
            while not self._stopped.is_set():
                await self._nudged(poll_seconds)
                await self.reload()
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def reload(self) -> bool:
        """Read everything again and, where it is without fault, put it in force; whether anything had changed."""
        files = await asyncio.to_thread(read_files, self._config_file, self._policies_dir)
        if files.digest == self._seen:
            return False
        try:
            loaded = await asyncio.to_thread(compile_files, files, self._environ)
        except ConfigError as error:
            self.current = replace(self.current, faults=with_excerpts(error.faults, files.policies))
        else:
            self.current = self._in_force(loaded)
        self._seen = files.digest
        self.on_change(self.current, self.current.faults)
        return True

    def _in_force(self, loaded: Loaded) -> Rules:
        """The new rules; upstreams themselves come and go with a restart only."""
        upstreams: dict[str, UpstreamRules] = dict(loaded.rules.upstreams)
        for name, started in self._started.rules.upstreams.items():
            now = upstreams.get(name)
            upstreams[name] = now if now and now.platform is started.platform else started
        return replace(loaded.rules, upstreams=upstreams, faults=restart_notes(self._started, loaded))

    async def _nudged(self, poll_seconds: float) -> None:
        try:
            async with asyncio.timeout(poll_seconds):
                await self._nudge.wait()
        except TimeoutError:
            return
        if not self._stopped.is_set():
            self._nudge.clear()

    async def _listen(self) -> None:
        """The system's own word that something changed: faster than the poll, but not to be relied on.

        The config is watched as a file: the database may lie in its folder, and would wake us with every commit.
        """
        places = {self._config_file.resolve(), self._policies_dir.resolve()}
        try:
            async for _ in awatch(*places, debounce=200, step=50, stop_event=self._stopped):
                self._nudge.set()
        except (OSError, RuntimeError):
            return


def _tell_nobody(_rules: Rules, _faults: tuple[Fault, ...]) -> None:
    return
