"""The operations listener: probes and metrics for whoever asks, and nothing else."""

import pytest
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedServiceNow

OPERATOR = {"name": "ann", "role": "operator", "sha256": "a" * 64}


@pytest.fixture
async def gateway(start_gateway: StartGateway) -> RunningGateway:
    listen = {"proxy": "127.0.0.1:0", "api": "127.0.0.1:0", "ops": "127.0.0.1:0"}
    return await start_gateway(
        servicenow=SimulatedServiceNow(), config={"listen": listen, "access": {"tokens": [OPERATOR]}}
    )


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz", "/metrics"])
async def test_probes_and_metrics_need_no_token_there(gateway: RunningGateway, path: str):
    answer = await gateway.get(f"{gateway.address('ops')}{path}")

    assert answer.status == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/calls", "/api/v1/tickets", "/api/v1/policies", "/openapi.json", "/console/", "/docs", "/"]
)
async def test_nothing_else_is_there(gateway: RunningGateway, path: str):
    answer = await gateway.get(f"{gateway.address('ops')}{path}")

    assert answer.status == 404
