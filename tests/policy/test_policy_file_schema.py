import json

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry

from gateway.policy.file import PolicyFile
from gateway.policy.file_schema import policy_file_schema


def faults_in(data):
    return [
        error.message for error in Draft202012Validator(policy_file_schema(), registry=Registry()).iter_errors(data)
    ]


def test_the_committed_schema_is_the_one_that_the_code_makes(policies_folder):
    committed = json.loads((policies_folder / "policy.schema.json").read_text("utf-8"))

    assert committed == policy_file_schema(), "write what `itsm-gateway schema` prints to policies/policy.schema.json"


def test_the_schema_of_a_policy_file_is_a_schema():
    Draft202012Validator.check_schema(policy_file_schema())


def test_every_key_is_described_for_the_editor():
    properties = policy_file_schema()["properties"]

    assert list(properties) == [field.alias or name for name, field in PolicyFile.model_fields.items()]
    assert [name for name, each in properties.items() if not each.get("description")] == []


def test_shipped_policies_are_fine_in_the_editor_too(policies_folder):
    for path in policies_folder.rglob("*.yaml"):
        assert faults_in(yaml.safe_load(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "change", [{"mod": "warn"}, {"mode": "strict"}, {"match": {"pth": "/x"}}, {"sla": {"response": {"1": 15}}}]
)
def test_the_editor_sees_the_slips_that_the_compiler_sees(change):
    good = {"name": "a", "platform": "jira", "match": {"path": "/x"}}

    assert faults_in(good) == []
    assert len(faults_in(good | change)) == 1


def test_only_keywords_that_older_readers_know_are_used():
    newer = (
        "prefixItems",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedProperties",
        "$dynamicRef",
        "minContains",
    )

    text = json.dumps(policy_file_schema())

    assert [keyword for keyword in newer if f'"{keyword}"' in text] == []
