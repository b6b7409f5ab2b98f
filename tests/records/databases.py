"""The databases of the tests: a real PostgreSQL of their own, synced to disk like one that people depend on."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url

BINARIES = Path("/usr/lib/postgresql/15/bin")
USER = "postgres"

ONLY_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@dataclass
class Server:
    """One running server, reached through the socket in its folder."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"records_{next(self.numbers)}"
        self.ask(self._url("postgres"), f"CREATE DATABASE {name}")
        return self._url(name)

    def ask(self, url: str, statement: str) -> list[tuple[object, ...]]:
        """Rows as psql tells them; whole numbers as numbers, bytes as bytes."""
        name = make_url(url).database
        command = [BINARIES / "psql", "-h", self.folder, "-U", USER, "-d", name, "-qAt", "-F", "\x1f", "-c", statement]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [tuple(_value(value) for value in line.split("\x1f")) for line in told.splitlines()]

    def faults(self, url: str) -> str:
        """What is broken in a database's tables and indexes, as `pg_amcheck` tells it; empty where all is whole."""
        command = [BINARIES / "pg_amcheck", "-h", self.folder, "-U", USER, "--install-missing", "--heapallindexed"]
        checked = subprocess.run([*command, make_url(url).database], check=False, capture_output=True, text=True)
        return checked.stdout + checked.stderr

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Every connection breaks, and none can be had until it is back."""
        _as_postgres("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")
        try:
            yield
        finally:
            self.start()

    def start(self) -> None:
        """Begin to serve."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=on -c max_connections=200"
        _as_postgres("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")

    def _url(self, database: str) -> str:
        return f"postgresql+asyncpg://{USER}@/{database}?host={self.folder}"


@contextmanager
def running_server() -> Iterator[Server]:
    """A server for as long as the context lasts; a machine without PostgreSQL fails, and says what to do."""
    if not (BINARIES / "initdb").exists():
        pytest.fail("the records are tested on PostgreSQL too: apt-get install postgresql", pytrace=False)
    folder = Path(tempfile.mkdtemp(prefix="itsm-gateway-"))
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, USER, USER)
    data = folder / "data"
    _as_postgres("initdb", "-D", data, "-A", "trust", "-U", USER, "--no-locale", "-E", "UTF8")
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        _as_postgres("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def _as_postgres(program: str, *arguments: object) -> None:
    first = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    command = [*first, str(BINARIES / program), *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")
    if done.returncode:
        pytest.fail(f"{program} failed: {done.stderr or done.stdout}", pytrace=False)


def _value(text: str) -> object:
    if text.startswith("\\x"):
        return bytes.fromhex(text[2:])
    return int(text) if text.lstrip("-").isdigit() else text or None
