"""Alertmanager's own Jira receiver, newer than Debian's Alertmanager: the HTTP calls that it makes, one by one."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession, encode_basic_auth
from aiohttp.test_utils import TestServer
from running import ROOT, StartGateway

from gateway.simulator import Deployment, SimulatedJira

RECIPE = ROOT / "config" / "recipes" / "alertmanager_jira.yml"
LOGIN = ("alerts@example.org", "right")
GROUP = "ALERT{9d7fcf1ba3a0a2a5f1b2c3d4e5f60718}"
"""The label by which the receiver knows the issue of a group."""


@dataclass(frozen=True)
class JiraReceiver:
    """What the receiver sends for each notification of one group, and in which order."""

    session: ClientSession
    address: str
    deployment: Deployment
    said: list[tuple[str, str, int]]

    async def notify(self, *, firing: bool, summary: str) -> None:
        """Look for the group's issue; make or change it; move it on when the alerts are over."""
        found = await self._searched()
        if not found:
            await self._send("POST", "/rest/api/2/issue", self._issue(summary))
            return
        issue = f"/rest/api/2/issue/{found[0]['key']}"
        await self._send("PUT", issue, self._issue(summary))
        if not firing and found[0]["fields"]["status"]["statusCategory"]["key"] != "done":
            offered = await self._send("GET", f"{issue}/transitions")
            done = next(each["id"] for each in offered["transitions"] if each["name"] == "Done")
            await self._send("POST", f"{issue}/transitions", {"transition": {"id": done}})

    async def _searched(self) -> list[dict[str, Any]]:
        path = "/rest/api/3/search/jql" if self.deployment is Deployment.CLOUD else "/rest/api/2/search"
        jql = f'statusCategory != Done and project="OPS" and labels="{GROUP}" order by status ASC,resolutiondate DESC'
        found: list[dict[str, Any]] = (
            await self._send("POST", path, {"jql": jql, "maxResults": 2, "fields": ["status"]})
        )["issues"]
        return found

    def _issue(self, summary: str) -> dict[str, object]:
        fields = {
            "project": {"key": "OPS"},
            "issuetype": {"name": "Task"},
            "summary": summary,
            "description": f"{summary}\n\nLabels:\n  - alertname = DiskFull",
            "labels": [GROUP],
        }
        return {"fields": fields}

    async def _send(self, method: str, path: str, body: object = None) -> Any:
        headers = {
            "Content-Type": "application/json",
            "Accept-Language": "en",
            "Authorization": encode_basic_auth(*LOGIN),
        }
        content = None if body is None else json.dumps(body) + "\n"
        answer = await self.session.request(method, self.address + path, data=content, headers=headers)
        text = (await answer.text()).replace(self.address, "ADDRESS")
        self.said.append((method, path, answer.status))
        return json.loads(text) if text else None


async def the_story(receiver: JiraReceiver) -> None:
    await receiver.notify(firing=True, summary="[FIRING:1] DiskFull")
    await receiver.notify(firing=True, summary="[FIRING:2] DiskFull")
    await receiver.notify(firing=False, summary="[RESOLVED] DiskFull")
    await receiver.notify(firing=True, summary="[FIRING:1] DiskFull")


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_the_receiver_makes_changes_and_closes_its_issues_as_it_does_without_the_gateway(
    start_gateway: StartGateway, deployment: Deployment
):
    direct, behind = (
        SimulatedJira(credentials=LOGIN, deployment=deployment, index_delay=0.0) for _ in ("direct", "behind")
    )
    gateway = await start_gateway(jira=behind)
    async with TestServer(direct.app()) as server:
        without = JiraReceiver(gateway.session, str(server.make_url("")).rstrip("/"), deployment, [])
        through = JiraReceiver(gateway.session, gateway.jira, deployment, [])
        await the_story(without)
        await the_story(through)

    assert through.said == without.said
    assert [(issue.fields["summary"], issue.status) for issue in behind.issues()] == [
        (issue.fields["summary"], issue.status) for issue in direct.issues()
    ]
    assert [issue.fields["summary"] for issue in behind.issues()] == ["[RESOLVED] DiskFull", "[FIRING:1] DiskFull"]


def test_the_recipe_asks_for_what_the_calls_were_seen_with():
    [receiver] = yaml.safe_load(RECIPE.read_text())["receivers"]
    [jira] = receiver["jira_configs"]

    assert (jira["api_url"], jira["project"]) == ("http://127.0.0.1:8082/rest/api/2", "OPS")
    assert jira["resolve_transition"] == "Done"
