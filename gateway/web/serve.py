"""The life of a gateway process: load, open, serve, drain."""

import asyncio
import gc
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from gateway.config.address import HostPort
from gateway.config.load import Loaded, load
from gateway.config.watch import RulesWatch
from gateway.domain.fault import Fault, StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.outbox.recovery import recover
from gateway.policy.rules import Rules
from gateway.records.records import Records, keep_leases, keep_sweeping
from gateway.records.upkeep import Retention, Swept
from gateway.telemetry.log import Log, configure_logging
from gateway.telemetry.logger import Logger
from gateway.web.app import Gateway, wired
from gateway.web.background import Work, in_background
from gateway.web.keys import BROADCAST
from gateway.web.lines import Surroundings
from gateway.web.listeners import listening
from gateway.web.unwatched import tell_depth

DESCRIPTORS = 65_536


@frozen
class Running:
    """A gateway that serves; `bound` says where each listener is."""

    gateway: Gateway
    bound: Mapping[str, HostPort]
    watch: RulesWatch


@asynccontextmanager
async def running(
    config_file: Path, policies_dir: Path, environ: Mapping[str, str], log: Log
) -> AsyncIterator[Running]:
    """Load, open and serve; at the end drain. Raises ConfigError, StoreUnavailable and OSError at the start."""
    loaded = load(config_file, policies_dir, environ)
    watch = RulesWatch(loaded, config_file, policies_dir, environ)
    around = Surroundings(loaded.settings, lambda: watch.current, environ, log)
    async with wired(around) as gateway, listening(gateway, loaded.settings) as bound:
        watch.on_change = _on_change(log.logger, gateway)
        _tell_start(log.logger, loaded, bound, gateway.records)
        sweep = partial(_sweep, gateway.records, loaded, log.logger)
        async with in_background(watch.run, sweep, *_unwatched_work(gateway, log.logger)):
            yield Running(gateway, bound, watch)
        log.logger.info("gateway draining")
    log.logger.info("gateway stopped")


async def serve(config_file: Path, policies_dir: Path, *, log_level: str = "info") -> None:
    """Serve until SIGTERM or SIGINT."""
    log = configure_logging(log_level, sys.stdout)
    try:
        _allow_descriptors()
        async with running(config_file, policies_dir, os.environ, log):
            _settle_memory()
            await told_to_stop()
    finally:
        log.close()


def _allow_descriptors() -> None:
    """Each connection takes one; the system's first offer is often less than it would grant."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _settle_memory() -> None:
    """What was made until now stays: the collector need not look at it again, which cuts the longest waits."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


async def told_to_stop() -> None:
    """Wait for SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


def _on_change(logger: Logger, gateway: Gateway) -> Callable[[Rules, tuple[Fault, ...]], None]:
    def told(rules: Rules, faults: tuple[Fault, ...]) -> None:
        gateway.metrics.reloaded(rules)
        gateway.api[BROADCAST].reloaded(rules, faults)
        if faults:
            logger.error("edit not in force", version=rules.version, faults=[str(fault) for fault in faults])
        else:
            logger.info("rules in force", version=rules.version, policies=len(rules.policies))

    return told


def _tell_start(logger: Logger, loaded: Loaded, bound: dict[str, HostPort], records: Records) -> None:
    addresses = {name: str(address) for name, address in bound.items()}
    logger.info("gateway serving", listeners=addresses, rules=loaded.rules.version, policies=len(loaded.rules.policies))
    if records.left_open:
        logger.warning("calls left open", count=records.left_open, shown_as="unconfirmed")


def _unwatched_work(gateway: Gateway, logger: Logger) -> tuple[Work, ...]:
    """Hold this process's rows, take over what others left, deliver what waits, compare with the platforms."""
    unwatched = gateway.unwatched

    def told(unavailable: StoreUnavailable) -> None:
        logger.error("records not reached", error=str(unavailable))

    return (
        partial(keep_leases, gateway.records, told),
        partial(recover, gateway.records.journal, unwatched.ports, unwatched.settler, told),
        unwatched.flights.watch,
        partial(tell_depth, gateway.records, gateway.metrics, told),
        unwatched.worker.run,
        unwatched.sweeper.run,
        unwatched.tracker.watch,
        unwatched.tracker.poll,
        unwatched.proofreader.watch,
    )


async def _sweep(records: Records, loaded: Loaded, logger: Logger) -> None:
    days = loaded.settings.store.retention_days

    def told(swept: Swept | StoreUnavailable) -> None:
        if isinstance(swept, StoreUnavailable):
            logger.error("records not swept", error=str(swept))

    await keep_sweeping(records, Retention(days.calls, days.tickets, loaded.settings.outbox.max_age_hours), told)
