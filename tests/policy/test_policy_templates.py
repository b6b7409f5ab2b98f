import pytest

from gateway.domain.call import PlatformName
from gateway.policy.document import Document
from gateway.policy.templates import compile_templates

ISSUE = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "{s}"}


def compiled(templates, settings=None):
    return compile_templates(templates, settings or {}, Document("c.json", {}, len))


@pytest.mark.parametrize(
    ("templates", "settings", "pointer", "message"),
    [
        (
            {"servicenow": {"one": {"a": {"b": ["x", "y {B}"]}}}},
            {},
            "/templates/servicenow/one/a/b/1",
            "character 3: '{B}' is no placeholder",
        ),
        (
            {"servicenow": {"rca": {"a": "x"}}},
            {"servicenow": {"rcaa": {}}},
            "/template_settings/servicenow/rcaa",
            "there is no template 'rcaa' for servicenow; did you mean 'rca'?",
        ),
        (
            {},
            {"jira": {"rca": {}}},
            "/template_settings/jira/rca",
            "known templates: none",
        ),
        (
            {"servicenow": {"one": {"a": "{job_name}"}}},
            {"servicenow": {"one": {"variables": {"jobname": {}}}}},
            "/template_settings/servicenow/one/variables/jobname",
            "did you mean 'job_name'?",
        ),
        (
            {"servicenow": {"one": {"a": "{x}"}}},
            {"servicenow": {"one": {"variables": {"Other": {}}}}},
            "/template_settings/servicenow/one/variables/Other",
            "a variable's name has lower-case letters",
        ),
        (
            {"servicenow": {"one": {"a": "x"}}},
            {"servicenow": {"one": {"target": {"tabel": "incident"}}}},
            "/template_settings/servicenow/one/target/tabel",
            "did you mean 'table'?",
        ),
        (
            {"jira": {"one": ISSUE}},
            {"jira": {"one": {"target": {"table": "incident"}}}},
            "/template_settings/jira/one/target/table",
            "known keys: request_type, service_desk",
        ),
        (
            {"jira": {"one": ISSUE}},
            {"jira": {"one": {"target": {"service_desk": "1"}}}},
            "/template_settings/jira/one/target",
            "needs both `service_desk` and `request_type`",
        ),
        (
            {"servicenow": {"one": {"a": "{x}"}}},
            {"servicenow": {"one": {"variables": {"x": {"defualt": 1}}}}},
            "/template_settings/servicenow/one/variables/x/defualt",
            "did you mean 'default'?",
        ),
        (
            {"jira": {"one": {key: value for key, value in ISSUE.items() if key != "issuetype"}}},
            {},
            "/templates/jira/one",
            'a Jira template needs the field \'issuetype\'; add "issuetype": {"name": "Task"}',
        ),
        ({"servicenow": {"one": {}}}, {}, "/templates/servicenow/one", "must be an object with the ticket's fields"),
        ({"servicenow": {"one": "x"}}, {}, "/templates/servicenow/one", "must be an object with the ticket's fields"),
        ({"servicenow": {"a b": {"a": "x"}}}, {}, "/templates/servicenow/a b", "a template's name has 1 to 100"),
    ],
)
def test_a_faulty_template_is_told_with_its_place_in_the_config(templates, settings, pointer, message):
    _, faults = compiled(templates, settings)

    assert [(fault.file, fault.line, fault.pointer) for fault in faults] == [("c.json", len(pointer), pointer)]
    assert message in faults[0].message


def test_all_faults_of_all_templates_are_told_at_once():
    _, faults = compiled(
        {"servicenow": {"one": {"a": "{", "b": "}"}}, "jira": {"two": {"summary": "x"}}}, {"jira": {"three": {}}}
    )

    assert [fault.pointer for fault in faults] == [
        "/template_settings/jira/three",
        "/templates/servicenow/one/a",
        "/templates/servicenow/one/b",
        "/templates/jira/two",
        "/templates/jira/two",
    ]


def test_wrong_settings_do_not_hide_what_is_wrong_in_the_template():
    _, faults = compiled(
        {"servicenow": {"one": {"a": "{x", "b": "{X}"}}},
        {"servicenow": {"one": {"variables": {"x": {"requird": False}}}}},
    )

    assert [fault.pointer for fault in faults] == [
        "/templates/servicenow/one/a",
        "/templates/servicenow/one/b",
        "/template_settings/servicenow/one/variables/x/requird",
    ]


def test_a_customer_request_needs_no_project():
    templates, faults = compiled(
        {"jira": {"one": {"summary": "{s}"}}},
        {"jira": {"one": {"target": {"service_desk": "4", "request_type": "25"}}}},
    )

    assert faults == ()
    assert templates[PlatformName.JIRA]["one"].target == {"service_desk": "4", "request_type": "25"}


def test_templates_are_kept_by_platform_and_name_with_their_own_fields():
    templates, faults = compiled({"jira": {"issue": ISSUE}, "servicenow": {"rca": {"a": "{job_id}"}}})

    assert faults == ()
    assert templates[PlatformName.JIRA]["issue"].fields == ISSUE
    assert templates[PlatformName.JIRA]["issue"].target == {}
    assert [each.name for each in templates[PlatformName.SERVICENOW]["rca"].variables] == ["job_id"]
