"""The gateway beside two other proxies before the same upstream: `make bench`, or `bench.py --quick`.

The contestants take turns, a short round each, so that whatever else the machine does falls on all of them alike; what
is told is the median of the rounds' ratios. Benchmarks judge nothing: the exit code is 0.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from contestants import HERE, ROOT, Contestant, gateway, script, wait_until_it_serves
from report import Result, Turn, print_report
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from scenarios import CALLS, STREAMS, Scenario

STREAM_ROUNDS = 3
WIDTH = 160
SCRATCH = ROOT / ".cache"
"""On the disk that holds the project, because memory would make the journal look fast."""


@dataclass(frozen=True)
class Plan:
    """How long it all takes."""

    rounds: int
    seconds: float


@dataclass(frozen=True)
class Ring:
    """Everyone who takes part; `streaming` stands for the fewest lines where long bodies pass."""

    upstream: Contestant
    fewest: Contestant
    streaming: Contestant
    naive: Contestant
    gateway: Contestant

    def takers(self, scenario: Scenario) -> tuple[Contestant, ...]:
        """Who takes turns; buffering 200 MB is no contest."""
        return (self.streaming, self.gateway) if scenario.streams else (self.fewest, self.gateway, self.naive)


def main() -> None:
    plan = _plan()
    console = Console()
    console.width = max(console.width, WIDTH)
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SCRATCH, prefix="bench-") as folder, _ring(Path(folder)) as ring:
        with _progress(console) as progress:
            task = progress.add_task("", total=_turns(ring, plan))
            results = []
            for scenario in CALLS:
                progress.update(task, description=f"{scenario.name} at {scenario.clients}")
                results.append(_measured(ring, scenario, plan, lambda: progress.advance(task)))
            memory = {each.name: (each.idle_mb, each.memory_mb()) for each in _proxies(ring)}
            for scenario in STREAMS:
                progress.update(task, description=scenario.name)
                rounds = Plan(min(plan.rounds, STREAM_ROUNDS), plan.seconds)
                results.append(_measured(ring, scenario, rounds, lambda: progress.advance(task)))
        print_report(console, results, memory)


def _plan() -> Plan:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: about a minute")
    quick = parser.parse_args().quick
    return Plan(rounds=3, seconds=0.6) if quick else Plan(rounds=5, seconds=1.0)


@contextmanager
def _ring(folder: Path) -> Iterator[Ring]:
    """Start everyone, and end whom we started."""
    with ExitStack() as stack:
        upstream = stack.enter_context(script("upstream", "fake_upstream.py"))
        address = f"http://127.0.0.1:{upstream.port}"
        ring = Ring(
            upstream=upstream,
            fewest=stack.enter_context(script("fewest lines", "fewest_lines.py", address)),
            streaming=stack.enter_context(script("fewest lines, streaming", "fewest_lines_streaming.py", address)),
            naive=stack.enter_context(script("naive FastAPI", "naive_fastapi.py", address)),
            gateway=stack.enter_context(gateway("gateway", upstream, folder)),
        )
        for contestant in _proxies(ring):
            wait_until_it_serves(contestant)
        yield ring


def _proxies(ring: Ring) -> tuple[Contestant, ...]:
    return ring.fewest, ring.streaming, ring.naive, ring.gateway


def _measured(ring: Ring, scenario: Scenario, plan: Plan, advance: Callable[[], None]) -> Result:
    """Everyone's turns, one after the other and again."""
    turns: dict[str, list[Turn]] = {contestant.name: [] for contestant in ring.takers(scenario)}
    for _ in range(plan.rounds):
        for contestant in ring.takers(scenario):
            turns[contestant.name].append(_turn(ring.upstream, contestant, scenario, plan.seconds))
            advance()
    return Result(scenario, turns)


def _turn(upstream: Contestant, contestant: Contestant, scenario: Scenario, seconds: float) -> Turn:
    job = {**scenario.job, "port": contestant.port, "seconds": seconds}
    before, upstream_before, held = contestant.cpu_seconds(), upstream.cpu_seconds(), contestant.memory_mb()
    contestant.forget_peak()
    told = subprocess.run(
        [sys.executable, HERE / "load_generator.py", json.dumps(job)], capture_output=True, check=True, timeout=120
    )
    got = json.loads(told.stdout)
    return Turn(
        per_second=got["per_second"],
        p50=got["p50"],
        p99=got["p99"],
        failures=int(got["failures"]),
        cpu_per_call=(contestant.cpu_seconds() - before) / max(got["calls"], 1),
        grown_mb=contestant.peak_mb() - held,
        generator_share=got["own_cpu_share"],
        upstream_share=(upstream.cpu_seconds() - upstream_before) / (got["p50"] if scenario.streams else seconds),
    )


def _turns(ring: Ring, plan: Plan) -> int:
    streams = len(STREAMS) * min(plan.rounds, STREAM_ROUNDS) * len(ring.takers(STREAMS[0]))
    return len(CALLS) * plan.rounds * len(ring.takers(CALLS[0])) + streams


def _progress(console: Console) -> Progress:
    shown = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    return Progress(*shown, console=console, transient=True)


if __name__ == "__main__":
    main()
