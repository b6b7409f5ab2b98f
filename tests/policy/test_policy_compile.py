import pytest

from gateway.domain.call import PlatformName
from gateway.domain.outcome import PolicyName
from gateway.domain.retry import Creates, RetryPolicy
from gateway.policy.policy import Mode, Record
from gateway.sla.targets import SlaTargets


def test_the_smallest_policy_file_judges_the_creates_of_its_platform(policy_of):
    policy = policy_of()

    assert policy.name == PolicyName("a", "v1")
    assert policy.platform is PlatformName.SERVICENOW
    assert policy.match.covers_route("POST", "/api/now/table/incident")
    assert not policy.match.covers_route("PATCH", "/api/now/table/incident")
    assert (policy.mode, policy.schema, policy.warn_schema) == (Mode.ENFORCE, None, None)


def test_every_key_arrives_in_the_compiled_policy(policy_of):
    policy = policy_of(
        platform=None,
        upstream="tracker",
        description="why",
        mode="warn",
        carrier="labels",
        record="both",
        on_unavailable="fail",
        sla={"response": {"High": "15m", "default": "30s"}, "resolution": {"default": "2d"}},
        retry_policy={"max_retries": 1, "retryable_status_codes": [503], "creates": "never"},
    )

    assert (policy.platform, policy.upstream, policy.description) == (None, "tracker", "why")
    assert (policy.mode, policy.carrier, policy.record) == (Mode.WARN, "labels", Record.BOTH)
    assert policy.sla == SlaTargets({"High": 900, "default": 30}, {"default": 172_800})
    assert RetryPolicy().overridden(**policy.retry) == RetryPolicy(
        max_retries=1, retryable_status_codes=frozenset({503}), creates=Creates.NEVER
    )


@pytest.mark.parametrize(
    ("declared", "cap", "in_force"),
    [
        ("enforce", Mode.ENFORCE, Mode.ENFORCE),
        ("enforce", Mode.WARN, Mode.WARN),
        ("enforce", Mode.OFF, Mode.OFF),
        ("off", Mode.WARN, Mode.OFF),
        ("warn", Mode.ENFORCE, Mode.WARN),
    ],
)
def test_the_emergency_switch_lowers_modes_and_raises_none(policy_of, declared, cap, in_force):
    policy = policy_of(mode=declared, cap=cap)

    assert policy.mode is in_force


def test_policies_are_tried_in_path_order(compile_files, document_of):
    def file(name):
        return document_of({"name": name, "platform": "jira", "match": {"path": "/x"}}, f"policies/{name}.yaml")

    policies, faults = compile_files(file("b"), file("a"), file("c"))

    assert faults == ()
    assert [policy.file for policy in policies] == ["policies/a.yaml", "policies/b.yaml", "policies/c.yaml"]


def test_all_faults_of_all_files_are_told_at_once_with_file_and_line(compile_files, document_of):
    first = document_of({"name": "a", "platform": "servicenow", "match": {"path": "x"}, "mod": "warn"}, "a.yaml")
    second = document_of({"platform": "jira", "match": {"path": "/x"}, "mode": "strict"}, "b.yaml")

    _, faults = compile_files(second, first)

    assert [str(fault) for fault in faults] == [
        "a.yaml:5: /mod: unknown key 'mod'; did you mean 'mode'?",
        "a.yaml:12: /match/path: 'x' must begin with /, as in /api/now/table/incident",
        "b.yaml:6: /mode: must be one of 'enforce', 'warn', 'off', not 'strict'",
        "b.yaml:6: /name: the key 'name' is missing",
    ]


@pytest.mark.parametrize("owner", [{"platform": "servicenow"}, {"upstream": "snow"}])
def test_a_wrong_key_does_not_hide_what_is_wrong_in_schemas_and_defaults(compile_files, document_of, owner):
    wrong = document_of(
        {
            "name": "a",
            **owner,
            "matches": {"path": "/x"},
            "schema": {"properties": {"a": {"pattern": "("}, "urgency": {"enum": [1]}}},
            "warn_schema": {"properties": {"b": {"type": "txt"}}},
            "defaults": {"c": "{C}"},
        }
    )

    _, faults = compile_files(wrong)

    assert [fault.pointer for fault in sorted(faults, key=lambda fault: fault.pointer)] == [
        "/defaults/c",
        "/match",
        "/matches",
        "/schema/properties/a/pattern",
        "/schema/properties/urgency/enum/0",
        "/warn_schema/properties/b/type",
    ]


def test_one_faulty_file_keeps_all_policies_from_being_put_in_force(compile_files, document_of):
    good = document_of({"name": "good", "platform": "jira", "match": {"path": "/x"}}, "a.yaml")
    bad = document_of({"name": "bad"}, "b.yaml")

    policies, faults = compile_files(good, bad)

    assert policies == ()
    assert {fault.file for fault in faults} == {"b.yaml"}


def test_two_policies_of_one_name_are_a_fault_that_names_the_other_file(compile_files, document_of):
    one = document_of({"name": "same", "platform": "jira", "match": {"path": "/x"}}, "a.yaml")
    two = document_of({"name": "same", "platform": "jira", "match": {"path": "/y"}}, "b.yaml")

    _, faults = compile_files(one, two)

    assert [str(fault) for fault in faults] == [
        "b.yaml:6: /name: the name 'same' is taken by a.yaml; give each policy its own"
    ]


@pytest.mark.parametrize(
    ("changes", "pointer", "message"),
    [
        ({"upstream": "snow"}, "", "both `platform` and `upstream` are given"),
        ({"platform": None}, "", "the policy is for nobody"),
        ({"platform": None, "upstream": "snwo"}, "/upstream", "did you mean 'snow'?"),
        ({"platform": None, "upstream": "zzz"}, "/upstream", "the config has: snow, tracker"),
        ({"platform": "remedy"}, "/platform", "must be one of 'servicenow', 'jira', not 'remedy'"),
        ({"match": {"pathh": "/x"}}, "/match/pathh", "did you mean 'path'?"),
        ({"match": {}}, "/match", "give either `path` or `paths`"),
        ({"match": {"path": "/x", "paths": ["/y"]}}, "/match", "give either `path` or `paths`"),
        ({"match": {"path": "/x", "methods": ["post"]}}, "/match/methods/0", "not 'post'"),
        ({"match": {"path": "/x", "methods": []}}, "/match/methods", "must not be an empty list"),
        ({"match": {"path": "/x//y"}}, "/match/path", "empty segment"),
        ({"match": {"path": "/x/a*"}}, "/match/path", "`*` and `{name}` stand for a whole segment"),
        (
            {"match": {"path": "/x", "fields": {"a": {"exist": True}}}},
            "/match/fields/a",
            'values, or {"exists": true} or',
        ),
        ({"match": {"path": "/x", "fields": {"a": None}}}, "/match/fields/a", "must be a value"),
        ({"match": {"path": "/x", "fields": {"impact": 1}}}, "/match/fields/impact", 'write "1" in quotes'),
        ({"match": {"path": "/x", "fields": {"impact": ["1", 2]}}}, "/match/fields/impact/1", 'write "2" in quotes'),
        ({"defaults": {"active": True}}, "/defaults/active", 'write "true" in quotes'),
        ({"defaults": {"a": "{Name}"}}, "/defaults/a", "character 1: '{Name}' is no placeholder"),
        ({"retry_policy": {"max_retry": 1}}, "/retry_policy/max_retry", "did you mean 'max_retries'?"),
        ({"retry_policy": {"max_retries": -1}}, "/retry_policy/max_retries", "must be at least 0, not -1"),
        ({"sla": {"response": {"1": "15 minutes"}}}, "/sla/response/1", "'15 minutes' is no length of time; write a"),
        ({"sla": {"response": {"1": 15}}}, "/sla/response/1", "must be text, not 15"),
        ({"on_unavailable": "queue"}, "/on_unavailable", "has no credentials to deliver with"),
        ({"idempotency": {"fields": ["a"], "body": True}}, "/idempotency", "both `fields` and `body` are given"),
        ({"idempotency": {"within": "1h"}}, "/idempotency", "`within` needs `fields` or `body`"),
        ({"idempotency": {"body": True, "within": "2d"}}, "/idempotency", "at most 1d"),
        ({"idempotency": {"joinseconds": 60}}, "/idempotency/joinseconds", "did you mean 'join_seconds'?"),
        ({"record": "all"}, "/record", "must be one of 'nothing', 'request', 'both'"),
        ({"name": "with space"}, "/name", "'with space' is no name; write letters, digits"),
        ({"carrier": "a b"}, "/carrier", "'a b' is no field; write default, none, or"),
    ],
)
def test_a_wrong_key_or_value_is_a_fault_that_says_what_would_be_right(faults_of, changes, pointer, message):
    faults = faults_of(**changes)

    assert list(faults) == [pointer]
    assert message in faults[pointer]


def test_a_file_that_is_no_object_is_one_fault(compile_files, document_of):
    _, faults = compile_files(document_of(["name"]))

    assert [fault.message for fault in faults] == ["must be an object, not a list"]


def test_numbers_are_no_fault_where_the_platform_has_numbers(policy_of):
    policy = policy_of(platform="jira", match={"path": "/x", "fields": {"customfield_1": 3}}, defaults={"b": 1})

    assert policy.match.covers_fields({"customfield_1": 3})
