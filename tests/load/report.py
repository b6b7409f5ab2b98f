"""The table: the gateway's figures as ratios to the fewest-lines proxy, each beside its goal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import scenarios
from rich.console import Console
from rich.table import Table
from scenarios import Scenario

GATEWAY, NAIVE = "gateway", "naive FastAPI"
BUSY_SHARE = 0.85
"""A load generator or upstream that uses more of a core than this may itself be what is measured."""


@dataclass(frozen=True)
class Turn:
    """One contestant's round; seconds, megabytes, and shares of a core."""

    per_second: float
    p50: float
    p99: float
    failures: int
    cpu_per_call: float
    grown_mb: float
    generator_share: float
    upstream_share: float


@dataclass(frozen=True)
class Result:
    """A scenario's rounds by contestant; the first is the mark."""

    scenario: Scenario
    turns: Mapping[str, Sequence[Turn]]

    def typical(self, name: str, figure: str) -> float:
        """A contestant's median of one figure."""
        return median(getattr(turn, figure) for turn in self.turns[name])

    def ratio(self, name: str, figure: str = "per_second") -> float:
        """The median of the rounds' ratios to the mark: neighbours in time, so a slow moment slows both."""
        pairs = zip(self.turns[name], self.turns[self.mark], strict=True)
        return median(getattr(turn, figure) / (getattr(mark, figure) or 1e-9) for turn, mark in pairs)

    @property
    def mark(self) -> str:
        """Whom the others are measured against."""
        return next(iter(self.turns))


def print_report(console: Console, results: Sequence[Result], memory: Mapping[str, tuple[float, float]]) -> None:
    """One table, and under it what one must know to believe it."""
    table = Table(title="Ratios to the fewest-lines aiohttp proxy (median of interleaved rounds)")
    table.add_column("", no_wrap=True)
    three = (heading for name in ("gateway", "fewest", "naive") for heading in (name, "p50 / p99 ms"))
    for heading in ("at", "ratio", "goal", "", *three, "ratio"):
        table.add_column(heading, justify="right", no_wrap=True)
    for result in results:
        table.add_row(*_rate(result))
    table.add_section()
    for row in (*_cpu(results), *_memory(results, memory)):
        table.add_row(*row)
    console.print(table)
    for line in _caveats(results):
        console.print(line)


def _rate(result: Result) -> tuple[str, ...]:
    scenario, unit = result.scenario, " MB/s" if result.scenario.streams else "/s"
    ratio = result.ratio(GATEWAY)
    naive: tuple[str, ...] = ()
    if NAIVE in result.turns:
        naive = (*_speed(result, NAIVE, unit), f"{result.ratio(NAIVE):.2f}")
    return (
        scenario.name,
        str(scenario.clients),
        f"{ratio:.2f}",
        *_judged(ratio, scenario.goal, at_least=True),
        *_speed(result, GATEWAY, unit),
        *_speed(result, result.mark, unit),
        *naive,
    )


def _speed(result: Result, name: str, unit: str) -> tuple[str, str]:
    rate, p50, p99 = (result.typical(name, figure) for figure in ("per_second", "p50", "p99"))
    return f"{rate:,.0f}{unit}", "" if result.scenario.streams else f"{p50 * 1000:.1f} / {p99 * 1000:.1f}"


def _cpu(results: Sequence[Result]) -> list[tuple[str, ...]]:
    rows = []
    for result in results:
        if result.scenario.streams or result.scenario.clients != scenarios.CREATES_AT_16.clients:
            continue
        goal = scenarios.CPU_PER_CREATE_GOAL if result.scenario is scenarios.CREATES_AT_16 else None
        used = {name: result.typical(name, "cpu_per_call") * 1e6 for name in result.turns}
        ratio = result.ratio(GATEWAY, "cpu_per_call")
        rows.append(
            (
                f"CPU, {result.scenario.name}",
                str(result.scenario.clients),
                f"{ratio:.2f}",
                *_judged(ratio, goal, at_least=False),
                *(f"{used[GATEWAY]:.0f} µs", ""),
                *(f"{used[result.mark]:.0f} µs", ""),
                *(f"{used[NAIVE]:.0f} µs", "", f"{result.ratio(NAIVE, 'cpu_per_call'):.2f}"),
            )
        )
    return rows


def _memory(results: Sequence[Result], memory: Mapping[str, tuple[float, float]]) -> list[tuple[str, ...]]:
    (idle, loaded), (mark_idle, mark_loaded) = memory[GATEWAY], memory["fewest lines"]
    naive_idle, naive_loaded = memory[NAIVE]
    grown = loaded - idle
    rows: list[tuple[str, ...]] = [
        (
            *("memory, idle", "", f"{idle / mark_idle:.2f}"),
            *_judged(idle / mark_idle, scenarios.IDLE_MEMORY_GOAL, at_least=False),
            *(f"{idle:.0f} MB", "", f"{mark_idle:.0f} MB", ""),
            *(f"{naive_idle:.0f} MB", "", f"{naive_idle / mark_idle:.2f}"),
        ),
        (
            *("memory, under load", "", ""),
            *_judged(grown, scenarios.GROWTH_GOAL_MB, at_least=False),
            *(f"{grown:.1f} MB", "", f"{mark_loaded - mark_idle:.1f} MB", ""),
            f"{naive_loaded - naive_idle:.1f} MB",
        ),
    ]
    for result in results:
        if result.scenario.streams:
            grown = max(turn.grown_mb for turn in result.turns[GATEWAY])
            mark = max(turn.grown_mb for turn in result.turns[result.mark])
            judged = _judged(grown, scenarios.STREAM_GROWTH_GOAL_MB, at_least=False)
            name = f"memory, over {result.scenario.name}"
            rows.append((name, "", "", *judged, f"{grown:.1f} MB", "", f"{mark:.1f} MB"))
    return rows


def _judged(value: float, goal: float | None, *, at_least: bool) -> tuple[str, str]:
    if goal is None:
        return "", ""
    met = value >= goal if at_least else value <= goal
    return f"{'≥' if at_least else '≤'} {goal:g}", "[green]met[/]" if met else "[red]not met[/]"


def _caveats(results: Sequence[Result]) -> list[str]:
    """Failures, and whether anything but the proxies was the bottleneck."""
    told = []
    failed = {
        f"{name}, {result.scenario.name} at {result.scenario.clients}": failures
        for result in results
        for name, turns in result.turns.items()
        if (failures := sum(turn.failures for turn in turns))
    }
    if failed:
        told.append(f"[red]Failed calls[/]: {failed}")
    calls = [result for result in results if not result.scenario.streams]
    for who, figure in (("load generator", "generator_share"), ("upstream", "upstream_share")):
        most = max(result.typical(name, figure) for result in calls for name in result.turns)
        verdict = "was not the bottleneck" if most < BUSY_SHARE else "[red]may have been the bottleneck[/]"
        told.append(f"The {who} used at most {most:.0%} of a core, so it {verdict}.")
    return told
