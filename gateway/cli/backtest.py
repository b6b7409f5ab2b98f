"""`backtest`: today's policy files over the calls on record; nothing is sent, nothing is written."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.loading import load_to_look
from gateway.cli.options import DEFAULT_CONFIG, DEFAULT_POLICIES, ConfigFile, Format, OutputFormat, PoliciesDir
from gateway.cli.stop import FAULTS, stop

if TYPE_CHECKING:
    from gateway.cli.show_backtest import Backtested
    from gateway.config.load import Loaded
    from gateway.pipeline.backtest import Recorded
    from gateway.records.reports import Reports

AT_ONCE = 200

Since = Annotated[str, typer.Option("--since", metavar="TIME", help="How far back: 30m, 12h, 7d …")]


def backtest(
    since: Since = "7d",
    config: ConfigFile = DEFAULT_CONFIG,
    policies: PoliciesDir = DEFAULT_POLICIES,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Tell what today's policy files would newly refuse, warn of or change in the calls on record. Nothing is sent.

    It compares the calls whose bodies are kept: a day's worth, and where a policy says `record: request` as many as the
    records hold. It may run beside a serving gateway, before an edit is put in force: name the edited folder.

    Exit code 0: nothing would newly be refused; 1: something would, or the files have faults; 2: cannot run.

    Example: `itsm-gateway backtest --since 1d --policies policies-next`
    """
    import asyncio  # noqa: PLC0415 (heavy: only for commands that need it)

    from gateway.cli.show_backtest import show  # noqa: PLC0415
    from gateway.domain.fault import StoreUnavailable  # noqa: PLC0415

    seconds = _seconds(since)
    loaded = load_to_look(config, policies)
    try:
        result = asyncio.run(_compared(loaded, seconds))
    except StoreUnavailable as error:
        stop(str(error))
    show(result, output)
    if result.refused:
        raise typer.Exit(FAULTS)


async def _compared(loaded: "Loaded", seconds: float) -> "Backtested":
    import time  # noqa: PLC0415 (heavy: only for commands that need it)

    from gateway.cli.progress import counting  # noqa: PLC0415
    from gateway.cli.show_backtest import Backtested  # noqa: PLC0415
    from gateway.pipeline.backtest import backtest as compare  # noqa: PLC0415
    from gateway.platforms.registry import PLATFORMS  # noqa: PLC0415

    since = time.time() - seconds
    reports = _reports(loaded.settings.store.url)
    try:
        kept = await reports.count_recorded(since)
        found, elsewhere = [], 0
        with counting("comparing calls", kept.bodies) as counted:
            async for each in _recorded(reports, since):
                upstream = loaded.rules.upstreams.get(each.stored.call.upstream)
                elsewhere += upstream is None
                if upstream and (difference := compare(each, loaded.rules, PLATFORMS[upstream.platform])):
                    found.append(difference)
                counted()
    finally:
        await reports.close()
    return Backtested(since, kept.calls, kept.bodies, elsewhere, tuple(found))


async def _recorded(reports: "Reports", since: float) -> AsyncIterator["Recorded"]:
    """Page by page: a week of calls need not fit into memory."""
    from gateway.records.record import Position  # noqa: PLC0415 (heavy: only for commands that need it)

    after = None
    while page := await reports.recorded(since, after, AT_ONCE):
        for each in page:
            yield each
        last = page[-1].stored.call
        after = Position(last.received_at, last.id)


def _reports(url: str) -> "Reports":
    """Readers alone, so that a gateway may be serving; raises StoreUnavailable."""
    from gateway.records.location import DatabaseFile, place_of  # noqa: PLC0415 (heavy: only for commands that need it)
    from gateway.records.reports import Reports  # noqa: PLC0415

    place = place_of(url)
    if isinstance(place, DatabaseFile) and not place.file.is_file():
        stop(f"{place.file}: there are no records yet; run it where the gateway runs, or set store.url")
    return Reports(place)


def _seconds(since: str) -> float:
    from gateway.policy.durations import of_text  # noqa: PLC0415 (heavy: only for commands that need it)

    seconds = of_text(since)
    if seconds is None:
        stop(f"--since {since!r} is no length of time: write a number and s, m, h or d, such as 7d")
    return seconds
