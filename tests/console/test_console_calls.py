"""Calls as they come, and one call's story from its first attempt to its ticket."""

import asyncio
import re
from pathlib import Path

from console.conftest import Visit
from flows.desks import JIRA, SERVICENOW
from playwright.async_api import expect
from running import StartGateway

from gateway.simulator import CREATES, refused

FILLING = """
name: filling
platform: servicenow
match: {path: /api/now/table/incident}
defaults: {contact_type: monitoring}
record: request
"""
SLOW_RETRY = {"retry_policy": {"retry_delay_seconds": 1.5, "exponential_backoff": False}}


async def test_a_call_is_followed_through_a_503_to_success(start_console: StartGateway, visit: Visit):
    servicenow = SERVICENOW.simulate(faults=[refused(503).on(CREATES)])
    gateway = await start_console(servicenow=servicenow, config=SLOW_RETRY)
    visitor = await visit(gateway.api, "calls")

    creating = asyncio.create_task(SERVICENOW.create(gateway))
    await visitor.page.get_by_role("link", name="POST incident").click()
    await creating

    steps = visitor.page.get_by_role("region", name="What happened").get_by_role("listitem")
    await expect(steps).to_contain_text(["Received", "Attempt 1: 503", "Search: not there", "Attempt 2: 201", "201"])
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("INC0010001")
    await expect(visitor.page.get_by_role("img", name=re.compile("2 attempts, 1 search"))).to_be_visible()


async def test_new_calls_come_into_the_list_as_the_gateway_tells_them(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    visitor = await visit(gateway.api, "calls")
    await visitor.sees(re.compile("No call yet"))
    await expect(visitor.page.get_by_role("status")).to_have_text("live")

    await SERVICENOW.create(gateway)

    await visitor.sees("INC0010001")


async def test_the_list_asks_by_itself_while_the_stream_is_broken(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    visitor = await visit(gateway.api)
    await visitor.page.context.route("**/api/v1/events", lambda route: route.abort())
    await visitor.page.reload()
    await visitor.opens("calls")
    await expect(visitor.page.get_by_role("status")).to_have_text("every few seconds")

    await SERVICENOW.create(gateway)

    await visitor.sees("INC0010001")


async def test_a_list_that_is_held_still_shows_what_came_once_it_goes_on(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    await SERVICENOW.create(gateway)
    visitor = await visit(gateway.api, "calls")
    live = visitor.page.get_by_role("switch", name="Follow")
    rows = visitor.page.locator("tbody tr")

    await live.uncheck()
    await expect(visitor.page.get_by_role("status")).to_have_text("paused")
    await SERVICENOW.create(gateway)
    await visitor.page.wait_for_timeout(1200)
    held = await rows.count()
    await live.check()

    await expect(rows).to_have_count(2)
    assert held == 1


async def test_filters_narrow_the_list_and_live_in_the_address(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate(), jira=JIRA.simulate())
    await SERVICENOW.create(gateway)
    await JIRA.create(gateway)
    visitor = await visit(gateway.api, "calls")
    rows = visitor.page.locator("tbody tr")
    await expect(rows).to_have_count(2)

    await visitor.page.get_by_label("Platform").select_option("jira")

    await expect(rows).to_have_count(1)
    assert "platform=jira" in visitor.page.url
    again = await visit(gateway.api, "calls?platform=jira&outcome=rejected")
    await again.sees("No call fits these filters")


async def test_what_a_client_wrote_is_shown_as_text(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    markup = "<img src=x onerror=document.title='run'>"
    await SERVICENOW.create(gateway, ITSM_Job_Id=markup)

    visitor = await visit(gateway.api, "calls")

    await visitor.sees(markup)
    assert await visitor.page.locator("td img").count() == 0


async def test_the_keyboard_leads_everywhere(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    visitor = await visit(gateway.api)

    await visitor.page.keyboard.press("g")
    await visitor.page.keyboard.press("c")
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Calls")
    await expect(visitor.page.get_by_role("heading", level=1)).to_be_focused()
    await visitor.page.keyboard.press("/")

    await expect(visitor.page.get_by_label("Find", exact=True)).to_be_focused()


async def test_one_field_finds_by_what_people_have_at_hand(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    await SERVICENOW.create(gateway, ITSM_Job_Id="nightly-42")
    await SERVICENOW.create(gateway)
    visitor = await visit(gateway.api, "calls")
    rows = visitor.page.locator("tbody tr")
    find = visitor.page.get_by_label("Find", exact=True)

    for known in ("nightly-42", "INC0010001"):
        await find.fill(known)
        await find.press("Enter")

        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("INC0010001")


async def test_a_call_tells_what_was_changed_and_why_and_can_be_copied(
    start_console: StartGateway, visit: Visit, tmp_path: Path
):
    policies = tmp_path / "filling"
    policies.mkdir()
    (policies / "filling.yaml").write_text(FILLING)
    gateway = await start_console(servicenow=SERVICENOW.simulate(), policies=policies)
    await SERVICENOW.create(gateway)
    visitor = await visit(gateway.api, "calls", permissions=["clipboard-read", "clipboard-write"])

    await visitor.page.get_by_role("link", name="POST incident").click()
    changes = visitor.page.get_by_role("region", name="What was changed")
    await expect(changes.get_by_role("listitem")).to_contain_text(
        ['contact_type: "monitoring"a default of filling', "correlation_id"]
    )
    await expect(changes).to_contain_text("Judged by filling, as it stood in the set")
    await visitor.page.get_by_role("button", name="Copy as curl").click()

    await visitor.sees("Copied")
    copied = await visitor.page.evaluate("navigator.clipboard.readText()")
    assert "--data-binary '{" in copied
    assert "itsmgw-" not in copied


async def test_a_search_that_was_broken_off_goes_further_back_on_request(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    await SERVICENOW.create(gateway)
    visitor = await visit(gateway.api)
    paused = {"items": [], "next": "WzEuMCwgImEiXQ", "looked_until": "2026-01-31T12:00:00Z"}
    await visitor.page.context.route(
        re.compile(r"/api/v1/calls\?client=nobody&limit"), lambda route: route.fulfill(json=paused)
    )
    await visitor.opens("calls?client=nobody")
    await visitor.sees("None of the calls looked at fits")

    await visitor.page.get_by_role("button", name="Look further back").click()

    await visitor.sees("No call fits these filters")
    assert "cursor=WzEuMCwgImEiXQ" in visitor.page.url
