"""What people do about dead letters and findings, and what is not offered to whoever may only look."""

import hashlib

import pytest
from console.conftest import Visit
from console.traces import bury, disagree, lose
from flows.desks import SERVICENOW
from playwright.async_api import expect
from running import RunningGateway, StartGateway

from gateway.records.findings import FindingKind

VIEWER, OPERATOR = "token-of-the-viewer", "token-of-the-operator"
TOKENS = {
    "access": {
        "tokens": [
            {"name": name, "role": role, "sha256": hashlib.sha256(token.encode()).hexdigest()}
            for name, role, token in (("vera", "viewer", VIEWER), ("olaf", "operator", OPERATOR))
        ]
    }
}


@pytest.fixture
async def gateway(start_console: StartGateway) -> RunningGateway:
    return await start_console(servicenow=SERVICENOW.simulate())


async def test_a_dead_letter_is_replayed_after_a_question_and_becomes_a_ticket(gateway: RunningGateway, visit: Visit):
    await bury(gateway.running.gateway.records, "a" * 32)
    visitor = await visit(gateway.api, "outbox?show=dead")
    await visitor.page.get_by_label(f"Pick {'a' * 32}").check()

    await visitor.page.get_by_role("button", name="Replay 1").click()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Replay", exact=True).click()
    await visitor.sees("No dead letters")
    await visitor.opens(f"calls/{'a' * 32}")

    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("INC0010001", timeout=20_000)
    steps = visitor.page.get_by_role("region", name="What happened")
    await expect(steps).to_contain_text("Given up as a dead letter")
    await expect(steps).to_contain_text("Replayed")
    await visitor.opens("calls?ticket=INC0010001")
    await expect(visitor.page.locator("tbody tr")).to_have_count(1)


async def test_several_dead_letters_are_discarded_at_once(gateway: RunningGateway, visit: Visit):
    for name in "abc":
        await bury(gateway.running.gateway.records, name * 32)
    visitor = await visit(gateway.api, "outbox?show=dead")
    await visitor.page.get_by_label("All of these").check()

    await visitor.page.get_by_role("button", name="Discard 3").click()
    await expect(visitor.page.get_by_role("dialog")).to_contain_text("This cannot be undone")
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Discard").click()

    await visitor.sees("No dead letters")


async def test_escape_leaves_a_dead_letter_as_it_is(gateway: RunningGateway, visit: Visit):
    await bury(gateway.running.gateway.records, "a" * 32)
    visitor = await visit(gateway.api, "outbox?show=dead")
    await visitor.page.get_by_label(f"Pick {'a' * 32}").check()
    await visitor.page.get_by_role("button", name="Discard 1").click()

    await visitor.page.keyboard.press("Escape")

    await expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    await expect(visitor.page.get_by_label(f"Pick {'a' * 32}")).to_be_visible()


async def test_a_finding_is_adopted(gateway: RunningGateway, visit: Visit):
    await disagree(gateway.running.gateway.records, FindingKind.ORPHAN, "1c741bd7")
    await disagree(gateway.running.gateway.records, FindingKind.DUPLICATE, "aa11", "bb22")
    visitor = await visit(gateway.api, "outbox?show=findings")
    await visitor.page.get_by_label("Pick orphan 1c741bd7").check()

    await visitor.page.get_by_role("button", name="Adopt 1").click()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Adopt").click()

    await expect(visitor.page.get_by_label("Pick orphan 1c741bd7")).to_have_count(0)
    await expect(visitor.page.get_by_label("Pick duplicate aa11, bb22")).to_be_visible()


async def test_what_needs_a_person_stands_on_the_overview(gateway: RunningGateway, visit: Visit):
    records = gateway.running.gateway.records
    await lose(records, "b" * 32)
    await bury(records, "a" * 32)
    await disagree(records, FindingKind.DUPLICATE, "aa11", "bb22")

    visitor = await visit(gateway.api)

    needed = visitor.page.get_by_role("region", name="What needs a person").get_by_role("listitem")
    await expect(needed).to_contain_text(["1 dead letter", "1 finding", "1 create of which nobody can say yet"])


async def test_a_viewer_signs_in_and_is_offered_no_action(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate(), config=TOKENS)
    await bury(gateway.running.gateway.records, "a" * 32)
    visitor = await visit(gateway.api, "outbox?show=dead")
    await visitor.sees("This gateway answers those who hold an access token.")

    await visitor.page.get_by_label("Access token").fill(VIEWER)
    await visitor.page.get_by_role("button", name="Sign in").click()

    await visitor.sees("given up")
    await visitor.sees("vera")
    await expect(visitor.page.get_by_role("checkbox")).to_have_count(0)
    await expect(visitor.page.get_by_role("button", name="Replay")).to_have_count(0)


async def test_a_wrong_token_is_told_and_asked_for_again(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate(), config=TOKENS)
    visitor = await visit(gateway.api, "calls")

    await visitor.page.get_by_label("Access token").fill("no-token-of-anybody")
    await visitor.page.get_by_role("button", name="Sign in").click()

    await visitor.sees("The gateway does not know this token.")
    await visitor.page.get_by_label("Access token").fill(OPERATOR)
    await visitor.page.get_by_role("button", name="Sign in").click()
    await visitor.sees("olaf")


async def test_whom_a_trusted_proxy_names_is_signed_in_with_their_role(start_console: StartGateway, visit: Visit):
    named = {"name": "X-User", "trusted_proxies": ["127.0.0.0/8"], "roles": {"jane": "viewer"}}
    gateway = await start_console(servicenow=SERVICENOW.simulate(), config={"access": {"identity_header": named}})
    await bury(gateway.running.gateway.records, "a" * 32)

    visitor = await visit(gateway.api, "outbox?show=dead", extra_http_headers={"X-User": "jane"})

    await visitor.sees("given up")
    await expect(visitor.page.get_by_text("jane viewer")).to_be_visible()
    await expect(visitor.page.get_by_role("checkbox")).to_have_count(0)
