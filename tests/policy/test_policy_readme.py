import re

import pytest
import yaml

from gateway.policy.file import PolicyFile
from gateway.policy.formats import FORMATS
from gateway.policy.keywords import REFUSED

BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)


def completed(fragment):
    owner = {} if {"platform", "upstream"} & fragment.keys() else {"platform": "servicenow"}
    return {"name": "a", "match": {"path": "/x"}} | owner | fragment


@pytest.mark.parametrize(("readme", "examples"), [("README.md", 9), ("../README.md", 1)])
def test_every_example_of_a_readme_is_a_policy_without_fault(
    policies_folder, compile_files, document_of, readme, examples
):
    blocks = BLOCK.findall((policies_folder / readme).read_text("utf-8"))

    assert len(blocks) >= examples
    for block in blocks:
        policies, faults = compile_files(document_of(completed(yaml.safe_load(block))))

        assert faults == ()
        assert len(policies) == 1


def test_the_readme_names_every_key_format_and_refused_keyword(policies_folder):
    text = (policies_folder / "README.md").read_text("utf-8")

    keys = {field.alias or name for name, field in PolicyFile.model_fields.items()}
    names = keys | set(FORMATS) | (set(REFUSED) - {"$dynamicAnchor"})
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_the_readme_lists_every_shipped_policy(policies_folder):
    text = (policies_folder / "README.md").read_text("utf-8")

    files = [path.relative_to(policies_folder).as_posix() for path in policies_folder.rglob("*.yaml")]
    assert [file for file in files if f"| `{file}` |" not in text] == []
