import pytest
from running import StartGateway
from upstream.instances import StartInstance


@pytest.fixture
def start(start_gateway: StartGateway) -> StartInstance:
    return StartInstance(start_gateway)
