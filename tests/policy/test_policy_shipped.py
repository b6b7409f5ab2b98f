import pytest

ADF = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "hello"}]}]}
ISSUE = {"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}, "summary": "Disk full"}
INCIDENT = {"short_description": "Disk full", "impact": "2", "urgency": "3", "u_site": "Bern", "caller_id": "a" * 32}


def codes(violations):
    return {violation.field: violation.code.value for violation in violations}


def test_every_shipped_file_carries_the_editor_modeline_for_its_folder(policies_folder):
    for path in policies_folder.rglob("*.yaml"):
        steps = "../" * (len(path.relative_to(policies_folder).parts) - 1)

        assert path.read_text("utf-8").startswith(f"# yaml-language-server: $schema={steps}policy.schema.json\n")


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("servicenow-incident", "POST", "/api/now/table/incident"),
        ("servicenow-problem", "POST", "/api/now/table/problem"),
        ("jira-issue-v2", "POST", "/rest/api/2/issue"),
        ("jira-issue-v3", "POST", "/rest/api/3/issue"),
    ],
)
def test_each_shipped_policy_covers_its_creates_and_promises_something(shipped, name, method, path):
    policy = shipped[name]

    assert policy.match.covers_route(method, path)
    assert policy.description
    assert policy.sla.response["default"] < policy.sla.resolution["default"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("servicenow-incident", INCIDENT),
        ("servicenow-incident", INCIDENT | {"opened_at": "2026-11-25 08:00:00", "due_date": "", "state": "2"}),
        ("servicenow-problem", {"short_description": "Disks fill up", "state": "101", "u_site": "Bern"}),
        ("jira-issue-v2", ISSUE | {"description": "h1. wiki", "labels": ["a", "b-c"], "customfield_1": [1]}),
        ("jira-issue-v2", ISSUE | {"assignee": {"name": "bob"}, "components": [{"name": "x"}], "priority": None}),
        ("jira-issue-v3", ISSUE | {"description": ADF, "duedate": "2026-11-25", "parent": {"key": "OPS-1"}}),
        ("jira-issue-v3", ISSUE | {"summary": "😀" * 255, "description": None}),
    ],
)
def test_a_good_payload_is_accepted_without_a_warning(shipped, name, fields):
    policy = shipped[name]

    assert policy.schema(fields) == ()
    assert policy.warn_schema(fields) == ()


@pytest.mark.parametrize(
    ("name", "fields", "refused"),
    [
        ("servicenow-incident", {"urgency": "1"}, {"short_description": "required"}),
        ("servicenow-problem", {}, {"short_description": "required"}),
        ("jira-issue-v2", {}, {"issuetype": "required", "project": "required", "summary": "required"}),
        ("jira-issue-v2", ISSUE | {"summary": "x" * 256}, {"summary": "too_long"}),
        ("jira-issue-v2", ISSUE | {"summary": "two\nlines"}, {"summary": "pattern_mismatch"}),
        ("jira-issue-v2", ISSUE | {"summary": "  "}, {"summary": "pattern_mismatch"}),
        ("jira-issue-v2", ISSUE | {"labels": ["ok", "not ok"]}, {"labels.1": "pattern_mismatch"}),
        ("jira-issue-v2", ISSUE | {"components": ["x"]}, {"components.0": "wrong_type"}),
        ("jira-issue-v2", ISSUE | {"project": {"name": "Ops"}}, {"project": "required"}),
        ("jira-issue-v3", ISSUE | {"issuetype": "Bug"}, {"issuetype": "wrong_type"}),
        ("jira-issue-v3", ISSUE | {"description": "plain text"}, {"description": "wrong_type"}),
        (
            "jira-issue-v3",
            ISSUE | {"description": {"type": "text", "content": []}},
            {"description.type": "not_allowed", "description.version": "required"},
        ),
    ],
)
def test_a_payload_that_the_platform_would_refuse_is_refused_with_field_and_code(shipped, name, fields, refused):
    assert codes(shipped[name].schema(fields)) == refused


@pytest.mark.parametrize(
    ("name", "fields", "warned"),
    [
        ("servicenow-incident", INCIDENT | {"short_description": "x" * 161}, {"short_description": "too_long"}),
        ("servicenow-incident", INCIDENT | {"description": "x" * 4001}, {"description": "too_long"}),
        (
            "servicenow-incident",
            INCIDENT | {"impact": "High", "state": "99"},
            {"impact": "not_allowed", "state": "not_allowed"},
        ),
        ("servicenow-incident", INCIDENT | {"opened_at": "25.11.2026"}, {"opened_at": "pattern_mismatch"}),
        ("servicenow-incident", INCIDENT | {"state": "6"}, {"close_code": "required", "close_notes": "required"}),
        ("servicenow-incident", INCIDENT | {"Category": "x"}, {"Category": "unknown_field"}),
        ("servicenow-problem", {"short_description": "x", "state": "5"}, {"state": "not_allowed"}),
        ("jira-issue-v2", ISSUE | {"description": "x" * 32_768}, {"description": "too_long"}),
        ("jira-issue-v2", ISSUE | {"fixversions": []}, {"fixversions": "unknown_field"}),
        ("jira-issue-v3", ISSUE | {"duedate": "25.11.2026"}, {"duedate": "pattern_mismatch"}),
        (
            "jira-issue-v3",
            ISSUE | {"description": {"type": "doc", "version": 1, "content": [{"text": "x" * 33_000}]}},
            {"description": "too_long"},
        ),
    ],
)
def test_what_the_platform_would_take_is_only_warned_of(shipped, name, fields, warned):
    policy = shipped[name]

    assert policy.schema(fields) == ()
    assert codes(policy.warn_schema(fields)) == warned


@pytest.mark.parametrize("name", ["servicenow-incident", "servicenow-problem"])
def test_display_values_are_not_held_against_stored_ones(shipped, name):
    fields = {"short_description": "x", "impact": "2 - Medium", "state": "Resolved", "opened_at": "25.11.2026 10:00"}

    assert shipped[name].schema(fields, display_values=True) == ()
    assert shipped[name].warn_schema(fields, display_values=True) == ()
