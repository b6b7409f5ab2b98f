"""A policy edited wrongly: the console shows the fault with its line, and that the old set goes on judging."""

import re
import shutil
from pathlib import Path

from console.conftest import Visit
from flows.desks import SERVICENOW
from playwright.async_api import expect
from running import SHIPPED_POLICIES, StartGateway


async def test_a_wrong_edit_is_shown_with_its_line_until_it_is_mended(
    start_console: StartGateway, visit: Visit, tmp_path: Path
):
    policies = tmp_path / "edited"
    shutil.copytree(SHIPPED_POLICIES, policies)
    gateway = await start_console(servicenow=SERVICENOW.simulate(), policies=policies)
    edited = policies / "servicenow" / "incident.yaml"
    good = edited.read_text()
    visitor = await visit(gateway.api, "policies")
    alert = visitor.page.get_by_role("alert")
    await expect(alert).to_have_count(0)

    edited.write_text(good + "\nmode: enforced\n")

    await expect(alert).to_contain_text("The last edit is not in force: 1 fault")
    await expect(alert).to_contain_text("mode: enforced")
    await expect(alert).to_contain_text("must be one of 'enforce', 'warn', 'off', not 'enforced'")
    edited.write_text(good)
    await expect(alert).to_have_count(0)


async def test_a_request_is_tried_against_the_rules_without_a_trace(start_console: StartGateway, visit: Visit):
    servicenow = SERVICENOW.simulate()
    gateway = await start_console(servicenow=servicenow)
    visitor = await visit(gateway.api, "policies/explain")
    told = visitor.page.get_by_role("region", name="What would happen")
    await expect(told).to_contain_text("Would be forwarded")

    await visitor.page.get_by_label("Body").fill('{"urgency": "High"}')

    await expect(told).to_contain_text("Would be refused")
    await expect(told).to_contain_text("short_description is required")
    await expect(told).to_contain_text("servicenow-incident covers the call")
    calls = await (await gateway.get(f"{gateway.api}/api/v1/calls")).json()
    assert (len(servicenow.ledger), calls["items"]) == (0, [])


async def test_a_request_that_was_typed_can_be_sent_as_a_link(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    visitor = await visit(gateway.api, "policies/explain")

    await visitor.page.get_by_label("Body").fill('{"urgency": "1"}')
    await visitor.page.wait_for_url(re.compile("body="))
    another = await visit(gateway.api, visitor.page.url.partition("#/")[2])

    await expect(another.page.get_by_label("Body")).to_have_value('{"urgency": "1"}')
    told = another.page.get_by_role("region", name="What would happen")
    await expect(told).to_contain_text("short_description is required")


async def test_what_cannot_be_read_is_not_told_to_be_uncovered(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    visitor = await visit(gateway.api, "policies/explain")

    await visitor.page.get_by_label("Body").fill('{"urgency": "1", "urgency": "2"}')

    told = visitor.page.get_by_role("region", name="What would happen")
    await expect(told).to_contain_text("no policy was asked")
    await expect(told).not_to_contain_text("no policy covers it")
