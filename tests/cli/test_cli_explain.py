"""`explain` and `render`: production's decision, shown and not sent."""

import json

import pytest
from cli.conftest import POLICY
from typer.testing import CliRunner

from gateway.cli.app import app

runner = CliRunner()
URL = "/servicenow/api/now/table/incident"
GOOD = '{"short_description": "Disk full", "urgency": "2"}'
BAD = '{"urgency": "9"}'


def explained(*arguments: str, body: str | None = None) -> tuple[int, dict]:
    given = [] if body is None else ["--body", "-"]
    result = runner.invoke(app, ["explain", *arguments, *given, "--format", "json"], input=body)
    assert result.stderr == ""
    return result.exit_code, json.loads(result.stdout)


def test_a_covered_request_shows_policy_changes_and_payload(place):
    code, told = explained("POST", URL, body=GOOD)

    assert (code, told["would"], told["policy"]["name"]) == (0, "forward", "incident")
    assert (told["operation"], told["path"]) == ("create_ticket", "/api/now/table/incident")
    assert {"field": "contact_type", "before": None, "after": "monitoring"} in told["changes"]
    assert json.loads(told["payload"]).items() >= {**json.loads(GOOD), "contact_type": "monitoring"}.items()
    assert told["candidates"] == [
        {
            "policy": "incident",
            "file": "policies/incident.yaml",
            "mode": "enforce",
            "covers": True,
            "why": "covers the call: the first whose match holds",
        }
    ]


def test_a_request_that_breaks_its_policy_exits_with_1_and_names_every_field(place):
    code, told = explained("POST", URL, body=BAD)

    assert (code, told["would"]) == (1, "refuse")
    assert {(each["field"], each["code"]) for each in told["violations"]} == {
        ("short_description", "required"),
        ("urgency", "not_allowed"),
    }


def test_a_request_that_no_policy_covers_is_forwarded_as_it_came(place):
    code, told = explained("POST", "/servicenow/api/now/table/problem", body=GOOD)

    assert (code, told["policy"], told["payload"]) == (0, None, GOOD)
    assert told["candidates"][0]["why"] == "its methods and path do not cover POST /api/now/table/problem"


def test_a_request_without_a_body_is_told_what_to_send(place):
    code, told = explained("POST", URL)

    assert (code, told["problem"]["status"]) == (1, 415)
    assert told["problem"]["detail"].endswith("as Content-Type: application/json in UTF-8, not without a type")


def test_a_body_that_can_be_read_in_two_ways_is_refused(place):
    code, told = explained("POST", URL, body='{"urgency": "1", "urgency": "2"}')

    assert (code, told["would"], told["problem"]["status"]) == (1, "refuse", 400)
    assert [each["why"] for each in told["candidates"]] == ["was not asked: the request is refused before"]


def test_people_are_not_told_that_no_policy_covers_what_none_was_asked_about(place):
    unreadable = runner.invoke(app, ["explain", "POST", URL, "--body", "-"], input="{")
    uncovered = runner.invoke(app, ["explain", "POST", "/servicenow/api/now/table/problem", "--body", "-"], input=GOOD)

    assert "no policy was asked\n" in unreadable.stdout
    assert "no policy covers it\n" in uncovered.stdout


def test_a_target_that_can_be_read_in_two_ways_is_refused(place):
    code, told = explained("POST", "/servicenow/api/now/%74able/incident", body=GOOD)

    assert (code, told["would"], told["problem"]["type"]) == (1, "refuse", "ambiguous-request")


@pytest.mark.parametrize(
    ("url", "upstream", "target"),
    [
        ("/servicenow/api/now/table/incident?a=%2F", "servicenow", "/api/now/table/incident?a=%2F"),
        ("http://127.0.0.1:8080/servicenow/api/now/table/incident", "servicenow", "/api/now/table/incident"),
        ("http://127.0.0.1:8081/api/now/table/incident", "servicenow", "/api/now/table/incident"),
        ("http://localhost:8081/api/now/table/incident", "servicenow", "/api/now/table/incident"),
        ("https://example.service-now.com/api/now/table/incident", "servicenow", "/api/now/table/incident"),
        ("https://example.atlassian.net/jira/rest/api/3/myself", "jira", "/rest/api/3/myself"),
    ],
)
def test_a_url_may_be_written_in_every_way_that_leads_to_an_upstream(place, url, upstream, target):
    _, told = explained("GET", url)

    assert (told["upstream"], told["target"]) == (upstream, target)


def test_a_bare_path_needs_the_upstreams_name(place):
    named = explained("GET", "/rest/api/3/myself", "--upstream", "jira")
    result = runner.invoke(app, ["explain", "GET", "/rest/api/3/myself"])

    assert named[1]["upstream"] == "jira"
    assert result.exit_code == 2
    assert result.stderr == (
        "itsm-gateway: /rest/api/3/myself leads to no upstream: begin it with /NAME/ or an upstream's base_url, "
        "or add --upstream NAME; configured: servicenow, jira\n"
    )


def test_an_unknown_upstream_names_the_known_ones(place):
    result = runner.invoke(app, ["explain", "GET", "/x", "--upstream", "snow"])

    assert result.exit_code == 2
    assert result.stderr == "itsm-gateway: there is no upstream 'snow'; configured: servicenow, jira\n"


def test_people_read_words_and_tables(place):
    result = runner.invoke(app, ["explain", "POST", URL, "--body", "-"], input=BAD)

    assert result.exit_code == 1
    assert "covered by policy incident" in result.stdout
    assert "the gateway would refuse it" in result.stdout
    assert "not_allowed" in result.stdout
    assert not {"\x1b", "│", "┃"} & set(result.stdout)


def test_what_only_warns_is_not_called_a_reason_to_refuse(place):
    (place / "policies" / "incident.yaml").write_text(POLICY.replace("\nschema:", "\nmode: warn\nschema:"))

    result = runner.invoke(app, ["explain", "POST", URL, "--body", "-"], input=BAD)

    assert result.exit_code == 0
    assert "violations, which only warn" in result.stdout


def test_an_unreadable_body_and_a_nameless_header_are_told(place):
    unreadable = runner.invoke(app, ["explain", "POST", URL, "--body", "gone.json"])
    nameless = runner.invoke(app, ["explain", "POST", URL, "--header", "nothing"])

    assert (unreadable.exit_code, nameless.exit_code) == (2, 2)
    assert unreadable.stderr == "itsm-gateway: the body gone.json cannot be read: No such file or directory\n"
    assert nameless.stderr == ("itsm-gateway: the header 'nothing' has no name: write --header 'NAME: VALUE'\n")


def test_faulty_files_are_told_before_anything_is_explained(place):
    (place / "policies" / "incident.yaml").write_text("name: [")

    result = runner.invoke(app, ["explain", "POST", URL])

    assert result.exit_code == 1
    assert result.stderr.startswith("policies/incident.yaml:1: is not YAML")


def rendered(*arguments: str) -> tuple[int, dict]:
    result = runner.invoke(app, ["render", "servicenow", "rca", *arguments, "--format", "json"])
    assert result.stderr == ""
    return result.exit_code, json.loads(result.stdout)


def test_a_template_is_rendered_with_its_defaults_and_its_policys(place):
    code, told = rendered("--var", "job_name=nightly=etl")

    payload = json.loads(told["payload"])
    assert (code, told["would"], told["target"]) == (0, "forward", "/api/now/table/incident")
    assert payload["short_description"] == "RCA Required: nightly=etl"
    assert (payload["urgency"], payload["contact_type"]) == ("3", "monitoring")


def test_a_typed_variable_keeps_its_type(place):
    _, told = rendered("--var", "job_name=x", "--json-var", "urgency=2")

    assert json.loads(told["payload"])["urgency"] == 2


def test_a_rendered_payload_that_breaks_its_policy_exits_with_1(place):
    code, told = rendered("--var", f"job_name={'x' * 40}")

    assert (code, told["would"]) == (1, "refuse")
    assert [(each["field"], each["code"]) for each in told["violations"]] == [("short_description", "too_long")]


def test_missing_variables_are_all_named(place):
    code, told = rendered()

    assert (code, told["problem"]["type"]) == (1, "missing-variables")
    assert [each["field"] for each in told["violations"]] == ["job_name"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["servicenow", "rcaa"], "there is no template 'rcaa' for servicenow; known templates: rca"),
        (["jira", "x"], "there is no template 'x' for jira; known templates: none"),
        (["servicenow", "rca", "--var", "job_name"], "'job_name' is no variable: write --var NAME=TEXT"),
        (["servicenow", "rca", "--json-var", "urgency=high"], "the value of 'urgency' is not JSON"),
        (["servicenow", "rca", "--upstream", "jira"], "there is no servicenow upstream 'jira'; configured: servicenow"),
    ],
)
def test_what_cannot_be_rendered_is_told_in_one_line(place, arguments, said):
    result = runner.invoke(app, ["render", *arguments])

    assert result.exit_code == 2
    assert result.stderr.startswith(f"itsm-gateway: {said}")
    assert len(result.stderr.splitlines()) == 1
