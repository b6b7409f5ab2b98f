"""Manifests as text: what does not change is not touched, and nothing is read unlike Kubernetes reads it."""

import json

import pytest
import yaml

from gateway.injector.manifests import NoManifest, documents, rewritten

SERVICE = "# a service\napiVersion: v1\nkind: Service   # stays\nmetadata: {name: 'a'}\n"


def marked(document: object) -> object:
    if isinstance(document, dict) and document.get("kind") == "Deployment":
        return {**document, "marked": True}
    return document


def test_a_document_that_nothing_changes_in_stays_byte_for_byte():
    text = f"{SERVICE}---\n# theirs\nkind: Deployment\n---\n{SERVICE}"

    after = rewritten(text, marked)

    assert after.startswith(f"{SERVICE}---\n# theirs\nkind: Deployment\nmarked: true\n---\n")
    assert after.endswith(SERVICE)


def test_three_hyphens_in_a_text_do_not_part_documents():
    text = "kind: Deployment\nscript: |\n  ---\n  begin\n"

    assert len(list(documents(text))) == 1
    assert yaml.safe_load(rewritten(text, marked))["script"] == "---\nbegin\n"


@pytest.mark.parametrize(
    "value", ["2024-01-01", "22:30", "'1'", "'yes'", "1Gi", "0644", "1e3", "null", "[a, b]", "'a: b'", "0x1F", "-7"]
)
def test_a_value_is_the_same_before_and_after(value: str):
    text = f"kind: Deployment\nvalue: {value}\n"
    (before,) = documents(text)

    (after,) = documents(rewritten(text, marked))

    assert isinstance(after, dict)
    assert isinstance(before, dict)
    assert after["value"] == before["value"]
    assert type(after["value"]) is type(before["value"])


@pytest.mark.parametrize("value", ["2024-01-01", "22:30"])
def test_no_text_is_taken_for_a_date_or_a_time(value: str):
    (document,) = documents(f"value: {value}\n")

    assert document == {"value": value}


def test_json_stays_json_and_keeps_its_order():
    text = '{"kind": "Deployment", "b": 1, "a": "ä"}'

    after = rewritten(text, marked)

    assert list(json.loads(after)) == ["kind", "b", "a", "marked"]
    assert "ä" in after


@pytest.mark.parametrize("text", ["a: [", "{", "a: !!python/object:os.system x", "\t- a"])
def test_what_is_no_manifest_is_told_in_one_line(text: str):
    with pytest.raises(NoManifest) as told:
        rewritten(text, marked)

    assert "\n" not in str(told.value)
