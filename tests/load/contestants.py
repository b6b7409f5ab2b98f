"""The programs in the ring, each a process of its own on a port that the system chose."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
START_SECONDS = 30.0
STOP_SECONDS = 15.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Contestant:
    """A running process, and what the system says of it; `idle_mb` is its memory before it was asked anything."""

    name: str
    process: "subprocess.Popen[bytes]"
    port: int
    idle_mb: float = field(default=0.0)

    def cpu_seconds(self) -> float:
        """User and system time of all its threads."""
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mb(self) -> float:
        """What it holds in memory now."""
        return self._status("VmRSS")

    def peak_mb(self) -> float:
        """The most it has held since `forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Measure the peak from here on."""
        (self._proc / "clear_refs").write_text("5")

    @property
    def _proc(self) -> Path:
        return Path("/proc") / str(self.process.pid)

    def _status(self, name: str) -> float:
        lines = (self._proc / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


@contextmanager
def script(name: str, file: str, *arguments: str) -> Iterator[Contestant]:
    """One of the small servers beside this file; it is handed a socket that listens already."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        handed = str(listening.fileno())
        process = subprocess.Popen([sys.executable, HERE / file, handed, *arguments], pass_fds=[listening.fileno()])
        port = listening.getsockname()[1]
    with _ended_at_last(process):
        yield Contestant(name, process, port)


@contextmanager
def gateway(name: str, upstream: Contestant, folder: Path) -> Iterator[Contestant]:
    """The gateway as it ships: its incident policy, fenced creates, a journal synced to disk, a log in a file."""
    config, log = folder / "config.json", folder / "gateway.log"
    config.write_text(
        json.dumps(
            {
                "listen": {"proxy": "127.0.0.1:0", "api": "127.0.0.1:0"},
                "upstreams": {
                    "servicenow": {
                        "platform": "servicenow",
                        "base_url": f"http://127.0.0.1:{upstream.port}",
                        "listen": "127.0.0.1:0",
                    }
                },
                "store": {"url": f"sqlite+aiosqlite:///{folder / 'records.db'}"},
            }
        )
    )
    serve = [sys.executable, "-m", "gateway", "serve", "--config", config, "--policies", ROOT / "policies"]
    with log.open("wb") as lines:
        process = subprocess.Popen(serve, cwd=ROOT, stdout=lines, stderr=subprocess.STDOUT)
    with _ended_at_last(process):
        yield Contestant(name, process, _told_port(process, log))


def wait_until_it_serves(contestant: Contestant) -> None:
    """The first answer; after it the process is at rest, and its memory is taken."""
    with socket.create_connection(("127.0.0.1", contestant.port), timeout=START_SECONDS) as connection:
        connection.sendall(b"GET /api/now/unknown HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{contestant.name} does not answer as it should")
    time.sleep(0.5)
    contestant.idle_mb = contestant.memory_mb()


def _told_port(process: "subprocess.Popen[bytes]", log: Path) -> int:
    """The log says where the listener of the upstream is bound."""
    for _ in range(int(START_SECONDS * 10)):
        for line in log.read_text().splitlines():
            if line.startswith("{") and (event := json.loads(line))["event"] == "gateway serving":
                return int(event["listeners"]["servicenow"].rpartition(":")[2])
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"the gateway did not start: {log.read_text()}")


@contextmanager
def _ended_at_last(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
