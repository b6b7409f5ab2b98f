"""A database server for whatever several replicas share."""

from collections.abc import Iterator

import pytest
from records.databases import Server, running_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, started once."""
    with running_server() as server:
        yield server
