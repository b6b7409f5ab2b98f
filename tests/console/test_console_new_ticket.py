"""A ticket made by hand: preview while one types, wrong input, dry run, and the ticket itself."""

from console.conftest import Visit
from flows.desks import JIRA, SERVICENOW
from playwright.async_api import expect
from running import StartGateway

from gateway.simulator import CREATES, refused


async def test_the_preview_follows_what_is_typed_and_says_who_wrote_each_field(
    start_console: StartGateway, visit: Visit
):
    gateway = await start_console(servicenow=SERVICENOW.simulate())
    visitor = await visit(gateway.api, "new-ticket?template=rca_incident")

    await visitor.sees("Fill in job_name")
    await visitor.page.get_by_label("job_name").fill("nightly-etl")

    preview = visitor.page.get_by_role("region", name="Preview of the ticket")
    await expect(preview).to_contain_text("RCA Required: nightly-etl")
    await expect(preview).to_contain_text("short_description template · job_name")
    await expect(preview).to_contain_text("Would be sent")


async def test_a_ticket_is_made_from_a_template_and_leads_to_the_platform(start_console: StartGateway, visit: Visit):
    servicenow = SERVICENOW.simulate(faults=[refused(503).on(CREATES)])
    gateway = await start_console(servicenow=servicenow)
    visitor = await visit(gateway.api, "new-ticket?template=rca_incident&v.job_name=nightly-etl")

    await visitor.page.get_by_role("button", name="Create ticket").click()

    made = visitor.page.get_by_role("region", name="The ticket that was made")
    await expect(made.get_by_role("heading")).to_contain_text("INC0010001")
    await expect(made.get_by_role("link", name="INC0010001")).to_have_attribute("rel", "noopener noreferrer")
    await expect(made).to_contain_text("2, after waiting")
    await expect(made).to_contain_text("First response due")
    assert [ticket["short_description"] for ticket in servicenow.tickets()] == ["RCA Required: nightly-etl"]


async def test_wrong_input_is_told_at_the_field_that_can_mend_it(start_console: StartGateway, visit: Visit):
    jira = JIRA.simulate()
    gateway = await start_console(jira=jira)
    visitor = await visit(gateway.api, "new-ticket?platform=jira&v.job_name=x")
    field = visitor.page.get_by_label("job_name")

    await field.fill("n" * 300)

    await visitor.sees("Would be refused")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await visitor.page.get_by_role("button", name="Create ticket").click()
    await visitor.sees("at fault by policy jira-issue-v2; nothing was sent")
    assert jira.issues() == []


async def test_a_dry_run_sends_nothing_and_leads_to_its_record(start_console: StartGateway, visit: Visit):
    servicenow = SERVICENOW.simulate()
    gateway = await start_console(servicenow=servicenow)
    visitor = await visit(gateway.api, "new-ticket?template=rca_incident&v.job_name=nightly-etl")

    await visitor.page.get_by_role("button", name="Dry run").click()

    await visitor.sees("Dry run done: nothing was sent.")
    assert servicenow.tickets() == []


async def test_a_platform_that_fails_is_told_with_what_it_said(start_console: StartGateway, visit: Visit):
    gateway = await start_console(servicenow=SERVICENOW.simulate(faults=[refused(403).on(CREATES)]))
    visitor = await visit(gateway.api, "new-ticket?template=rca_incident&v.job_name=nightly-etl")

    await visitor.page.get_by_role("button", name="Create ticket").click()

    await visitor.sees("The upstream refused the call")
    await visitor.sees("answered 403")


async def test_where_the_gateway_has_no_login_the_visitor_lends_one_for_this_call(
    start_console: StartGateway, visit: Visit
):
    servicenow = SERVICENOW.simulate(credentials=("me", "päss"))
    gateway = await start_console(servicenow=servicenow, upstream={})
    visitor = await visit(gateway.api, "new-ticket?template=rca_incident&v.job_name=nightly-etl")
    await visitor.page.get_by_role("button", name="Create ticket").click()
    await visitor.sees("The upstream wants credentials")

    await visitor.page.get_by_label("User name").fill("me")
    await visitor.page.get_by_label("Password or API token").fill("päss")
    await visitor.page.get_by_role("button", name="Create ticket").click()

    await visitor.sees("INC0010001")
    assert len(servicenow.tickets()) == 1
