"""The failure matrix: each row a test of its own, through the whole gateway, with the windows scaled down."""

from collections.abc import Iterator

import pytest
from records.databases import Server, running_server
from running import StartGateway
from upstream.instances import StartInstance


@pytest.fixture
def start(start_gateway: StartGateway) -> StartInstance:
    """Start one platform behind a gateway."""
    return StartInstance(start_gateway)


@pytest.fixture
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server that a test may stop and start again."""
    with running_server() as server:
        yield server
