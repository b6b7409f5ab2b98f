"""The API keeps to its own description, whatever it is sent: tried from outside, with what schemathesis thinks of."""

import asyncio
import sys
from pathlib import Path

from gateway.records.findings import Finding, FindingKind
from gateway.simulator import SimulatedJira, SimulatedServiceNow
from gateway.web.docs import DESCRIPTION

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CREDENTIALS = {"credentials": {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}}
PASSWORD = {"PASSWORD": "secret"}
LEFT_OUT = ("not_a_server_error", "positive_data_acceptance", "allow_header_conformance")
"""A 502 tells of an upstream's refusal, so that no answer is a bug is asked of the log instead; a schema cannot say
which cursors and days there are; and an address with a name in its place also takes what the named one takes.
"""


ENDLESS = "/api/v1/events"


async def tried(address: str, folder: Path, *options: str) -> str:
    """What schemathesis says, when it found nothing; the whole of it where it found something."""
    process = await asyncio.create_subprocess_exec(
        SCHEMATHESIS,
        *("run", DESCRIPTION, "--url", address, "--checks", "all", "--exclude-checks", ",".join(LEFT_OUT)),
        *("--seed", "1", "--generation-database", "none", "--no-color", "--warnings", "off", *options),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_no_answer_is_outside_the_description_and_none_is_a_bug(start_gateway, tmp_path):
    gateway = await start_gateway(
        servicenow=SimulatedServiceNow(), jira=SimulatedJira(), upstream=CREDENTIALS, environ=PASSWORD
    )
    await gateway.post(f"{gateway.servicenow}/api/now/table/incident", {"short_description": "Disk full"})
    desk = gateway.running.gateway.records.desk
    await desk.found(Finding(FindingKind.ORPHAN, "jira", "jira", ("10",), None, 1_800_000_000.0))

    await tried(
        gateway.api,
        tmp_path,
        "--exclude-path",
        "/api/v1/events",
        "--max-examples",
        "10",
        "--phases",
        "examples,coverage,fuzzing",
    )

    assert gateway.events("request failed") == []
