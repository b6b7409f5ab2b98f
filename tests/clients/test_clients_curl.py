"""Debian's curl works through the gateway, as every runbook and shell script uses it."""

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from running import StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow

CURL = Path("/usr/bin/curl")
FAILED = 22
"""curl's exit code for an answer from 400 on, where it was told to fail on such."""

Curl = Callable[..., Awaitable[tuple[int, dict[str, str], Any]]]


@pytest.fixture
def curl(run) -> Curl:
    """Call curl with these arguments; gives its exit code, the answer's headers, and the document in it."""
    if not CURL.exists():
        pytest.fail(f"{CURL} is missing: apt-get install curl")

    async def called(*arguments: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
        sends = () if body is None else ("-H", "Content-Type: application/json", "--data-binary", json.dumps(body))
        command = (str(CURL), "-sSi", "--fail-with-body", "-H", "Accept: application/json", *sends, *arguments)
        ended = await run(*command)
        head, _, document = ended.output.partition("\n\n" if "\r" not in ended.output else "\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
        return ended.code, headers, json.loads(document) if document else None

    return called


async def test_curl_creates_reads_updates_and_pages_a_servicenow_table(start_gateway: StartGateway, curl: Curl):
    servicenow = SimulatedServiceNow(credentials=("abel", "right"))
    gateway = await start_gateway(servicenow=servicenow)
    login, table = ("-u", "abel:right"), f"{gateway.servicenow}/api/now/table/incident"

    made = [await curl(*login, table, body={"short_description": f"{n}", "u_batch": "two"}) for n in range(5)]
    location = made[0][1]["Location"]
    await curl(*login, "-X", "PATCH", location, body={"short_description": "changed"})
    _, _, read = await curl(*login, location)
    pages, url = [], f"{table}?sysparm_query=u_batch=two&sysparm_limit=2&sysparm_fields=number"
    while url:
        _, headers, page = await curl(*login, url)
        pages.append([row["number"] for row in page["result"]])
        url = next(iter(re.findall(r'<([^>]+)>;rel="next"', headers["Link"])), "")

    assert [code for code, _, _ in made] == [0] * 5
    assert location.startswith(f"{table}/")
    assert read["result"]["short_description"] == "changed"
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [number for page in pages for number in page] == [each["result"]["number"] for _, _, each in made]


async def test_curl_creates_reads_updates_and_pages_jira(start_gateway: StartGateway, curl: Curl):
    jira = SimulatedJira(credentials=("abel", "right"))
    gateway = await start_gateway(jira=jira)
    login, api = ("-u", "abel:right"), f"{gateway.proxy}/jira/rest/api/3"
    issue = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}

    made = [await curl(*login, f"{api}/issue", body={"fields": issue}) for _ in range(5)]
    link = made[0][2]["self"]
    changed, _, _ = await curl(*login, "-X", "PUT", link, body={"fields": {"summary": "changed"}})
    _, _, read = await curl(*login, link)
    pages, token = [], ""
    while token is not None:
        asked = ("--data-urlencode", "jql=project = OPS ORDER BY created ASC", "-d", "fields=summary&maxResults=2")
        following = ("-d", f"nextPageToken={token}") if token else ()
        _, _, page = await curl(*login, "-G", *asked, *following, f"{api}/search/jql")
        pages.append([each["key"] for each in page["issues"]])
        token = page.get("nextPageToken")

    assert changed == 0
    assert link.startswith(f"{api}/issue/")
    assert read["fields"]["summary"] == "changed"
    assert [key for page in pages for key in page] == [each["key"] for _, _, each in made]
    assert len(pages) == 3


async def test_curl_fails_with_a_body_that_names_the_refused_field(start_gateway: StartGateway, curl: Curl):
    servicenow, jira = SimulatedServiceNow(), SimulatedJira()
    gateway = await start_gateway(servicenow=servicenow, jira=jira)

    incident = await curl(f"{gateway.servicenow}/api/now/table/incident", body={"impact": "1"})
    issue = await curl(f"{gateway.jira}/rest/api/2/issue", body={"fields": {"project": {"key": "OPS"}}})

    assert (incident[0], issue[0]) == (FAILED, FAILED)
    assert incident[1]["ITSM-Error"] == issue[1]["ITSM-Error"] == "validation-failed"
    assert "short_description: " in incident[2]["error"]["detail"]
    assert issue[2]["errors"].keys() == {"issuetype", "summary"}
    assert servicenow.tickets() == jira.tickets() == []


async def test_the_platforms_own_errors_reach_curl_unchanged(start_gateway: StartGateway, curl: Curl):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(credentials=("abel", "right")))
    record = f"{gateway.servicenow}/api/now/table/incident/0123456789abcdef0123456789abcdef"

    missing = await curl("-u", "abel:right", record)
    stranger = await curl("-u", "abel:wrong", record)

    assert (missing[0], missing[2]["error"]["message"]) == (FAILED, "No Record found")
    assert (stranger[0], stranger[2]["error"]["message"]) == (FAILED, "User Not Authenticated")
    assert "ITSM-Error" not in missing[1] | stranger[1]
