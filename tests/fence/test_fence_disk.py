"""Seen by strace: what is promised is synced to disk before the upstream, or the client, gets its first byte."""

import asyncio
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fence.clients import CREATE_PATHS, ticket
from fence.crash import configured, served
from fence.gateways import SECRET, fleet

from gateway.simulator import CREATES, SimulatedServiceNow, refused

CALLS = "trace=fsync,fdatasync,write,pwrite64,sendto,sendmsg,writev"
QUEUEING = "name: q\nplatform: servicenow\nmatch: {path: /api/now/table/incident}\non_unavailable: queue\n"
_ENDED = re.compile(r"^(?P<pid>\d+) +(?:<\.\.\. )?(?P<call>\w+)(?P<rest>.*) = (?P<result>\d+)$")
_BEGUN = re.compile(r"^(?P<pid>\d+) +(?P<call>\w+)\((?P<rest>.*) <unfinished \.\.\.>$")


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that the kernel did: `wrote` the database, `synced` it, or `sent` the bytes in `text`."""

    what: str
    text: str


def test_strace_is_there():
    assert shutil.which("strace"), "the order of syncs is seen by strace: run `make test`, which installs it"


async def test_a_create_is_synced_before_its_first_byte_leaves_and_before_its_caller_is_told(tmp_path: Path):
    seen = await traced(tmp_path, SimulatedServiceNow(credentials=("gateway", SECRET)), status=201)

    assert on_disk_before(seen, "POST /api/now/table/incident")
    assert on_disk_before(seen, "HTTP/1.1 201")
    assert syncs_between(seen, "POST /api/now/table/incident", "HTTP/1.1 201") >= 1


async def test_a_retry_is_synced_before_it_leaves(tmp_path: Path):
    faults = [refused(429).on(CREATES)]

    seen = await traced(tmp_path, SimulatedServiceNow(credentials=("gateway", SECRET), faults=faults), status=201)

    first, second = [place for place, one in enumerate(seen) if "POST /api/now/table" in one.text and is_sent(one)]
    assert [one.what for one in seen[first:second]].count("synced") >= 1
    assert on_disk_before(seen[first + 1 :], "POST /api/now/table/incident")


async def test_a_queued_create_is_synced_before_its_caller_is_told(tmp_path: Path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "q.yaml").write_text(QUEUEING)
    simulated = SimulatedServiceNow(credentials=("gateway", SECRET))
    simulated.faults.every(1, refused(503).on(CREATES))

    seen = await traced(tmp_path, simulated, status=202, policies=tmp_path / "policies")

    assert on_disk_before(seen, "HTTP/1.1 202")


async def traced(folder: Path, simulated: SimulatedServiceNow, *, status: int, **policies: Any) -> list[Seen]:
    """What the kernel did for one create, in the order in which it was done."""
    trace = folder / "trace"
    strace = ("strace", "-D", "-f", "-y", "-s", "60", "-e", CALLS, "-o", str(trace))
    async with served({"servicenow": simulated}) as addresses, fleet(folder) as gateways:
        config = configured(addresses, f"sqlite+aiosqlite:///{folder / 'gateway.db'}")
        replica = await gateways.add(config, command=strace, **policies)
        url = replica.address("servicenow") + CREATE_PATHS["servicenow"]
        async with gateways.session.post(url, json=ticket("servicenow", "Disk full")) as response:
            assert response.status == status, await response.text()
        await replica.stop()
        async with asyncio.timeout(10):
            while not re.search(rf"(?m)^{replica.pid} +\+\+\+", trace.read_text()):  # noqa: ASYNC110  # it writes on
                await asyncio.sleep(0.02)
    return read(trace.read_text().splitlines())


def read(lines: Sequence[str]) -> list[Seen]:
    """A sync counts when it has ended, a send when it has begun."""
    begun: dict[str, str] = {}
    seen = []
    for line in lines:
        if (match := _BEGUN.match(line)) is not None:
            begun[match["pid"]] = match["rest"]
            if match["call"] in {"sendto", "sendmsg", "writev"}:
                seen.append(Seen("sent", match["rest"]))
        elif (match := _ENDED.match(line)) is not None:
            seen += told(match["call"], begun.pop(match["pid"], None), match["rest"])
    return seen


def told(call: str, begun: str | None, rest: str) -> list[Seen]:
    """What a call that has ended did; one that was seen to begin was counted then, if it sends."""
    text = begun if begun is not None else rest
    if call in {"fsync", "fdatasync"}:
        return [Seen("synced", text)] if "gateway.db" in text else []
    if call in {"sendto", "sendmsg", "writev"}:
        return [] if begun is not None else [Seen("sent", text)]
    return [Seen("wrote", text)] if "gateway.db-wal" in text else []


def is_sent(one: Seen) -> bool:
    return one.what == "sent"


def on_disk_before(seen: Sequence[Seen], text: str) -> bool:
    """Whether the last thing done to the log before these bytes went out was a sync, and there was one."""
    place = next(place for place, one in enumerate(seen) if is_sent(one) and text in one.text)
    last = [one.what for one in seen[:place] if one.what in {"wrote", "synced"}][-1:]
    return last == ["synced"]


def syncs_between(seen: Sequence[Seen], first: str, last: str) -> int:
    """How often the log was synced between the sending of two things."""
    sent = [place for place, one in enumerate(seen) if is_sent(one) and (first in one.text or last in one.text)]
    return [one.what for one in seen[sent[0] : sent[1]]].count("synced")


def test_a_trace_in_which_nothing_is_synced_shows_it():
    lines = [
        '7 pwrite64(9</x/gateway.db-wal>, "..."..., 4096, 0) = 4096',
        '7 sendto(12<socket:[1]>, "POST /api/now/table/incident HTTP"..., 300, 0, NULL, 0) = 300',
        "7 fdatasync(9</x/gateway.db-wal>) = 0",
    ]

    assert not on_disk_before(read(lines), "POST /api/now/table/incident")


@pytest.mark.parametrize("other", ["8 fdatasync(9</x/other>) = 0", "8 fdatasync(9</x/gateway.db-wal> <unfinished ...>"])
def test_a_sync_of_something_else_or_one_that_has_not_ended_does_not_count(other: str):
    lines = [
        '7 pwrite64(9</x/gateway.db-wal>, "..."..., 4096, 0) = 4096',
        other,
        '7 sendto(12<socket:[1]>, "POST /api/now/table/incident HTTP"..., 300, 0, NULL, 0) = 300',
    ]

    assert not on_disk_before(read(lines), "POST /api/now/table/incident")
